// The slower parts of one figure: remarkable places, and what changed for the same people.

import type { components } from "../../api/schema";
import type { Group, Link, Signifier } from "../../plots/types";
import { answer } from "../failure";
import { study } from "../study.svelte";
import type { Lens } from "../types";
import type { Selection } from "./view";

type Schemas = components["schemas"];
type LayerSummary = Schemas["LayerSummary"];
export type Change = Schemas["Change"];

/** Summaries with remarkable places, wave by wave and perspective by perspective. Errors: `Failure`, `AbortError`. */
export async function findSpots(signifier: string, lens: Lens, signal: AbortSignal): Promise<LayerSummary[]> {
  const params = { path: study.path, query: { signifier } };
  const found = await answer(study.api.POST("/v1/projects/{projectId}/densities/_search", { params, body: lens, signal }));
  return found.summaries;
}

/** What changed between waves for the same people. Errors: `Failure`, `AbortError`. */
export async function findChanges(signifier: string, lens: Lens, signal: AbortSignal): Promise<Change[]> {
  const params = { path: study.path, query: { signifier } };
  const found = await answer(study.api.POST("/v1/projects/{projectId}/changes/_search", { params, body: lens, signal }));
  return found.changes;
}

/**
 * The group with its remarkable places, where it lies in one wave seen through one perspective: places of several layers
 * would lie over each other without saying whose they are.
 */
export function withSpots(group: Group, selection: Selection, spots: readonly LayerSummary[]): Group {
  const { waves = [], perspectives = [] } = selection.summary.lens;
  const fits = (chosen: readonly string[], key: string | null | undefined): boolean => chosen.length === 0 || (key != null && chosen.includes(key));
  const own = spots.filter(({ layer }) => fits(waves, layer.wave) && fits(perspectives, layer.perspective));
  const [only] = own;
  if (own.length !== 1 || only === undefined || group.summary === undefined) return group;
  const { triad, dyad, stones } = only;
  const summary = { ...group.summary, ...(triad ? { triad } : {}), ...(dyad ? { dyad } : {}), ...(stones ? { stones } : {}) };
  return { ...group, summary };
}

/** Whether some group of the screen lies in one layer, so that its places can be drawn. */
export function canDrawSpots(selections: readonly Selection[]): boolean {
  return selections.some(({ summary }) => summary.lens.waves?.length === 1 && summary.lens.perspectives?.length === 1);
}

/** Two waves that were compared, as `1 → 3`. */
export function pairOf({ from, to }: Pick<Change, "from" | "to">): string {
  return `${from} → ${to}`;
}

/** The waves that were compared, the two that lie furthest apart first. `waves`: keys in their order. */
export function pairsOf(changes: readonly Change[], waves: readonly string[]): Pick<Change, "from" | "to">[] {
  const pairs = [...new Map(changes.map(({ from, to }) => [pairOf({ from, to }), { from, to }])).values()];
  const span = ({ from, to }: Pick<Change, "from" | "to">): number => waves.indexOf(to) - waves.indexOf(from);
  return pairs.sort((a, b) => span(b) - span(a));
}

const sureness: readonly Change["evidence"][] = ["clear", "worth-exploring", "could-be-chance", "too-few"];

/** What changed for one perspective between two waves: each subject once, though several tests were done, as the surest of them says. */
export function changesBetween(changes: readonly Change[], perspective: string, pair: string): Change[] {
  const surest = new Map<string, Change>();
  for (const one of changes) {
    if (one.perspective !== perspective || pairOf(one) !== pair) continue;
    const subject = `${one.signifier} ${one.of ?? "answer"}`;
    const known = surest.get(subject);
    if (known === undefined || sureness.indexOf(one.evidence) < sureness.indexOf(known.evidence)) surest.set(subject, one);
  }
  return [...surest.values()];
}

/** Arrows from the earlier wave to the later; a stone each. */
export function arrowsOf(changes: readonly Change[], signifier: Signifier): Link[] {
  const own = changes.filter((one) => (one.of ?? "answer") === "answer");
  return own.flatMap((change) => {
    const { medianFrom, medianTo, meanFrom, meanTo } = change.samePeople;
    const isDyad = signifier.kind === "dyad";
    const from = isDyad ? (medianFrom == null ? null : [medianFrom]) : meanFrom;
    const to = isDyad ? (medianTo == null ? null : [medianTo]) : meanTo;
    if (!from || !to) return [];
    const [, stone] = change.signifier.split("/");
    const link: Link = { from, to, kind: "arrow", label: pairOf(change) };
    return [stone === undefined ? link : { ...link, stone }];
  });
}

/** Lines between the centres of two perspectives. */
export function dumbbellsOf(groups: readonly Group[], signifier: Signifier): Link[] {
  const [a, b] = groups;
  if (groups.length !== 2 || a === undefined || b === undefined) return [];
  const centre = ({ summary }: Group): number[] | null => {
    if (signifier.kind === "dyad") return summary?.dyad?.median == null ? null : [summary.dyad.median];
    return summary?.triad?.arithmeticCentre ?? null;
  };
  const [from, to] = [centre(a), centre(b)];
  return from && to ? [{ from, to, kind: "dumbbell", label: `${a.label} – ${b.label}` }] : [];
}
