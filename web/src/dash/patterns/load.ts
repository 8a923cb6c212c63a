// What the patterns ask the server.

import type { SummaryAnswer, Lens, Story } from "../types";
import { answer, Failure } from "../failure";
import { type PlacementsAnswer, searchPlacements } from "../lenses";
import { study } from "../study.svelte";
import type { Finding, FindingsAnswer, Pin, Recomputed } from "./types";

/** All that stands out for a lens. Errors: `Failure`, also when it is given up. */
export async function findings(lens: Lens, signal: AbortSignal): Promise<FindingsAnswer> {
  const params = { path: study.path, query: { limit: 200 } };
  return answer(study.api.POST("/v1/projects/{projectId}/findings/_search", { params, body: lens, signal }));
}

/** What was computed for a tab and is no finding: too few stories, or could be chance. */
export async function lookedAt(lens: Lens, tab: "differences" | "changes" | "together"): Promise<Looked[]> {
  const params = { path: study.path };
  if (tab === "changes") {
    const { changes } = await answer(study.api.POST("/v1/projects/{projectId}/changes/_search", { params, body: lens }));
    return changes.map((c) => looked(c.evidence, c.sentence, c.n, [c.signifier], { wave: null, perspective: c.perspective }));
  }
  if (tab === "together") return [];
  const { contrasts } = await answer(study.api.POST("/v1/projects/{projectId}/contrasts/_search", { params, body: lens }));
  const { perspectives } = await answer(study.api.POST("/v1/projects/{projectId}/perspectives/_search", { params, body: lens }));
  return [
    ...contrasts.map((c) => looked(c.evidence, c.sentence, c.n, [c.signifier, c.attribute], c.layer)),
    ...perspectives.map((g) => looked(g.evidence, g.sentence, g.n, [g.signifier], { wave: g.wave, perspective: null })),
  ];
}

/** Something that was compared, and how that ended. */
export interface Looked {
  evidence: Finding["evidence"];
  sentence: Finding["sentence"];
  n: number;
  signifiers: string[];
  layer: Finding["layer"];
}

function looked(
  evidence: Looked["evidence"],
  sentence: Looked["sentence"],
  n: number,
  signifiers: string[],
  layer: Looked["layer"],
): Looked {
  return { evidence, sentence, n, signifiers, layer };
}

const summariesOf = new Map<string, Promise<SummaryAnswer>>();

/** The summary of one signifier for a lens; asked once for as long as the page is open and the study is the same. */
export function summary(lens: Lens, signifier: string): Promise<SummaryAnswer> {
  const path = { ...study.path, signifierKey: signifier };
  return once(summariesOf, JSON.stringify([path, study.role, lens]), () =>
    answer(study.api.POST("/v1/projects/{projectId}/signifiers/{signifierKey}/summaries/_search", { params: { path }, body: lens })),
  );
}

/** How many people the stories of the study are about; null where they are too few to be counted. Errors: `Failure`. */
export async function peopleOfStudy(): Promise<number | null> {
  const { participants } = await summary({}, study.framework.signifiers[0]?.key ?? "");
  return participants ?? null;
}

/** Answers of one signifier as dots. */
export interface Dots {
  at: number[][];
  /** The story behind each; null where it may not be opened. */
  ids: (string | null)[];
}

const dotsOf = new Map<string, Promise<Dots | null>>();

/**
 * The dots of a signifier (of a stone: its places) for a lens; null where there are too many to be drawn one by one, or too
 * few people to be shown. Errors: none; a picture without dots is a picture too.
 */
export function dots(lens: Lens, variable: string): Promise<Dots | null> {
  return once(dotsOf, JSON.stringify([study.path, study.role, lens, variable]), () => askDots(lens, variable).catch(() => null));
}

const placementsOf = new Map<string, Promise<PlacementsAnswer>>();

/** The places of one signifier for a lens, of every stone of it: dots, or bins where there are many. Errors: `Failure`. */
export function placements(lens: Lens, signifier: string): Promise<PlacementsAnswer> {
  return once(placementsOf, JSON.stringify([study.path, study.role, lens, signifier]), () =>
    searchPlacements(study.path, lens, { signifiers: [signifier], dots: 1000 }),
  );
}

async function askDots(lens: Lens, variable: string): Promise<Dots | null> {
  const [signifier = "", stone = null] = variable.split("/");
  const { plots } = await placements(lens, signifier);
  const plot = plots.find((p) => p.signifier === signifier && p.stone === stone);
  return plot?.dots ? { at: plot.dots, ids: plot.ids ?? [] } : null;
}

/** Stories that are on their way. */
const stories = new Map<string, Promise<Story | null>>();

/**
 * A story as it may be read now, opened from a signifier; null when it is not for this reader, or not there any more. It is
 * asked anew each time: what was redacted or withdrawn meanwhile is not shown from before.
 */
export function story(storyId: string, signifier: string): Promise<Story | null> {
  const params = { path: { ...study.path, storyId }, query: { signifier } };
  const key = JSON.stringify([params, study.role]);
  const asked = once(stories, key, async () => {
    try {
      return await answer(study.api.GET("/v1/projects/{projectId}/stories/{storyId}", { params }));
    } catch (cause) {
      if (cause instanceof Failure && (cause.status === 404 || cause.status === 410)) return null;
      throw cause;
    }
  });
  const isThere = (): boolean => stories.delete(key);
  asked.then(isThere, isThere);
  return asked;
}

/** The first of these stories that may be read, at most `count`. Errors: `Failure`. */
export async function readable(ids: readonly string[], signifier: string, count: number): Promise<Story[]> {
  const found: Story[] = [];
  for (const id of ids) {
    if (found.length === count) break;
    const one = await story(id, signifier);
    if (one) found.push(one);
  }
  return found;
}

/** Ids of some released stories, at most `count`. They are random, so the first ones are any. */
export async function someStories(count: number): Promise<string[]> {
  const params = { path: study.path, query: { limit: count, ...(study.role === "researcher" ? { released: true } : {}) } };
  const { items } = await answer(study.api.GET("/v1/projects/{projectId}/stories", { params }));
  return items.map((item) => item.id);
}

/** Keeps a finding with a note. Errors: `Failure`. */
export function pin(lens: Lens, findingId: string, note: string): Promise<Pin> {
  const body = { lens, findingId, note };
  return answer(study.api.POST("/v1/projects/{projectId}/pins", { params: { path: study.path }, body }));
}

/** All findings that were kept for whoever asks, newest first. */
export async function pins(): Promise<Pin[]> {
  const all: Pin[] = [];
  let cursor: string | null = null;
  do {
    const query: { limit: number; cursor?: string } = cursor === null ? { limit: 200 } : { limit: 200, cursor };
    const page: { items: Pin[]; next?: string | null } = await answer(
      study.api.GET("/v1/projects/{projectId}/pins", { params: { path: study.path, query } }),
    );
    all.push(...page.items);
    cursor = page.next ?? null;
  } while (cursor !== null);
  return all.sort((a, b) => b.createdAt.localeCompare(a.createdAt));
}

/** Takes a kept finding away. */
export async function unpin(pinId: string): Promise<void> {
  await answer(study.api.DELETE("/v1/projects/{projectId}/pins/{pinId}", { params: { path: { ...study.path, pinId } } }));
}

/** Asks the question of a kept finding again. */
export function recompute(pinId: string): Promise<Recomputed> {
  const params = { path: { ...study.path, pinId } };
  return answer(study.api.POST("/v1/projects/{projectId}/pins/{pinId}/_recompute", { params }));
}

const MOST_KEPT = 400;

/** What was asked before is not asked again; what failed is. The oldest go when there are many. */
function once<T>(kept: Map<string, Promise<T>>, key: string, ask: () => Promise<T>): Promise<T> {
  const known = kept.get(key);
  if (known) return known;
  const asked = ask();
  kept.set(key, asked);
  asked.catch(() => kept.delete(key));
  const oldest = kept.keys().next();
  if (kept.size > MOST_KEPT && !oldest.done) kept.delete(oldest.value);
  return asked;
}
