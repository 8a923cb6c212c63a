// The small figures of Overview in words.

import type { Anchor, Signifier } from "../../framework/types";
import type { SignifierSummary } from "../types";

/** Sentences in a language. Shares are 0 to 1. */
export interface Sentences {
  /** `what`: a place or answer, with how large a part of the stories lies there. */
  most: (what: string, share: number) => string;
  centre: string;
  between: (a: string, b: string) => string;
  /** Where the middle story of a slider lies, 0 (first) to 1 (second). */
  middle: (position: number, first: string, second: string) => string;
  /** Where the middle of a stone lies, both 0 to 1, from the left and from the bottom. */
  stone: (stone: string, across: number, up: number) => string;
}

type Label = (anchor: Anchor) => string;

/** How large a part of the stories lies in each column of a figure, 0 to 1; none for triads and stones. */
export function shares(summary: SignifierSummary): number[] {
  const counts = summary.dyad?.histogram;
  if (counts) return parts(counts);
  return (summary.scale ?? summary.choice)?.options.map((option) => option.share ?? 0) ?? [];
}

/** What a figure shows, in a sentence. */
export function inWords(signifier: Signifier, summary: SignifierSummary, label: Label, say: Sentences): string {
  if (signifier.kind === "triad") return triad(signifier, summary, label, say);
  if (signifier.kind === "dyad") return dyad(signifier, summary, label, say);
  if (signifier.kind === "stones") return stones(signifier, summary, label, say);
  const options = (summary.scale ?? summary.choice)?.options ?? [];
  const most = largest(options);
  const anchor = [...(signifier.points ?? []), ...(signifier.options ?? [])].find((one) => one.key === most?.key);
  return most && anchor ? say.most(label(anchor), most.share ?? 0) : "";
}

/** The words that go with a figure: what its corners, ends, points or marks are. */
export function labelsOf(signifier: Signifier, label: Label): { mark?: string; text: string }[] {
  const anchors = (signifier.anchors ?? []).map((anchor) => label(anchor));
  if (signifier.kind === "triad") {
    const marks = ["▲", "◣", "◢"];
    return anchors.map((text, at) => ({ mark: marks[at] ?? "", text }));
  }
  if (signifier.kind === "dyad") return anchors.map((text) => ({ text }));
  if (signifier.kind === "stones") {
    const marks = ["●", "▲", "■"];
    return (signifier.stones ?? []).map((stone, at) => ({ mark: marks[at % 3] ?? "", text: label(stone) }));
  }
  if (signifier.kind === "scale") return ends(signifier.points ?? []).map((point) => ({ text: label(point) }));
  return (signifier.options ?? []).map((option, at) => ({ mark: `${at + 1}`, text: label(option) }));
}

function parts(counts: readonly number[]): number[] {
  const all = counts.reduce((sum, count) => sum + count, 0);
  return counts.map((count) => (all === 0 ? 0 : count / all));
}

/** The one with the largest share, the first of equal ones; null when there is none. */
function largest<T extends { share?: number | null }>(all: readonly T[]): T | null {
  return all.reduce<T | null>((best, one) => ((best?.share ?? -1) >= (one.share ?? 0) ? best : one), null);
}

function ends(points: readonly Anchor[]): Anchor[] {
  const [first, last] = [points[0], points.at(-1)];
  return first && last && first !== last ? [first, last] : [...points];
}

function triad(signifier: Signifier, summary: SignifierSummary, label: Label, say: Sentences): string {
  const zones = summary.triad?.zones ?? [];
  const most = largest(zones);
  if (most === null) return "";
  if (most.zone === "centre") return say.most(say.centre, most.share ?? 0);
  const [top, left, right] = (signifier.anchors ?? []).map((anchor) => label(anchor));
  const names: Record<string, string | undefined> = { top, left, right };
  const [a, b] = most.zone.split("-").map((corner) => names[corner] ?? "");
  return say.most(b === undefined ? (a ?? "") : say.between(a ?? "", b), most.share ?? 0);
}

function dyad(signifier: Signifier, summary: SignifierSummary, label: Label, say: Sentences): string {
  const [first, second] = (signifier.anchors ?? []).map((anchor) => label(anchor));
  const median = summary.dyad?.median;
  if (median === null || median === undefined) return "";
  return say.middle(median, first ?? "", second ?? "");
}

function stones(signifier: Signifier, summary: SignifierSummary, label: Label, say: Sentences): string {
  const placed = (signifier.stones ?? []).map((stone) => {
    const [across, up] = summary.stones?.stones.find((one) => one.key === stone.key)?.median ?? [];
    return across === undefined || up === undefined ? "" : say.stone(label(stone), across, up);
  });
  return placed.filter((sentence) => sentence !== "").join(" ");
}
