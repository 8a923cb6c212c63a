// The numbers that a finding is drawn with. What they are depends on its kind, so each is looked at before it is used.

import type { Finding } from "./types";

/** A place with more dots than chance puts there. */
export interface Spot {
  at: number[];
  participants: number;
}

/** How many dots lie in one zone of a triad. */
export interface ZoneCount {
  zone: string;
  count: number;
  share: number;
}

/** How many of a group said something. */
export interface Counted {
  group: string;
  count: number;
  n: number;
}

/** The answers of one set of people before and after; means are shares of a triad, a place of a stone, or shares of options. */
export interface BeforeAfter {
  medianFrom: number | null;
  medianTo: number | null;
  meanFrom: number[] | null;
  meanTo: number[] | null;
}

/** How the same people moved. */
export interface Moves {
  up: number | null;
  same: number | null;
  down: number | null;
  towards: number[] | null;
  samePeople: BeforeAfter;
}

/** What of a place or answer that many share. */
export interface DominantNumbers {
  spots: Spot[];
  zones: ZoneCount[];
  histogram: number[];
}

type Bag = Record<string, unknown>;

function bag(value: unknown): Bag {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? Object.fromEntries(Object.entries(value)) : {};
}

function numberOf(value: unknown): number | null {
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}

function numbersOf(value: unknown): number[] | null {
  return Array.isArray(value) && value.length > 0 && value.every((item) => typeof item === "number") ? value : null;
}

function bagsOf(value: unknown): Bag[] {
  return Array.isArray(value) ? value.map(bag) : [];
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

/** Numbers of a dominant pattern. */
export function dominantOf(finding: Finding): DominantNumbers {
  const plot = bag(finding.plot);
  const spots = bagsOf(plot["hotspots"]).flatMap((spot) => {
    const at = numbersOf(spot["at"]);
    return at ? [{ at, participants: numberOf(spot["participants"]) ?? 0 }] : [];
  });
  const zones = bagsOf(plot["zones"]).map((zone) => ({
    zone: textOf(zone["zone"]),
    count: numberOf(zone["count"]) ?? 0,
    share: numberOf(zone["share"]) ?? 0,
  }));
  return { spots, zones, histogram: numbersOf(plot["histogram"]) ?? [] };
}

/** How many stories do not fit an association or contrast; null where that cannot be said. */
export function contradictingOf(finding: Finding): number | null {
  return numberOf(bag(finding.plot)["contradicting"]);
}

/** How many of each group said so, where 'not about this' or 'I don't know' is compared. */
export function countsIn(finding: Finding): Counted[] {
  return bagsOf(bag(finding.plot)["counts"]).map((count) => ({
    group: textOf(count["group"]),
    count: numberOf(count["count"]) ?? 0,
    n: numberOf(count["n"]) ?? 0,
  }));
}

/** How the same people moved between two waves. */
export function movesOf(finding: Finding): Moves {
  const plot = bag(finding.plot);
  const same = bag(plot["samePeople"]);
  return {
    up: numberOf(plot["up"]),
    same: numberOf(plot["same"]),
    down: numberOf(plot["down"]),
    towards: numbersOf(plot["towards"]),
    samePeople: {
      medianFrom: numberOf(same["medianFrom"]),
      medianTo: numberOf(same["medianTo"]),
      meanFrom: numbersOf(same["meanFrom"]),
      meanTo: numbersOf(same["meanTo"]),
    },
  };
}

/** On which questions a story stands apart, and how much each has to do with it (the largest is 1). */
export function becauseOf(finding: Finding): { signifier: string; share: number }[] {
  const found = bagsOf(bag(finding.plot)["because"]).map((reason) => ({
    signifier: textOf(reason["signifier"]),
    contribution: numberOf(reason["contribution"]) ?? 0,
  }));
  const largest = Math.max(...found.map((reason) => reason.contribution), 1e-9);
  return found.map(({ signifier, contribution }) => ({ signifier, share: contribution / largest }));
}
