// How dense the dots lie, as a drawing: counts on a grid, smoothed. What is smoothed over the edge of the figure is given
// back inside it (divided by how much of the smoothing lies inside), so that corners do not look emptier than they are.
// Which places stand out is not read from this drawing but told by the server (hotspots).

import { blur, blur2 } from "d3-array";
import { contours } from "d3-contour";
import { short, type Point } from "./picture";
import type { Plane } from "./plane";

/** A place in the picture and how many dots it stands for. */
export interface Weighted extends Point {
  weight: number;
}

/** One step of density: a path, from the thinnest to the densest. */
export interface Contour {
  d: string;
  /** 0 to 1. */
  level: number;
}

const CELL = 3;
/** Steps from thin to dense. */
const LEVELS = [0.2, 0.35, 0.5, 0.65, 0.8];
/** Most width of the smoothing as a part of the figure; more dots are smoothed less. */
const WIDEST = 0.09;
const NARROWEST = 0.035;

/** Density contours of points in a figure; none below 5 points. */
export function densityOf(points: readonly Weighted[], plane: Plane): Contour[] {
  const total = points.reduce((sum, point) => sum + point.weight, 0);
  if (total < 5) return [];
  const columns = Math.ceil(plane.width / CELL);
  const rows = Math.ceil(plane.height / CELL);
  const counts = new Float64Array(columns * rows);
  for (const point of points) {
    const column = Math.min(columns - 1, Math.max(0, Math.floor(point.x / CELL)));
    const row = Math.min(rows - 1, Math.max(0, Math.floor(point.y / CELL)));
    counts[row * columns + column] = (counts[row * columns + column] ?? 0) + point.weight;
  }
  const radius = (plane.unit * bandwidth(total)) / CELL;
  const smooth = blur2({ data: counts, width: columns, height: rows }, radius).data;
  const inside = blur2({ data: maskOf(plane, columns, rows), width: columns, height: rows }, radius).data;
  const values = Array.from(smooth, (value, i) => value / Math.max(0.15, inside[i] ?? 0));
  const most = Math.max(...values);
  const make = contours().size([columns, rows]).thresholds(LEVELS.map((level) => level * most));
  return make(values).map((contour, i) => ({ d: pathOf(contour.coordinates), level: LEVELS[i] ?? 1 }));
}

/**
 * The density along a line, at the middles of equal columns: 1 where dots are put anywhere.
 * @param counts dots per column
 */
export function lineDensity(counts: readonly number[]): number[] {
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (total === 0) return counts.map(() => 0);
  const radius = counts.length * Math.min(0.08, Math.max(0.025, 0.2 * total ** -0.25));
  const smooth = blurred(counts, radius);
  const inside = blurred(counts.map(() => 1), radius);
  return smooth.map((value, i) => (value * counts.length) / (total * Math.max(0.15, inside[i] ?? 1)));
}

/** Smoothed with nothing beyond the ends. */
function blurred(values: readonly number[], radius: number): number[] {
  const room = values.map(() => 0);
  return Array.from(blur([...room, ...values, ...room], radius)).slice(values.length, 2 * values.length);
}

function bandwidth(total: number): number {
  return Math.min(WIDEST, Math.max(NARROWEST, 0.16 * total ** -0.2));
}

const masks = new Map<string, Float64Array>();

function maskOf(plane: Plane, columns: number, rows: number): Float64Array {
  const key = `${plane.kind} ${plane.width} ${plane.height}`;
  const made = masks.get(key) ?? newMask(plane, columns, rows);
  masks.set(key, made);
  return Float64Array.from(made);
}

function newMask(plane: Plane, columns: number, rows: number): Float64Array {
  const at = (i: number): Point => ({ x: ((i % columns) + 0.5) * CELL, y: (Math.floor(i / columns) + 0.5) * CELL });
  return Float64Array.from({ length: columns * rows }, (_, i) => (plane.isInside(at(i)) ? 1 : 0));
}

function pathOf(polygons: number[][][][]): string {
  const ring = (corners: number[][]): string =>
    `M${corners.map(([x = 0, y = 0]) => `${short(x * CELL)} ${short(y * CELL)}`).join("L")}Z`;
  return polygons.flatMap((polygon) => polygon.map(ring)).join("");
}
