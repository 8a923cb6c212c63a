// Answers in words, for the line under a figure and for screen readers.

import type { Sentence, SignifierWords } from "../i18n/signifiers";
import type { Shares } from "./triangle";

const ONLY = 0.9;
const MOSTLY = 0.6;
const ALSO = 0.3;
const SOME = 0.15;
/** Two shares this close are said to be as much; three within `ALL_EQUAL` are about equal. */
const NEAR = 0.08;
const ALL_EQUAL = 0.12;
const ROUNDING = 1e-9;

/** What shares say, with the labels of the top, left and right anchor. */
export function triadSentence(shares: Shares, labels: readonly [string, string, string], words: SignifierWords): Sentence {
  const parts = shares.map((share, i) => ({ share, label: labels[i] ?? "" })).sort((p, q) => q.share - p.share);
  const [a, b, c] = parts;
  if (a === undefined || b === undefined || c === undefined) {
    return { lead: "", rest: "" };
  }
  if (a.share - c.share <= ALL_EQUAL + ROUNDING) {
    return { lead: words.allThree, rest: "" };
  }
  if (a.share >= ONLY) {
    return { lead: words.only(a.label), rest: "" };
  }
  if (a.share - b.share <= NEAR + ROUNDING) {
    return { lead: words.asMuch(a.label, b.label), rest: lesser([c], words) };
  }
  const lead = a.share >= MOSTLY ? words.mostly(a.label) : words.more(a.label);
  return { lead, rest: lesser([b, c], words) };
}

/** What a position between two extremes says: 0 is at `start`, 1 at `end`. */
export function dyadSentence(position: number, start: string, end: string, words: SignifierWords): string {
  return Math.abs(position - 0.5) <= 0.05 + ROUNDING ? words.inTheMiddle : towards(position, start, end, words);
}

/** What the place of a stone says, with the labels of both axes (start and end, across and up). */
export function stoneSentence(
  stone: { label: string; x: number; y: number },
  across: readonly [string, string],
  up: readonly [string, string],
  words: SignifierWords,
): string {
  const on = (position: number, [start, end]: readonly [string, string]): string =>
    Math.abs(position - 0.5) <= 0.05 + ROUNDING ? words.halfway(start, end) : uncapitalised(towards(position, start, end, words));
  return words.ofStone(stone.label, on(stone.x, across), on(stone.y, up));
}

function towards(position: number, start: string, end: string, words: SignifierWords): string {
  const label = position < 0.5 ? start : end;
  const off = Math.abs(position - 0.5) - ROUNDING;
  if (off <= 0.2) {
    return words.aBitTowards(label);
  }
  if (off <= 0.4) {
    return words.towards(label);
  }
  return off <= 0.475 ? words.almost(label) : words.fully(label);
}

function lesser(parts: { share: number; label: string }[], words: SignifierWords): string {
  const large = parts.filter((p) => p.share >= ALSO).map((p) => words.also(p.label));
  const small = parts.filter((p) => p.share >= SOME && p.share < ALSO).map((p) => p.label);
  return large.join("") + (small.length > 0 ? words.some(small) : "");
}

function uncapitalised(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
