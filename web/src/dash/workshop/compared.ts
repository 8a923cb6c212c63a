// The groups that the figure of an exhibit is split into: as Explore split it when somebody brought it to the table.

import type { Group, Layer, Signifier } from "../../plots/types";
import { comparisons, full, partsOf } from "../explore/lens";
import { groupOf } from "../explore/view";
import { lensOfLayer, MOST_GROUPS } from "../patterns/lens";
import { placements, summary } from "../patterns/load";
import type { Names } from "../patterns/lookup";
import type { Lens } from "../types";
import type { Exhibit } from "./api";

/** One group of a figure. */
export interface Shown {
  key: string;
  /** Empty where the figure is not split. */
  label: string;
  lens: Lens;
}

/** What a figure is drawn of. */
export interface Split {
  groups: Shown[];
  /** How many groups there are: more than are drawn when there are too many to tell apart. */
  all: number;
}

/** The groups of an exhibit; one without a name where nothing is compared, or what it was compared by is gone. */
export function splitOf(names: Names, exhibit: Pick<Exhibit, "finding" | "lens" | "compareBy">): Split {
  const lens = exhibit.lens ?? {};
  if (exhibit.finding) return whole(lensOfLayer(lens, exhibit.finding.layer));
  const parts = partsOf(full(lens), exhibit.compareBy, names.framework, names.waves, (texts) => names.text(texts));
  if (parts.length === 0) return whole(lens);
  // The rest of the lens stays as it was kept: whether somebody looked before choosing, too.
  const groups = parts.slice(0, MOST_GROUPS).map((part) => ({ ...part, lens: { ...lens, ...part.lens } }));
  return { groups, all: parts.length };
}

function whole(lens: Lens): Split {
  return { groups: [{ key: "all", label: "", lens }], all: 1 };
}

/** What an exhibit is compared by, in words; null where it is not. */
export function comparedBy(names: Names, compareBy: string | null, words: { wave: string; perspective: string }): string | null {
  const all = comparisons(names.framework, names.waves, words, (texts) => names.text(texts));
  return all.find(({ key }) => key === compareBy)?.label ?? null;
}

/** A group with its numbers and dots, as plots draw it. What is too small the server withholds. Errors: `Failure`. */
export async function loaded({ key, label, lens }: Shown, signifier: string): Promise<Group> {
  const [found, placed] = await Promise.all([summary(lens, signifier), placements(lens, signifier)]);
  return groupOf({ key, label, summary: found, placements: placed }, signifier);
}

/** Dots, or how many lie in each part where they may not be drawn one by one. */
export function layersOf(groups: readonly Group[]): ReadonlySet<Layer> {
  const places = groups.flatMap((group) => [group, ...(group.stones ?? [])]);
  const isPlaced = places.some((one) => (one.dots?.at.length ?? 0) > 0 || (one.bins?.length ?? 0) > 0);
  return new Set<Layer>(isPlaced ? ["dots", "density"] : ["zones", "centre"]);
}

/** How the groups of a figure stand on it. */
export interface Arranged {
  drawn: Group[];
  /** Groups that are only named: nobody answered, or too few people to be shown. */
  named: Group[];
  /** Each has a picture of its own, with its name and numbers above it. */
  isApart: boolean;
}

/** Which groups get a picture: an empty frame would only look like an answer. One alone is drawn, for its figure says why not. */
export function arranged(kind: Signifier["kind"], all: readonly Group[]): Arranged {
  const isFrame = kind === "triad" || kind === "dyad" || kind === "stones";
  const answered = all.filter(({ summary: one }) => one === undefined || (!one.suppressed && (one.n ?? 0) > 0));
  if (answered.length === 0 && all.length > 1) return { drawn: [], named: [...all], isApart: false };
  const drawn = isFrame && answered.length > 0 ? answered : [...all];
  return { drawn, named: all.filter((one) => !drawn.includes(one)), isApart: isFrame && drawn.length > (kind === "stones" ? 1 : 2) };
}
