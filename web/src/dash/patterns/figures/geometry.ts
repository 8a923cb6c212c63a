// Where things lie in the small figures of cards and papers.

import type { MarkShape } from "../../../plots/picture";
import { pointOf, TRIANGLE_HEIGHT, type Point } from "../../../signifiers/triangle";

/** Width of a triad, in units of its drawing. */
export const SIDE = 150;
/** Where the left corner of a triad lies. */
export const CORNER: Point = { x: 45, y: 34 + SIDE * TRIANGLE_HEIGHT };

/** Where shares of the top, left and right anchor are drawn. */
export function placed(shares: readonly number[]): Point {
  const [top = 0, left = 0, right = 0] = shares;
  const point = pointOf([top, left, right]);
  return { x: CORNER.x + SIDE * point.x, y: CORNER.y - SIDE * TRIANGLE_HEIGHT * point.y };
}

/** The corners of a polygon for `points`. */
export function polygon(corners: readonly (readonly number[])[]): string {
  return corners.map((shares) => placed(shares)).map(({ x, y }) => `${round(x)},${round(y)}`).join(" ");
}

/** The outline of a mark around a place; marks of all shapes look equally large. */
export function mark(shape: MarkShape, { x, y }: Point, r: number): string {
  const at = (dx: number, dy: number) => `${round(x + dx)} ${round(y + dy)}`;
  if (shape === "diamond") return `M${at(0, -1.3 * r)}L${at(1.3 * r, 0)}L${at(0, 1.3 * r)}L${at(-1.3 * r, 0)}Z`;
  if (shape === "triangle") return `M${at(0, -1.3 * r)}L${at(1.2 * r, 0.9 * r)}L${at(-1.2 * r, 0.9 * r)}Z`;
  if (shape === "square") return `M${at(-r, -r)}L${at(r, -r)}L${at(r, r)}L${at(-r, r)}Z`;
  return `M${at(-r, 0)}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0Z`;
}

/** A label in at most three lines of about so many characters. */
export function lines(label: string, width: number): string[] {
  const found: string[] = [];
  for (const word of label.split(/\s+/)) {
    const last = found.at(-1);
    if (last !== undefined && `${last} ${word}`.length <= width) found[found.length - 1] = `${last} ${word}`;
    else found.push(word);
  }
  if (found.length <= 3) return found;
  return [...found.slice(0, 2), `${found[2] ?? ""} …`];
}

/** Rounds to what can be seen. */
export function round(value: number): number {
  return Math.round(value * 10) / 10;
}
