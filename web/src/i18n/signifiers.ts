// Words of the figures and questions on which a teller places a story. Dutch at B1 level, English, Arabic.

import { ar } from "./signifiers.ar";
import { en } from "./signifiers.en";
import { nl } from "./signifiers.nl";

/** A sentence about an answer: what stands out, and the rest of it (with its comma), which may be empty. */
export interface Sentence {
  lead: string;
  rest: string;
}

/** Words around the figures. Labels that go into a sentence come from the framework and are given as they are. */
export interface SignifierWords {
  /** BCP 47 tag of these words. */
  language: string;

  notAboutThis: string;
  unknown: string;
  declined: string;
  /** Name of the group of buttons beside an answer. */
  otherAnswers: string;
  clear: string;
  withNumbers: string;
  /** Said when an answer was taken away, or is not there yet. */
  notPlaced: string;

  triadHint: string;
  dyadHint: string;
  stonesHint: string;
  scaleHint: string;
  chooseOne: string;
  chooseMore: string;
  /** For screen readers: how the keys move a ball, and that the first press puts it in the middle. */
  keysHint: string;
  /** The same for a stone. */
  stonesKeysHint: string;

  /** Name of a handle or number: how much of an anchor there is. */
  shareOf(anchor: string): string;
  /** Name of the handle on a line between two extremes. */
  between(start: string, end: string): string;
  /** Says of the numbers of a triad that they make 100 together. */
  numbersMake100: string;
  /** Says what 0 and 100 mean. */
  zeroToHundred(start: string, end: string): string;
  /** Name of a number of a stone. */
  stoneNumber(stone: string, start: string, end: string): string;

  only(a: string): string;
  mostly(a: string): string;
  /** More than the other two, by not so much. */
  more(a: string): string;
  asMuch(a: string, b: string): string;
  allThree: string;
  /** What comes after the lead, with its comma: a large part, and small parts. */
  also(b: string): string;
  some(parts: string[]): string;

  inTheMiddle: string;
  halfway(start: string, end: string): string;
  aBitTowards(label: string): string;
  towards(label: string): string;
  almost(label: string): string;
  fully(label: string): string;
  /** What is said of one stone. */
  ofStone(stone: string, across: string, up: string): string;

  /** Shown near the end of the room for a text. */
  charactersLeft(count: number): string;
}

/** The words in every language of the interface. */
export const signifierWords: Record<"nl" | "en" | "ar", SignifierWords> = { nl, en, ar };
