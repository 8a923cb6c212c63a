// Geometry of a triad: shares of the top, left and right anchor <-> the unit-height triangle (y = top,
// x = right + top/2) <-> the drawn, equilateral triangle.

/** Shares of the top, left and right anchor, 0 to 1, together 1. */
export type Shares = readonly [top: number, left: number, right: number];

/** A point in a box: x from the left and y from the bottom, 0 to 1 inside the box. */
export interface Point {
  x: number;
  y: number;
}

/** Height of an equilateral triangle whose base is 1: what the unit-height triangle is drawn with. */
export const TRIANGLE_HEIGHT = Math.sqrt(3) / 2;

/** Where the ball goes with the first arrow key. */
export const CENTRE: Point = { x: 0.5, y: 1 / 3 };

const UNITS = 10_000;

/** A number in 0 to 1, in 4 decimals; what is outside goes to the nearest end. */
export function round4(value: number): number {
  return Math.round(Math.min(1, Math.max(0, value)) * UNITS) / UNITS;
}

/** What is shown at the left in the document is shown at the right when a figure is mirrored, and back again. */
export function mirror(point: Point, mirrored: boolean): Point {
  return mirrored ? { x: 1 - point.x, y: point.y } : point;
}

/** Where shares lie in the unit-height triangle. */
export function pointOf([top, , right]: Shares): Point {
  return { x: right + top / 2, y: top };
}

/**
 * The shares of a point of the unit-height triangle, in 4 decimals that sum to exactly 1 (counted in ten-thousandths). A
 * point outside goes to the point of the triangle that is nearest to the eye, that is as it is drawn.
 */
export function sharesOf(point: Point): Shares {
  const inside = nearest(point);
  return closed([inside.y, 1 - inside.x - inside.y / 2, inside.x - inside.y / 2]);
}

/** Shares brought to 4 decimals and, counted in ten-thousandths, to a sum of 1; the largest remainders are rounded up. */
export function closed(shares: Shares): Shares {
  const floored = shares.map((s) => Math.max(0, s));
  const sum = floored.reduce((a, b) => a + b, 0);
  const [a, b, c] = apportion(floored.map((s) => (sum === 0 ? 1 / 3 : s / sum)), UNITS);
  return [(a ?? 0) / UNITS, (b ?? 0) / UNITS, (c ?? 0) / UNITS];
}

/** Shares (together 1) as whole numbers that sum to `total`. */
export function apportion(shares: readonly number[], total: number): number[] {
  // A hair is added, so that 0.29 * 100 = 28.999999999999996 counts as 29.
  const exact = shares.map((s) => s * total + 1e-7);
  const whole = exact.map(Math.floor);
  const order = exact.map((e, i) => ({ i, rest: e - Math.floor(e) })).sort((p, q) => q.rest - p.rest || p.i - q.i);
  let left = total - whole.reduce((a, b) => a + b, 0);
  for (const { i } of order) {
    if (left <= 0) {
      break;
    }
    whole[i] = (whole[i] ?? 0) + 1;
    left -= 1;
  }
  return whole;
}

function nearest(point: Point): Point {
  const drawn = { x: point.x, y: point.y * TRIANGLE_HEIGHT };
  const top = { x: 0.5, y: TRIANGLE_HEIGHT };
  const left = { x: 0, y: 0 };
  const right = { x: 1, y: 0 };
  if (isInside(point)) {
    return point;
  }
  const candidates = [onSegment(drawn, left, right), onSegment(drawn, right, top), onSegment(drawn, top, left)];
  const best = candidates.reduce((a, b) => (distance(drawn, b) < distance(drawn, a) ? b : a));
  return { x: best.x, y: best.y / TRIANGLE_HEIGHT };
}

function isInside({ x, y }: Point): boolean {
  return y >= 0 && x - y / 2 >= 0 && 1 - x - y / 2 >= 0;
}

function onSegment(p: Point, a: Point, b: Point): Point {
  const along = { x: b.x - a.x, y: b.y - a.y };
  const t = ((p.x - a.x) * along.x + (p.y - a.y) * along.y) / (along.x ** 2 + along.y ** 2);
  const kept = Math.min(1, Math.max(0, t));
  return { x: a.x + kept * along.x, y: a.y + kept * along.y };
}

function distance(a: Point, b: Point): number {
  return Math.hypot(a.x - b.x, a.y - b.y);
}

/** Shares with one of them (`index`) set to `value`; the other two keep their proportion. From unset they are alike. */
export function withShare(before: Shares | null, index: number, value: number): Shares {
  const own = Math.min(1, Math.max(0, value));
  const rest = before === null ? 0 : 1 - (before[index] ?? 0);
  const of = (i: number): number => {
    if (i === index) {
      return own;
    }
    const part = before === null || rest < 1e-9 ? 0.5 : (before[i] ?? 0) / rest;
    return (1 - own) * part;
  };
  return closed([of(0), of(1), of(2)]);
}
