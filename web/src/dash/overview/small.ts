// Geometry of the small figures of Overview, in a box of 100 wide.

import { pointOf, type Shares, TRIANGLE_HEIGHT } from "../../signifiers/triangle";

type Zone = "top" | "left" | "right" | "top-left" | "top-right" | "left-right" | "centre";

/** Height of a triangle with a base of 100. */
export const HEIGHT = 100 * TRIANGLE_HEIGHT;

/** Corners of the zones of a triad, as shares of the top, left and right anchor. */
const ZONES: Record<Zone, Shares[]> = {
  top: [[1, 0, 0], [0.6, 0.4, 0], [0.6, 0, 0.4]],
  left: [[0, 1, 0], [0.4, 0.6, 0], [0, 0.6, 0.4]],
  right: [[0, 0, 1], [0.4, 0, 0.6], [0, 0.4, 0.6]],
  "top-left": [[0.6, 0.4, 0], [0.4, 0.6, 0], [0.2, 0.6, 0.2], [0.6, 0.2, 0.2]],
  "top-right": [[0.6, 0, 0.4], [0.4, 0, 0.6], [0.2, 0.2, 0.6], [0.6, 0.2, 0.2]],
  "left-right": [[0, 0.6, 0.4], [0, 0.4, 0.6], [0.2, 0.2, 0.6], [0.2, 0.6, 0.2]],
  centre: [[0.6, 0.2, 0.2], [0.2, 0.6, 0.2], [0.2, 0.2, 0.6]],
};

/** Where shares are drawn: x from the left and y from the top. */
export function drawn(shares: Shares): { x: number; y: number } {
  const point = pointOf(shares);
  return { x: 100 * point.x, y: HEIGHT * (1 - point.y) };
}

/** The outline of a zone, for `points`. */
export function outline(zone: Zone): string {
  return ZONES[zone].map((corner) => drawn(corner)).map(({ x, y }) => `${x.toFixed(1)},${y.toFixed(1)}`).join(" ");
}

/** How dark a zone is: its share of the dots; half of all dots is as dark as it gets. */
export function darkness(share: number): number {
  return Math.min(0.95, 1.9 * share);
}
