// The stories inside a selected part of a figure, from dots that are there already. A workgroup gets no dots for a lens with a part
// of a figure in it; those of the lens without it say the same.

import { isWithin } from "../../plots/plane";
import { type Point, pointOf } from "../../signifiers/triangle";
import type { Region } from "../types";
import type { Selection } from "./view";

/** The stories of a selection whose dots lie in the region; each once. None where the dots are not there. */
export function storiesWithin({ placements }: Pick<Selection, "placements">, region: Region): string[] {
  const plot = placements.plots.find((one) => one.signifier === region.signifier && (one.stone ?? null) === (region.stone ?? null));
  const inside = (plot?.ids ?? []).filter((id, i) => id !== null && covers(region, plot?.dots?.[i] ?? []));
  return [...new Set(inside.filter((id) => id !== null))];
}

function covers({ interval, polygon }: Region, at: readonly number[]): boolean {
  const [position = Number.NaN] = at;
  const [from = 0, to = 1] = interval ?? [];
  if (interval) return position >= from && position <= to;
  return isWithin(flat(at), (polygon ?? []).map(flat));
}

/** A place as a point of the plane: shares of a triad lie in its triangle. */
function flat(at: readonly number[]): Point {
  const [x = Number.NaN, y = Number.NaN, third] = at;
  return third === undefined ? { x, y } : pointOf([x, y, third]);
}
