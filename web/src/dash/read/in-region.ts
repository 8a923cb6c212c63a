// The stories that lie in a kept part of a figure.

import { storiesWithin } from "../explore/within";
import { searchPlacements } from "../lenses";
import { study } from "../study.svelte";
import type { Region } from "../types";

/** Figures with more answers than this come without the stories behind them. */
const MOST_DOTS = 10_000;

/** What is known of the stories in a part. */
export interface InRegion {
  /** Those that the reader may open; each once. */
  ids: string[];
  /** The figure that they are opened from. */
  signifier: string;
  /** How many more lie there; null where the server does not say how many there are. */
  others: number | null;
}

/** The stories in a part of a figure that the reader may open. Errors: `Failure`. */
export async function storiesInRegion({ signifier, stone, polygon, interval }: Region): Promise<InRegion> {
  const region = { signifier, stone, polygon, interval };
  const asked = { signifiers: [signifier], dots: MOST_DOTS };
  const found = await searchPlacements(study.path, { regions: [region] }, asked);
  const told = found.plots.flatMap((plot) => plot.ids ?? []).filter((id) => id !== null);
  // A workgroup may get no dots for a part, while it sees which of all dots lie in it.
  const ids = told.length > 0 ? [...new Set(told)] : storiesWithin({ placements: await searchPlacements(study.path, {}, asked) }, region);
  return { ids, signifier, others: found.stories === null ? null : Math.max(0, found.stories - ids.length) };
}
