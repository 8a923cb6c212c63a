// What a small figure is given.

import type { Look } from "../../../plots/palette";

/** One set of answers in a figure, told apart from others by colour and shape. */
export interface Series {
  label: string;
  look: Look;
  /** Answers one by one. */
  dots?: readonly (readonly number[])[];
  /** Where they lie on average. */
  centre?: readonly number[] | null;
}

/** One bar. */
export interface Bar {
  label: string;
  /** How many, in words: `7 of 24`. */
  said: string;
  /** Length, 0 to 1. */
  share: number;
  look?: Look;
}

/** One row of columns over a slider. */
export interface Columns {
  label: string;
  look: Look;
  counts: readonly number[];
  /** Where half of the answers lie before, 0 to 1. */
  median?: number | null;
  /** What is said instead, when there is nothing to draw. */
  note?: string;
}
