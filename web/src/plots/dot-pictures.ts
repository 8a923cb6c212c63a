// Triads and canvases with stones as pictures: one panel with two groups over each other, or one panel a group.

import type { Point } from "../signifiers/triangle";
import { densityOf, type Weighted } from "./density";
import { hexesOf, hexesOfBins, hexPath, strength } from "./hexbin";
import { lookOf, paint } from "./palette";
import { zoneLabel } from "./parts";
import { percents } from "./percents";
import { arrowPath, blank, closedPath, ellipsePath, markPath, type MarkShape, type Picture, type Shape } from "./picture";
import { type Plane, stonesPlane, triadPlane } from "./plane";
import type { Bin, Dots, Group, Hotspot, Layer, Link, Region, Signifier, SignifierSummary } from "./types";
import { zonePolygons } from "./zones";

/** Dots of one colour and shape. */
export interface Series {
  /** Key of the group; of stones the key of the stone. */
  key: string;
  label: string;
  colour: string;
  shape: MarkShape;
  points: Point[];
  ids: (string | null)[];
  /** Placements in the units of the API, in the order of `points`. */
  at: number[][];
  bins: Bin[];
  centre: number[] | null;
  /** Ellipse of the centre in the plane of a triangle with side 1: x, y, half axes, angle. */
  ellipse: number[] | null;
  hotspots: Hotspot[];
  /** Stones: key of the stone. */
  stone?: string;
}

/** One drawing with its series. */
export interface Panel {
  key: string;
  /** Name of the group; empty where the groups lie over each other. */
  label: string;
  picture: Picture;
  series: Series[];
  summary: SignifierSummary | undefined;
}

/** What the panels are made of. */
export interface Asked {
  signifier: Signifier;
  groups: readonly Group[];
  layers: ReadonlySet<Layer>;
  behind: Group | null;
  region: Region | null;
  links: readonly Link[];
}

/** The plane of a signifier with dots on it. */
export function planeOf(signifier: Signifier): Plane {
  return signifier.kind === "stones" ? stonesPlane(signifier.aspect ?? 1) : triadPlane();
}

/** The panels of a triad or canvas. */
export function panelsOf(asked: Asked, plane: Plane): Panel[] {
  const { signifier, groups } = asked;
  const isStones = signifier.kind === "stones";
  const behind = asked.behind === null ? [] : seriesOf(signifier, asked.behind, 0, plane);
  if (!isStones && groups.length <= 2) {
    const series = groups.flatMap((group, i) => seriesOf(signifier, group, i, plane));
    const summary = groups.length === 1 ? groups[0]?.summary : undefined;
    return [{ key: "all", label: "", series, summary, picture: drawn(asked, plane, series, behind) }];
  }
  return groups.map((group, i) => {
    const series = seriesOf(signifier, group, i, plane);
    const label = groups.length > 1 ? group.label : "";
    return { key: group.key, label, series, summary: group.summary, picture: drawn(asked, plane, series, behind) };
  });
}

function seriesOf(signifier: Signifier, group: Group, index: number, plane: Plane): Series[] {
  if (signifier.kind !== "stones") {
    const triad = group.summary?.triad;
    const centre = triad?.arithmeticCentre ?? null;
    const rest = { centre, ellipse: triad?.ellipse ?? null, hotspots: triad?.hotspots ?? [] };
    return [{ key: group.key, label: group.label, ...lookOf(index), ...dotsOf(group, plane), ...rest }];
  }
  return (signifier.stones ?? []).map((stone, i) => {
    const own = group.stones?.find((one) => one.stone === stone.key) ?? {};
    const summary = group.summary?.stones?.stones.find((one) => one.key === stone.key);
    const rest = { centre: summary?.centroid ?? null, ellipse: null, hotspots: summary?.hotspots ?? [], stone: stone.key };
    return { key: stone.key, label: stone.key, ...lookOf(i), ...dotsOf(own, plane), ...rest };
  });
}

function dotsOf(source: { dots?: Dots; bins?: Bin[] }, plane: Plane): Pick<Series, "points" | "ids" | "at" | "bins"> {
  const at = source.dots?.at ?? [];
  const ids = source.dots?.ids ?? [];
  return { at, points: at.map((place) => plane.place(place)), ids: at.map((_, i) => ids[i] ?? null), bins: source.bins ?? [] };
}

function drawn(asked: Asked, plane: Plane, series: Series[], behind: Series[]): Picture {
  const { layers, signifier } = asked;
  const picture = blank(plane.width, plane.height, plane.outline);
  picture.under.push({ d: plane.outline, fill: paint.card }, ...gridOf(plane));
  if (layers.has("density")) picture.under.push(...series.flatMap((one) => densityShapes(one, plane)));
  picture.under.push(...behind.flatMap((one) => (one.bins.length > 0 ? hexShapes(one, plane, paint.pale) : [])));
  picture.under.push(...series.flatMap((one) => (hasHexes(one, layers) ? hexShapes(one, plane, one.colour) : [])));
  if (layers.has("zones") && signifier.kind === "triad") addZones(picture, asked, plane);
  picture.over.push({ d: plane.outline, stroke: paint.ink, width: 1.1 });
  if (layers.has("dots")) addDots(picture, series, behind);
  if (layers.has("hotspots")) picture.over.push(...series.flatMap((one) => hotspotShapes(one, plane)));
  if (layers.has("centre")) picture.over.push(...series.flatMap((one) => centreShapes(one, plane)));
  picture.over.push(...asked.links.flatMap((link) => linkShapes(link, plane)));
  if (asked.region?.polygon && asked.region.signifier === signifier.key) {
    picture.over.push(regionShape(asked.region.polygon, plane));
  }
  return picture;
}

function hasHexes(series: Series, layers: ReadonlySet<Layer>): boolean {
  return layers.has("hex") || (series.bins.length > 0 && layers.has("dots"));
}

function gridOf(plane: Plane): Shape[] {
  const line = (a: number[], b: number[]): string => {
    const [p, q] = [plane.place(a), plane.place(b)];
    return `M${p.x} ${p.y}L${q.x} ${q.y}`;
  };
  const lines =
    plane.kind === "triad"
      ? [0.2, 0.4, 0.6, 0.8].flatMap((s) => [
          line([s, 1 - s, 0], [s, 0, 1 - s]),
          line([1 - s, s, 0], [0, s, 1 - s]),
          line([1 - s, 0, s], [0, 1 - s, s]),
        ])
      : [1 / 3, 2 / 3].flatMap((s) => [line([s, 0], [s, 1]), line([0, s], [1, s])]);
  return [{ d: lines.join(""), stroke: paint.line, width: 0.8 }];
}

function densityShapes(series: Series, plane: Plane): Shape[] {
  const dots: Weighted[] = series.points.map((point) => ({ ...point, weight: 1 }));
  const bins: Weighted[] = series.bins.map((bin) => ({ ...plane.place(bin.at), weight: bin.count }));
  return densityOf(dots.length > 0 ? dots : bins, plane).map(({ d }) => ({ d, fill: series.colour, opacity: 0.09, isClipped: true }));
}

function hexShapes(series: Series, plane: Plane, colour: string): Shape[] {
  const hexes = series.bins.length > 0 ? hexesOfBins(series.bins, plane) : hexesOf(series.points);
  const most = Math.max(0, ...hexes.cells.map((cell) => cell.count));
  return hexes.cells.map(({ centre, count }) => ({
    d: hexPath(centre, hexes.radius * 0.94),
    fill: colour,
    opacity: strength(count, most),
    isClipped: true,
  }));
}

function addZones(picture: Picture, asked: Asked, plane: Plane): void {
  const zones = asked.groups.length === 1 ? (asked.groups[0]?.summary?.triad?.zones ?? []) : [];
  const edges = Object.values(zonePolygons).map((corners) => closedPath(corners.map((at) => plane.place(at))));
  picture.over.push({ d: edges.join(""), stroke: paint.edge, width: 0.8, dash: "3 2" });
  const rounded = percents(zones.map(({ share }) => share));
  zones.forEach(({ zone }, i) => {
    const percent = rounded[i] ?? null;
    if (percent === null) return;
    const corners = zonePolygons[zone].map((at) => plane.place(at));
    const middle = { x: mean(corners.map((p) => p.x)), y: mean(corners.map((p) => p.y)) };
    picture.texts.push({ ...middle, text: `${percent}%`, title: zoneLabel(asked.signifier, zone), anchor: "middle" });
  });
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}

/** Half the width of a dot: less where there are many. */
function sizeOf(count: number): number {
  return count > 3000 ? 1.3 : count > 600 ? 2 : count > 150 ? 2.6 : 3.2;
}

function addDots(picture: Picture, series: readonly Series[], behind: readonly Series[]): void {
  const size = sizeOf(Math.max(...[...series, ...behind].map((one) => one.points.length)));
  for (const { points, shape } of behind) {
    picture.marks.push({ points, shape, colour: paint.pale, size, opacity: 0.6 });
  }
  for (const { points, shape, colour } of series) {
    picture.marks.push({ points, shape, colour, size, opacity: 0.8 });
  }
}

function centreShapes(series: Series, plane: Plane): Shape[] {
  if (series.centre === null) return [];
  const middle = plane.place(series.centre);
  const [, , long, wide, angle] = series.ellipse ?? [];
  const around: Shape[] =
    long === undefined || wide === undefined || angle === undefined
      ? []
      : [{ d: ellipsePath(middle, long * plane.unit, wide * plane.unit, -angle), stroke: series.colour, width: 1.4, dash: "4 2" }];
  const ring = markPath(middle, series.shape, 6.5);
  return [
    ...around,
    { d: ring, stroke: paint.card, width: 5 },
    { d: ring, fill: paint.card, stroke: series.colour, width: 2.6 },
  ];
}

function hotspotShapes(series: Series, plane: Plane): Shape[] {
  const rings = series.hotspots.map((spot) => markPath(plane.place(spot.at), "circle", 13)).join("");
  return rings === "" ? [] : [{ d: rings, stroke: paint.card, width: 3.5 }, { d: rings, stroke: series.colour, width: 1.8, dash: "2 2" }];
}

function linkShapes(link: Link, plane: Plane): Shape[] {
  const [from, to] = [plane.place(link.from), plane.place(link.to)];
  const d = link.kind === "arrow" ? arrowPath(from, to, 8) : `M${from.x} ${from.y}L${to.x} ${to.y}`;
  return [{ d, stroke: paint.card, width: 5 }, { d, stroke: paint.ink, width: 2.2 }];
}

/** A selected part, drawn over everything. */
export function regionShape(polygon: readonly number[][], plane: Plane): Shape {
  const d = closedPath(polygon.map((at) => plane.place(at)));
  return { d, stroke: paint.ink, width: 1.8, dash: "5 3", fill: paint.ink, opacity: 0.07 };
}
