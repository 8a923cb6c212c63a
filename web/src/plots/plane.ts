// The planes that dots lie in: from shares or coordinates to a picture, and back.

import { type Point, pointOf, round4, sharesOf, TRIANGLE_HEIGHT } from "../signifiers/triangle";
import { closedPath } from "./picture";

/** A figure with room for dots. */
export interface Plane {
  /** Corners of a place: three shares, or x and y. */
  kind: "triad" | "stones";
  width: number;
  height: number;
  /** Path of the edge of the figure. */
  outline: string;
  /** How long 1 is: the side of the triangle, the width of the canvas. */
  unit: number;
  /** Where an answer lies in the picture. */
  place(at: readonly number[]): Point;
  /** The answer at a point of the picture; a point outside goes to the nearest in the figure. */
  back(point: Point): number[];
  /** Whether a point of the picture lies in the figure. */
  isInside(point: Point): boolean;
}

/** Room around a figure, for dots on its edge. */
export const EDGE = 6;
const SIDE = 200;

/** The triangle of a triad. */
export function triadPlane(): Plane {
  const high = SIDE * TRIANGLE_HEIGHT;
  const drawn = ({ x, y }: Point): Point => ({ x: EDGE + SIDE * x, y: EDGE + high * (1 - y) });
  const unit = ({ x, y }: Point): Point => ({ x: (x - EDGE) / SIDE, y: 1 - (y - EDGE) / high });
  return {
    kind: "triad",
    width: SIDE + 2 * EDGE,
    height: high + 2 * EDGE,
    outline: closedPath([drawn({ x: 0.5, y: 1 }), drawn({ x: 0, y: 0 }), drawn({ x: 1, y: 0 })]),
    unit: SIDE,
    place: ([top = 0, left = 0, right = 0]) => drawn(pointOf([top, left, right])),
    back: (point) => [...sharesOf(unit(point))],
    isInside: (point) => {
      const { x, y } = unit(point);
      return y >= 0 && x - y / 2 >= 0 && 1 - x - y / 2 >= 0;
    },
  };
}

/** The canvas of stones; `aspect` is its width divided by its height. */
export function stonesPlane(aspect: number): Plane {
  const high = SIDE / aspect;
  const [right, bottom] = [EDGE + SIDE, EDGE + high];
  return {
    kind: "stones",
    width: SIDE + 2 * EDGE,
    height: high + 2 * EDGE,
    outline: closedPath([{ x: EDGE, y: EDGE }, { x: right, y: EDGE }, { x: right, y: bottom }, { x: EDGE, y: bottom }]),
    unit: SIDE,
    place: ([x = 0, y = 0]) => ({ x: EDGE + SIDE * x, y: EDGE + high * (1 - y) }),
    back: ({ x, y }) => [round4((x - EDGE) / SIDE), round4(1 - (y - EDGE) / high)],
    isInside: ({ x, y }) => x >= EDGE && x <= right && y >= EDGE && y <= bottom,
  };
}

/** Whether a point lies in a closed line, or on it. */
export function isWithin(point: Point, corners: readonly Point[]): boolean {
  let inside = false;
  corners.forEach((a, i) => {
    const b = corners[(i + 1) % corners.length] ?? a;
    if (isOn(point, a, b)) inside = true;
  });
  if (inside) return true;
  corners.forEach((a, i) => {
    const b = corners[(i + corners.length - 1) % corners.length] ?? a;
    const crosses = a.y > point.y !== b.y > point.y;
    if (crosses && point.x < ((b.x - a.x) * (point.y - a.y)) / (b.y - a.y) + a.x) inside = !inside;
  });
  return inside;
}

function isOn(p: Point, a: Point, b: Point): boolean {
  const across = (b.x - a.x) * (p.y - a.y) - (b.y - a.y) * (p.x - a.x);
  const length = Math.hypot(b.x - a.x, b.y - a.y);
  if (Math.abs(across) > 1e-6 * Math.max(1, length)) return false;
  const along = (p.x - a.x) * (b.x - a.x) + (p.y - a.y) * (b.y - a.y);
  return along >= -1e-9 && along <= length * length + 1e-9;
}
