// Geometry of the small figures of Overview, in a box of 100 wide.

import type { ZoneName } from "../../plots/types";
import { zonePolygons } from "../../plots/zones";
import { pointOf, type Shares, TRIANGLE_HEIGHT } from "../../signifiers/triangle";

/** Height of a triangle with a base of 100. */
export const HEIGHT = 100 * TRIANGLE_HEIGHT;

/** Where shares are drawn: x from the left and y from the top. */
export function drawn(shares: Shares): { x: number; y: number } {
  const point = pointOf(shares);
  return { x: 100 * point.x, y: HEIGHT * (1 - point.y) };
}

/** The outline of a zone, for `points`. */
export function outline(zone: ZoneName): string {
  return zonePolygons[zone].map((corner) => drawn(corner)).map(({ x, y }) => `${x.toFixed(1)},${y.toFixed(1)}`).join(" ");
}

/** How dark a zone is: its share of the dots; half of all dots is as dark as it gets. */
export function darkness(share: number): number {
  return Math.min(0.95, 1.9 * share);
}
