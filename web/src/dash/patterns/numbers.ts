// The numbers behind a finding, for whoever asks for them.

import type { PatternsWords } from "../words/patterns.nl";
import type { Finding } from "./types";

/** A number with its name. */
export interface NumberRow {
  label: string;
  value: string;
}

/** How numbers are written. */
export type Format = (value: number, digits: number) => string;

/** The numbers of a finding in the order in which they are read. What was not computed is left out. */
export function numbersOf(finding: Finding, words: PatternsWords, format: Format): NumberRow[] {
  const w = words.number;
  const { effect } = finding;
  const rows: (NumberRow | null)[] = [
    { label: w.n, value: format(finding.n, 0) },
    { label: w.participants, value: format(finding.participants, 0) },
    effect.value == null ? null : { label: w.effect(effect.name), value: format(effect.value, 2) },
    effect.low == null || effect.high == null
      ? null
      : { label: w.interval, value: w.fromTo(format(effect.low, 2), format(effect.high, 2)) },
    finding.p == null ? null : { label: w.p, value: chance(finding.p, words, format) },
    finding.q == null ? null : { label: w.q, value: chance(finding.q, words, format) },
    finding.detectable == null ? null : { label: w.detectable, value: format(finding.detectable, 2) },
  ];
  return rows.filter((row) => row !== null);
}

/** A chance; one that is nearly nothing is written as smaller than the smallest that is worth writing. */
export function chance(value: number, words: PatternsWords, format: Format): string {
  return value < 0.001 ? words.number.smallerThan(format(0.001, 3)) : format(value, 3);
}
