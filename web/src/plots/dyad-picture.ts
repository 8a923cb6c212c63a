// A dyad as a picture: 20 columns with a line for how dense they lie, or a swarm of dots when there are few.

import { line as lineOf, curveMonotoneX } from "d3-shape";
import { lineDensity } from "./density";
import { lookOf, paint } from "./palette";
import { arrowPath, blank, markPath, type MarkShape, type Picture, type Point, short, type Shape } from "./picture";
import { EDGE } from "./plane";
import type { Group, Hotspot, Layer, Link, Region, Signifier, SignifierSummary } from "./types";

export const WIDTH = 240;
const TALL = 84;
const ROOM = 22;
/** Where the line at the bottom lies. */
export const BASE = EDGE + TALL;
const LONG = WIDTH - 2 * EDGE;
const COLUMNS = 20;
/** With fewer dots each is drawn. */
export const SWARM = 40;
const DOT = 3.2;

/** The dots, columns and line of one group. */
export interface DyadSeries {
  key: string;
  label: string;
  colour: string;
  shape: MarkShape;
  columns: number[];
  fine: number[];
  total: number;
  points: Point[];
  at: number[][];
  ids: (string | null)[];
  median: number | null;
  hotspots: Hotspot[];
}

/** One drawing of a dyad. */
export interface DyadPanel {
  key: string;
  label: string;
  picture: Picture;
  series: DyadSeries[];
  summary: SignifierSummary | undefined;
}

/** What a dyad is drawn of. */
export interface AskedDyad {
  signifier: Signifier;
  groups: readonly Group[];
  layers: ReadonlySet<Layer>;
  behind: Group | null;
  region: Region | null;
  links: readonly Link[];
}

/** Where a position, 0 to 1, lies across the picture. */
export function acrossOf(position: number): number {
  return EDGE + LONG * position;
}

/** The position at a place across the picture; outside goes to the nearest end. */
export function positionAt(x: number): number {
  return Math.min(1, Math.max(0, (x - EDGE) / LONG));
}

/** The column, 0 to 19, of a position: rounded to hundredths first, as the server does. */
export function columnOf(position: number): number {
  return Math.min(COLUMNS - 1, Math.floor(Math.floor(100 * position + 0.5) / 5));
}

/** The panels of a dyad: two groups over each other, more side by side. */
export function dyadPanels(asked: AskedDyad): DyadPanel[] {
  const all = asked.groups.map(seriesOf);
  const behind = asked.behind === null ? null : seriesOf(asked.behind, 0);
  if (asked.groups.length <= 2) {
    const summary = asked.groups.length === 1 ? asked.groups[0]?.summary : undefined;
    return [{ key: "all", label: "", series: all, summary, picture: drawn(asked, all, behind) }];
  }
  return all.map((series, i) => ({
    key: series.key,
    label: series.label,
    series: [series],
    summary: asked.groups[i]?.summary,
    picture: drawn(asked, [series], behind),
  }));
}

function seriesOf(group: Group, index: number): DyadSeries {
  const at = group.dots?.at ?? [];
  const weighted = at.length > 0 ? at.map((place) => ({ at: place, count: 1 })) : (group.bins ?? []);
  const columns = Array.from({ length: COLUMNS }, () => 0);
  const fine = Array.from({ length: 100 }, () => 0);
  for (const { at: place, count } of weighted) {
    const position = place[0] ?? 0;
    add(columns, columnOf(position), count);
    add(fine, Math.min(99, Math.floor(100 * position)), count);
  }
  const counted = group.summary?.dyad?.histogram;
  return {
    key: group.key,
    label: group.label,
    ...lookOf(index),
    columns: counted ?? columns,
    fine,
    total: (counted ?? columns).reduce((sum, count) => sum + count, 0),
    points: at.length <= SWARM ? swarm(at.map((place) => place[0] ?? 0)) : [],
    at,
    ids: at.map((_, i) => group.dots?.ids?.[i] ?? null),
    median: group.summary?.dyad?.median ?? null,
    hotspots: group.summary?.dyad?.hotspots ?? [],
  };
}

function add(counts: number[], index: number, count: number): void {
  counts[index] = (counts[index] ?? 0) + count;
}

/** Few dots on a line, each as low as it can lie without covering another. */
export function swarm(positions: readonly number[]): Point[] {
  const placed: Point[] = [];
  const order = positions.map((position, i) => ({ position, i })).sort((a, b) => a.position - b.position || a.i - b.i);
  const points: Point[] = positions.map(() => ({ x: 0, y: 0 }));
  for (const { position, i } of order) {
    const x = acrossOf(position);
    const point = { x, y: lowest(x, placed) };
    placed.push(point);
    points[i] = point;
  }
  return points;
}

function lowest(x: number, placed: readonly Point[]): number {
  const near = placed.filter((other) => Math.abs(other.x - x) < 2 * DOT);
  for (let y = BASE - DOT - 1; y > EDGE + DOT; y -= DOT / 2) {
    if (near.every((other) => Math.hypot(other.x - x, other.y - y) >= 2 * DOT - 0.01)) return y;
  }
  return EDGE + DOT;
}

function drawn(asked: AskedDyad, series: DyadSeries[], behind: DyadSeries | null): Picture {
  const picture = blank(WIDTH, BASE + ROOM, null);
  const isSwarm = asked.layers.has("dots") && behind === null && series.every((one) => one.total <= SWARM && one.points.length > 0);
  const groups = behind === null || isSwarm ? series : [behind, ...series];
  // Groups of different sizes are compared by share, a selection is counted within all.
  const sizes = groups.map((one) => (behind === null && series.length > 1 ? Math.max(1, one.total) : 1));
  const most = Math.max(...groups.map((one, i) => Math.max(...one.columns) / (sizes[i] ?? 1)), 1e-9);
  if (isSwarm) {
    for (const { points, shape, colour } of series) picture.marks.push({ points, shape, colour, size: DOT, opacity: 0.85 });
  } else {
    if (behind !== null) picture.under.push(columnShape(behind, 1 / most, 0, 1, paint.pale, 0.7));
    series.forEach((one, i) => {
      const scale = 1 / (most * (behind === null && series.length > 1 ? Math.max(1, one.total) : 1));
      picture.under.push(columnShape(one, scale, i, series.length, one.colour, 0.8));
      if (asked.layers.has("density")) picture.over.push(...densityShapes(one, scale));
    });
  }
  picture.over.push({ d: `M${EDGE} ${BASE}H${WIDTH - EDGE}`, stroke: paint.ink, width: 1.1 });
  addExtras(picture, asked, series);
  return picture;
}

function columnShape(series: DyadSeries, scale: number, index: number, groups: number, colour: string, opacity: number): Shape {
  const wide = LONG / COLUMNS;
  const bars = series.columns.map((count, i) => {
    if (count === 0) return "";
    const tall = TALL * count * scale;
    const width = (wide - 1) / groups;
    return `M${short(EDGE + i * wide + 0.5 + index * width)} ${BASE}v${short(-tall)}h${short(width)}v${short(tall)}Z`;
  });
  return { d: bars.join(""), fill: colour, opacity };
}

function densityShapes(series: DyadSeries, scale: number): Shape[] {
  if (series.total < 5) return [];
  // Without dots the 20 columns are all there is.
  const counts = series.fine.some((count) => count > 0) ? series.fine : series.columns;
  const heights = lineDensity(counts).map((value) => (value * series.total * scale) / COLUMNS);
  const path = lineOf<number>()
    .x((_, i) => short(acrossOf((i + 0.5) / heights.length)))
    .y((value) => short(BASE - Math.min(1, value) * TALL))
    .curve(curveMonotoneX);
  return [
    { d: path(heights) ?? "", stroke: paint.card, width: 3.2 },
    { d: path(heights) ?? "", stroke: series.colour, width: 1.6 },
  ];
}

function addExtras(picture: Picture, asked: AskedDyad, series: readonly DyadSeries[]): void {
  if (asked.layers.has("hotspots")) {
    for (const one of series) {
      const rings = one.hotspots.map((spot) => markPath({ x: acrossOf(spot.at[0] ?? 0), y: BASE }, "circle", 7)).join("");
      if (rings !== "") picture.over.push({ d: rings, stroke: one.colour, width: 1.8, dash: "2 2" });
    }
  }
  const y = BASE + ROOM / 2;
  for (const link of asked.links) {
    const [from, to] = [{ x: acrossOf(link.from[0] ?? 0), y }, { x: acrossOf(link.to[0] ?? 0), y }];
    const d = link.kind === "arrow" ? arrowPath(from, to, 7) : `M${from.x} ${y}H${to.x}`;
    picture.over.push({ d, stroke: paint.ink, width: 2.2 });
  }
  if (asked.layers.has("centre")) {
    for (const one of series) {
      if (one.median === null) continue;
      const d = markPath({ x: acrossOf(one.median), y }, one.shape, 5.5);
      picture.over.push({ d, fill: paint.card, stroke: one.colour, width: 2.4 });
    }
  }
  const { region, signifier } = asked;
  if (region?.interval && region.signifier === signifier.key) picture.over.push(intervalShape(region.interval));
}

/** A selected part of a dyad. */
export function intervalShape(interval: readonly number[]): Shape {
  const [from, to] = [acrossOf(interval[0] ?? 0), acrossOf(interval[1] ?? 1)];
  const d = `M${short(from)} ${EDGE / 2}H${short(to)}V${BASE}H${short(from)}Z`;
  return { d, stroke: paint.ink, width: 1.6, dash: "5 3", fill: paint.ink, opacity: 0.07 };
}
