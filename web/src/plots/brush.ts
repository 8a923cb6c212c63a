// A part of a figure chosen with the keyboard: arrows move it, Shift with an arrow makes it larger or smaller.

import { closedPath, type Point } from "./picture";
import type { Plane } from "./plane";
import type { Region } from "./types";

/** A part under way: its middle in parts of the figure (0 to 1, y up) and how far it reaches from there. */
export interface Brush {
  x: number;
  y: number;
  reach: number;
}

/** Where it starts. */
export const startBrush: Brush = { x: 0.5, y: 0.4, reach: 0.15 };

const STEP = 0.05;
const LEAST = 0.05;
const MOST = 0.5;

/** The brush after a key; null when the key is none of its keys. */
export function moved(brush: Brush, key: string, isShift: boolean): Brush | null {
  const [dx, dy] = steps[key] ?? [0, 0];
  if (dx === 0 && dy === 0) return null;
  if (isShift) {
    const reach = Math.min(MOST, Math.max(LEAST, brush.reach + (dx + dy > 0 ? STEP : -STEP)));
    return { ...brush, reach: round(reach) };
  }
  const kept = (value: number): number => round(Math.min(1, Math.max(0, value)));
  return { ...brush, x: kept(brush.x + dx * STEP), y: kept(brush.y + dy * STEP) };
}

const steps: Record<string, [number, number]> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, 1],
  ArrowDown: [0, -1],
};

/** The region under a brush on a triad or canvas: an eight-sided part, cut off at the edge of the figure. */
export function brushedRegion(brush: Brush, plane: Plane, signifier: string, stone?: string): Region {
  const around = cornersOf(brush, plane).map((point) => plane.back(point));
  return { signifier, ...(stone === undefined ? {} : { stone }), polygon: around };
}

/** The region under a brush on a dyad. */
export function brushedInterval(brush: Brush, signifier: string): Region {
  return { signifier, interval: [round(Math.max(0, brush.x - brush.reach)), round(Math.min(1, brush.x + brush.reach))] };
}

/** Path of the brush on a triad or canvas. */
export function brushPath(brush: Brush, plane: Plane): string {
  return closedPath(cornersOf(brush, plane));
}

function cornersOf(brush: Brush, plane: Plane): Point[] {
  const middle = { x: brush.x * plane.width, y: (1 - brush.y) * plane.height };
  const reach = brush.reach * plane.unit;
  return Array.from({ length: 8 }, (_, i) => {
    const angle = ((i + 0.5) * Math.PI) / 4;
    return { x: middle.x + reach * Math.cos(angle), y: middle.y + reach * Math.sin(angle) };
  });
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}
