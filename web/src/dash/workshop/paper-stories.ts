// Which stories go into the pack of an exhibit.

import type { Consent } from "../../framework/types";
import { type PlacementsAnswer, searchPlacements } from "../lenses";
import { recompute, story } from "../patterns/load";
import { lensOfLayer } from "../patterns/lens";
import type { Finding } from "../patterns/types";
import { study } from "../study.svelte";
import type { Lens, Role, Story } from "../types";
import type { Exhibit } from "./api";

/** At most so many stories of each side. */
export const MOST = 4;

/** The stories of an exhibit. What was kept names no stories, so its question is asked again. */
export interface PackStories {
  /** Signifier that they were opened from. */
  signifier: string;
  typical: Story[];
  against: Story[];
  /** Whether they are any of the stories that the exhibit is about, rather than those that show it best. */
  isAny: boolean;
}

/** What tells whether a story may be printed. */
type Printed = Pick<Story, "details"> & { body?: { permissions?: Record<string, boolean> | null } | null };

/**
 * Whether a story may be printed for a table: only as it was released, and where the teller lets the workgroup read it. A
 * researcher reads the newest version, and also what waits for its release; others never get anything else.
 */
export function isPrintable({ details, body }: Printed, role: Role, consents: readonly Consent[]): boolean {
  if (role !== "researcher") return true;
  const isReleased = details.status === "active" && details.releasedVersion != null && details.releasedVersion === details.version;
  return isReleased && consents.some(({ scope, key }) => scope === "workgroup" && body?.permissions?.[key] === true);
}

/** The first of these stories that may be printed, at most `MOST`. Errors: `Failure`. */
async function printable(ids: readonly string[], signifier: string): Promise<Story[]> {
  const found: Story[] = [];
  for (const id of ids) {
    if (found.length === MOST) break;
    const one = await story(id, signifier);
    if (one && isPrintable(one, study.role, study.framework.consents ?? [])) found.push(one);
  }
  return found;
}

/** Finds the stories of an exhibit that may be printed. Errors: `Failure`. */
export async function storiesOf(exhibit: Exhibit): Promise<PackStories> {
  const { finding } = exhibit;
  if (finding === null) return anyOf(exhibit.lens ?? {}, exhibit.signifier ?? "");
  const { now } = exhibit.pinId === null ? { now: null } : await recompute(exhibit.pinId);
  const [typical = [], against = []] = now ? [now.typical, now.contradicting] : [];
  const variable = finding.signifiers[0] ?? "";
  const signifier = variable.split("/")[0] ?? "";
  const told = await Promise.all([printable(typical, signifier), printable(against, signifier)]);
  if (told[0].length + told[1].length > 0) return { signifier, typical: told[0], against: told[1], isAny: false };
  return anyOf(lensOfStories(exhibit.lens ?? {}, finding), variable);
}

/** The stories of the last wave of a change, or of the first perspective of a gap: never two about one person side by side. */
export function lensOfStories(lens: Lens, finding: Pick<Finding, "kind" | "layer" | "compared">): Lens {
  const layer = lensOfLayer(lens, finding.layer);
  const [first, last] = [finding.compared[0], finding.compared.at(-1)];
  if (finding.kind === "change" && last) return { ...layer, waves: [last] };
  if (finding.kind === "perspective-gap" && first) return { ...layer, perspectives: [first] };
  return layer;
}

async function anyOf(lens: Lens, variable: string): Promise<PackStories> {
  const signifier = variable.split("/")[0] ?? "";
  const ids = idsIn(await storiesIn(lens, signifier));
  return { signifier, typical: await printable(spread(ids, 3 * MOST), signifier), against: [], isAny: true };
}

/** Where the stories of a lens lie: on the question itself, or on any other where it is answered without a place. */
async function storiesIn(lens: Lens, signifier: string): Promise<Pick<PlacementsAnswer, "plots">> {
  // Asked anew: stories that were withdrawn since the screen was opened are not named any more.
  const own = await searchPlacements(study.path, lens, { signifiers: [signifier], dots: 1000 });
  return idsIn(own).length > 0 ? own : searchPlacements(study.path, lens, { dots: 1000 });
}

/** The stories behind dots that may be opened, each once: of a canvas every stone has a dot for the same story. */
export function idsIn({ plots }: { plots: readonly Pick<PlacementsAnswer["plots"][number], "ids">[] }): string[] {
  return [...new Set(plots.flatMap((plot) => plot.ids ?? []).filter((id) => id !== null))];
}

/** Some of a list, taken from all over it. */
export function spread<T>(all: readonly T[], count: number): T[] {
  if (all.length <= count) return [...all];
  return Array.from({ length: count }, (_, at) => all[Math.floor((at * all.length) / count)]).filter((one) => one !== undefined);
}
