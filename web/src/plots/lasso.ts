// What somebody draws with a finger, pen or mouse -> a region of the API.

import type { Point } from "./picture";
import type { Plane } from "./plane";
import type { Region } from "./types";

/** A region has at most so many corners: enough for any hand-drawn line. */
const MOST_CORNERS = 40;
/** Smallest area of a lasso, in units of the picture squared; less is a slip. */
const LEAST_AREA = 60;

/** The region inside a drawn line; null when it encloses nothing. */
export function lassoRegion(line: readonly Point[], plane: Plane, signifier: string, stone?: string): Region | null {
  if (line.length < 3 || Math.abs(areaOf(line)) < LEAST_AREA) return null;
  const corners = unique(simplified(line).map((point) => plane.back(point)));
  if (corners.length < 3) return null;
  return { signifier, ...(stone === undefined ? {} : { stone }), polygon: corners };
}

/** The part between two positions, 0 to 1; null when it has no width. */
export function brushRegion(a: number, b: number, signifier: string): Region | null {
  const kept = (value: number): number => Math.round(Math.min(1, Math.max(0, value)) * 1000) / 1000;
  const [from, to] = [kept(Math.min(a, b)), kept(Math.max(a, b))];
  return to - from < 0.01 ? null : { signifier, interval: [from, to] };
}

/** Fewer corners, leaving out first what bends least (Visvalingam). */
export function simplified(line: readonly Point[], most = MOST_CORNERS): Point[] {
  const kept = [...line];
  while (kept.length > most) {
    kept.splice(flattest(kept), 1);
  }
  return kept;
}

function flattest(line: readonly Point[]): number {
  let [found, least] = [0, Number.POSITIVE_INFINITY];
  line.forEach((point, i) => {
    const before = line[(i + line.length - 1) % line.length] ?? point;
    const after = line[(i + 1) % line.length] ?? point;
    const bend = Math.abs(areaOf([before, point, after]));
    if (bend < least) [found, least] = [i, bend];
  });
  return found;
}

/** Area within a closed line; below 0 when it is drawn the other way round. */
export function areaOf(line: readonly Point[]): number {
  const twice = line.reduce((sum, a, i) => {
    const b = line[(i + 1) % line.length] ?? a;
    return sum + a.x * b.y - b.x * a.y;
  }, 0);
  return twice / 2;
}

function unique(corners: number[][]): number[][] {
  return corners.filter((corner, i) => {
    const before = corners[i - 1];
    return before === undefined || corner.some((value, k) => Math.abs(value - (before[k] ?? 0)) > 1e-4);
  });
}
