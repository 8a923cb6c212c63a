// Hexagons with how many dots lie in each, for when there are too many dots to see one.

import { hexbin } from "d3-hexbin";
import { closedPath, type Point } from "./picture";
import type { Plane } from "./plane";
import type { Bin } from "./types";

/** One hexagon of the picture. */
export interface Hex {
  centre: Point;
  count: number;
}

/** Hexagons of one size. */
export interface Hexes {
  /** From the middle to a corner. */
  radius: number;
  cells: Hex[];
}

/** From the middle to a corner, where nothing else says so. */
export const HEX_RADIUS = 8;

/** Puts points of a picture into hexagons: every point into exactly one. */
export function hexesOf(points: readonly Point[], radius = HEX_RADIUS): Hexes {
  const bins = hexbin<Point>().x((p) => p.x).y((p) => p.y).radius(radius)([...points]);
  return { radius, cells: bins.map((bin) => ({ centre: { x: bin.x, y: bin.y }, count: bin.length })) };
}

/** The hexagons that the server counted. */
export function hexesOfBins(bins: readonly Bin[], plane: Plane): Hexes {
  const cells = bins.map((bin) => ({ centre: plane.place(bin.at), count: bin.count }));
  return { radius: radiusOf(cells.map((cell) => cell.centre)), cells };
}

/** Path data of one hexagon with a corner at the top, as large as `share` of the whole. */
export function hexPath({ x, y }: Point, radius: number): string {
  const corner = (i: number): Point => ({
    x: x + radius * Math.sin((i * Math.PI) / 3),
    y: y - radius * Math.cos((i * Math.PI) / 3),
  });
  return closedPath([0, 1, 2, 3, 4, 5].map(corner));
}

/** How strong a count is coloured, 0 to 1: by its root, as most hexagons hold few. */
export function strength(count: number, most: number): number {
  return most <= 0 ? 0 : 0.12 + 0.83 * Math.sqrt(count / most);
}

/** Neighbours touch: the radius follows from the smallest distance between two middles. */
function radiusOf(centres: readonly Point[]): number {
  let least = Number.POSITIVE_INFINITY;
  // Among the first some dozens there are neighbours.
  for (const a of centres.slice(0, 60)) {
    for (const b of centres) {
      const distance = Math.hypot(a.x - b.x, a.y - b.y);
      if (distance > 1e-6 && distance < least) least = distance;
    }
  }
  return Number.isFinite(least) ? Math.min(least / Math.sqrt(3), 3 * HEX_RADIUS) : HEX_RADIUS;
}
