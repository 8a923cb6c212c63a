// Parts of a figure that have a name: to choose one without drawing, and to count.

import { language } from "../dash/language.svelte";
import type { Anchor } from "../framework/types";
import type { Region, Signifier, ZoneName } from "./types";
import { words } from "./words";
import { zonePolygons } from "./zones";

/** A part of a figure with its name. */
export interface Part {
  key: string;
  label: string;
  region: Region;
}

/** The label of an anchor, stone, point or option, in the language that is shown. */
export function labelOf(anchor: Anchor | undefined): string {
  return anchor === undefined ? "" : language.text(anchor.label);
}

/** The name of a zone of a triad. */
export function zoneLabel(signifier: Signifier, zone: ZoneName): string {
  const [top, left, right] = [0, 1, 2].map((i) => labelOf(signifier.anchors?.[i]));
  const between = (a = "", b = ""): string => words().between(a, b);
  switch (zone) {
    case "top":
      return words().near(top ?? "");
    case "left":
      return words().near(left ?? "");
    case "right":
      return words().near(right ?? "");
    case "top-left":
      return between(top, left);
    case "top-right":
      return between(top, right);
    case "left-right":
      return between(left, right);
    case "centre":
      return words().centre;
  }
}

/** The parts of a figure that can be chosen from a list. Of stones: of the stone with this key. A choice has none. */
export function partsOf(signifier: Signifier, stone?: string): Part[] {
  switch (signifier.kind) {
    case "triad":
      return triadParts(signifier);
    case "dyad":
      return dyadParts(signifier);
    case "stones":
      return stone === undefined ? [] : stoneParts(signifier, stone);
    case "scale":
      return (signifier.points ?? []).map((point, i) => ({
        key: point.key,
        label: labelOf(point),
        region: { signifier: signifier.key, interval: [i + 1, i + 1] },
      }));
    default:
      return [];
  }
}

const zones: readonly ZoneName[] = ["top", "left", "right", "centre", "top-left", "top-right", "left-right"];

function triadParts(signifier: Signifier): Part[] {
  return zones.map((zone) => ({
    key: zone,
    label: zoneLabel(signifier, zone),
    region: { signifier: signifier.key, polygon: zonePolygons[zone].map((corner) => [...corner]) },
  }));
}

/** The five parts of a dyad, from left to right. */
export const dyadSteps: readonly [number, number][] = [[0, 0.2], [0.2, 0.4], [0.4, 0.6], [0.6, 0.8], [0.8, 1]];

/** The name of one of the five parts of a dyad. */
export function dyadLabel(signifier: Signifier, index: number): string {
  const [left, right] = [labelOf(signifier.anchors?.[0]), labelOf(signifier.anchors?.[1])];
  const names = [words().near(left), words().towards(left), words().middle, words().towards(right), words().near(right)];
  return names[index] ?? "";
}

function dyadParts(signifier: Signifier): Part[] {
  return dyadSteps.map((interval, i) => ({
    key: String(i),
    label: dyadLabel(signifier, i),
    region: { signifier: signifier.key, interval: [...interval] },
  }));
}

/** The name of one of nine cells of a canvas; column and row are 0 to 2, from the bottom left. */
export function cellLabel(signifier: Signifier, column: number, row: number): string {
  const across = endOf(signifier.axes?.x, column);
  const up = endOf(signifier.axes?.y, row);
  if (across === "" && up === "") return words().centre;
  return [across, up].filter((text) => text !== "").join(words().and);
}

function endOf(axis: NonNullable<Signifier["axes"]>["x"] | undefined, index: number): string {
  if (index === 1 || axis === undefined) return "";
  return language.text(index === 0 ? axis.start : axis.end);
}

function stoneParts(signifier: Signifier, stone: string): Part[] {
  const third = (i: number): number => Math.round((i / 3) * 10_000) / 10_000;
  const cells = [2, 1, 0].flatMap((row) => [0, 1, 2].map((column) => [column, row] as const));
  return cells.map(([column, row]) => {
    const [x0, x1, y0, y1] = [third(column), third(column + 1), third(row), third(row + 1)];
    return {
      key: `${column}${row}`,
      label: cellLabel(signifier, column, row),
      region: { signifier: signifier.key, stone, polygon: [[x0, y0], [x1, y0], [x1, y1], [x0, y1]] },
    };
  });
}
