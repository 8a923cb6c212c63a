// A picture as plain data: the same for the screen (SVG, or canvas for many dots) and for a file.

import type { Point } from "../signifiers/triangle";

export type { Point };

/** Shapes of dots. */
export type MarkShape = "circle" | "diamond" | "triangle" | "square";

/** A drawn path. */
export interface Shape {
  /** Path data in the units of the picture. */
  d: string;
  fill?: string;
  stroke?: string;
  width?: number;
  /** Of the fill, 0 to 1. */
  opacity?: number;
  dash?: string;
  /** Whether it is cut off at the edge of the figure. */
  isClipped?: boolean;
}

/** The dots of one group. */
export interface Marks {
  points: Point[];
  shape: MarkShape;
  colour: string;
  /** Half the width of a dot. */
  size: number;
  opacity: number;
}

/** A few words on the picture. */
export interface TextMark {
  x: number;
  y: number;
  text: string;
  /** What it is about, where the words alone do not say. */
  title?: string;
  anchor: "start" | "middle" | "end";
}

/** What is drawn: `under`, then the dots, then `over` and the words. */
export interface Picture {
  width: number;
  height: number;
  /** Path of the figure; null when nothing is cut off. */
  clip: string | null;
  under: Shape[];
  marks: Marks[];
  over: Shape[];
  texts: TextMark[];
}

/** An empty picture. */
export function blank(width: number, height: number, clip: string | null): Picture {
  return { width, height, clip, under: [], marks: [], over: [], texts: [] };
}

/** How many dots a picture has. */
export function dotsIn(picture: Picture): number {
  return picture.marks.reduce((sum, marks) => sum + marks.points.length, 0);
}

/** Corners of a shape around a place; the shapes have about the same area. Circles have none. */
function corners(shape: Exclude<MarkShape, "circle">, size: number): [number, number][] {
  const s = size;
  switch (shape) {
    case "diamond":
      return [[0, -1.25 * s], [1.25 * s, 0], [0, 1.25 * s], [-1.25 * s, 0]];
    case "triangle":
      return [[0, -1.25 * s], [1.15 * s, 0.85 * s], [-1.15 * s, 0.85 * s]];
    case "square":
      return [[-0.9 * s, -0.9 * s], [0.9 * s, -0.9 * s], [0.9 * s, 0.9 * s], [-0.9 * s, 0.9 * s]];
  }
}

/** Path data of all dots of a group. */
export function marksPath(marks: Marks): string {
  return marks.points.map((point) => markPath(point, marks.shape, marks.size)).join("");
}

/** Width of the white line around a dot: small dots keep their colour. */
export function outlineOf(size: number): number {
  return size < 3 ? 0.35 : 0.7;
}

/** Path data of one dot. */
export function markPath({ x, y }: Point, shape: MarkShape, size: number): string {
  if (shape === "circle") {
    const r = short(size);
    return `M${short(x - size)} ${short(y)}a${r} ${r} 0 1 0 ${short(2 * size)} 0a${r} ${r} 0 1 0 ${short(-2 * size)} 0Z`;
  }
  const at = corners(shape, size).map(([dx, dy]) => `${short(x + dx)} ${short(y + dy)}`);
  return `M${at.join("L")}Z`;
}

/**
 * Draws the dots on a canvas of `scale` pixels a unit. One dot is drawn and then stamped: ten thousand stamps are quicker
 * than ten thousand paths, and where many dots lie over each other it gets darker.
 */
export function drawMarks(context: CanvasRenderingContext2D, marks: Marks, scale: number): void {
  const half = Math.ceil(1.4 * marks.size * scale) + 1;
  const stamp = stampOf(marks, half, scale);
  if (stamp === null) return;
  context.globalAlpha = marks.size < 3 ? 0.25 * marks.size * marks.opacity : marks.opacity;
  for (const { x, y } of marks.points) {
    context.drawImage(stamp, Math.round(x * scale) - half, Math.round(y * scale) - half);
  }
  context.globalAlpha = 1;
}

function stampOf({ shape, size, colour }: Marks, half: number, scale: number): HTMLCanvasElement | null {
  const stamp = document.createElement("canvas");
  stamp.width = stamp.height = 2 * half;
  const context = stamp.getContext("2d");
  if (context === null) return null;
  context.translate(half, half);
  context.scale(scale, scale);
  context.fillStyle = colour;
  context.fill(new Path2D(markPath({ x: 0, y: 0 }, shape, size)));
  return stamp;
}

/** Path data of a closed line through points. */
export function closedPath(points: readonly Point[]): string {
  return points.length === 0 ? "" : `M${points.map(({ x, y }) => `${short(x)} ${short(y)}`).join("L")}Z`;
}

/** Path data of an arrow; the head is left out where the arrow is shorter than it. */
export function arrowPath(from: Point, to: Point, head: number): string {
  const length = Math.hypot(to.x - from.x, to.y - from.y);
  const line = `M${short(from.x)} ${short(from.y)}L${short(to.x)} ${short(to.y)}`;
  if (length < head) return line;
  const [ux, uy] = [(to.x - from.x) / length, (to.y - from.y) / length];
  const side = (sign: number): string => {
    const x = to.x - head * ux + sign * head * 0.6 * uy;
    const y = to.y - head * uy - sign * head * 0.6 * ux;
    return `${short(x)} ${short(y)}`;
  };
  return `${line}M${side(1)}L${short(to.x)} ${short(to.y)}L${side(-1)}`;
}

/** Path data of an ellipse around a place; the angle is in radians, counted from x towards the bottom of the picture. */
export function ellipsePath(centre: Point, long: number, wide: number, angle: number): string {
  const [dx, dy] = [long * Math.cos(angle), long * Math.sin(angle)];
  const turn = short((angle * 180) / Math.PI);
  const half = (x: number, y: number): string => `A${short(long)} ${short(wide)} ${turn} 1 0 ${short(x)} ${short(y)}`;
  const start = `M${short(centre.x + dx)} ${short(centre.y + dy)}`;
  return `${start}${half(centre.x - dx, centre.y - dy)}${half(centre.x + dx, centre.y + dy)}Z`;
}

/** A coordinate in a path: two decimals. */
export function short(value: number): number {
  return Math.round(value * 100) / 100;
}
