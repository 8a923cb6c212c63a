// Geometry of the printed triad: lines of equal share for each corner, and where their numbers stand. In millimetres, from
// the top left of the drawing.

import { mirror, pointOf, TRIANGLE_HEIGHT, type Point, type Shares } from "../../signifiers/triangle";
import { TENTHS } from "./tenths";

/** Length of a side of the triangle. */
export const SIDE = 84;
/** Room around it for the numbers. */
export const MARGIN = 8;
/** Size of the drawing. */
export const WIDTH = SIDE + 2 * MARGIN;
export const HEIGHT = SIDE * TRIANGLE_HEIGHT + 2 * MARGIN;

const TICK = 1.6;
const NUMBER = 4;

/** A line of equal share of one corner, with its number outside the triangle where the line ends. */
export interface GridLine {
  /** Which corner: 0 top, 1 left, 2 right. */
  corner: number;
  /** Share of the corner in tenths, 0 to 10. */
  tenths: number;
  from: Point;
  /** Where the tick outside the triangle ends. */
  to: Point;
  number: Point;
}

/** Where shares lie in the drawing; `mirrored` for languages that are read from the right. */
export function place(shares: Shares, mirrored: boolean): Point {
  const { x, y } = mirror(pointOf(shares), mirrored);
  return { x: MARGIN + x * SIDE, y: MARGIN + (1 - y) * SIDE * TRIANGLE_HEIGHT };
}

/** The eleven lines of each corner, 0 on the opposite side to 10 in the corner itself. */
export function gridLines(mirrored: boolean): GridLine[] {
  return [0, 1, 2].flatMap((corner) => Array.from({ length: TENTHS + 1 }, (_, tenths) => gridLine(corner, tenths, mirrored)));
}

/** The corners of the triangle as an SVG list of points. */
export function outline(mirrored: boolean): string {
  const corners: Shares[] = [[1, 0, 0], [0, 1, 0], [0, 0, 1]];
  return corners.map((corner) => place(corner, mirrored)).map(({ x, y }) => `${x},${y}`).join(" ");
}

/** Each corner has its numbers along a side of its own, where its lines come out; so no two numbers meet. */
function gridLine(corner: number, tenths: number, mirrored: boolean): GridLine {
  const share = tenths / TENTHS;
  const [zero, rest] = [(corner + 1) % 3, (corner + 2) % 3];
  const at = (restShare: number): Point => place(sharesWith(corner, share, rest, restShare), mirrored);
  const from = at(0);
  const end = at(1 - share);
  // Along every line of a corner, also the one of no length in the corner itself.
  const [a, b] = [place(sharesWith(zero, 1, rest, 0), mirrored), place(sharesWith(zero, 0, rest, 1), mirrored)];
  const along = { x: (b.x - a.x) / SIDE, y: (b.y - a.y) / SIDE };
  const beyond = (mm: number): Point => ({ x: end.x + mm * along.x, y: end.y + mm * along.y });
  return { corner, tenths, from, to: beyond(TICK), number: beyond(NUMBER) };
}

/** Shares with two of them given; the third is what is left of 1. */
function sharesWith(i: number, share: number, j: number, other: number): Shares {
  const of = (k: number): number => (k === i ? share : k === j ? other : 1 - share - other);
  return [of(0), of(1), of(2)];
}
