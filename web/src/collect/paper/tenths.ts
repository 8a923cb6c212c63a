// Numbers read off a printed figure (0 to 10 along its ticks) <-> the values of an answer (0 to 1). Ticks are counted from
// where an anchor is, not from the left of the sheet: a mirrored print says the same.

import { apportion, closed, round4, type Shares } from "../../signifiers/triangle";

/** What the lines of a figure are counted in: ten from one side to the other. */
export const TENTHS = 10;

/** How far three numbers of a triad may be from ten together: marks are read by eye. */
export const SUM_SLACK = 0.5;

const ROUNDING = 1e-9;
const ZEROS = [0x0660, 0x06f0];

/**
 * The number that somebody typed, 0 to 10 with at most one decimal; a point, a comma or the Arabic mark, in European, Arabic
 * or Persian digits. `null` when it is anything else.
 */
export function parseTenth(typed: string): number | null {
  const plain = [...typed.trim()].map(westernDigit).join("");
  if (!/^\d{1,2}([.,\u066b]\d?)?$/.test(plain)) return null;
  const value = Number(plain.replace(/[,\u066b]/, "."));
  return value <= TENTHS ? value : null;
}

/** A number in tenths as it is shown in a field: at most one decimal, with a point. */
export function showTenth(tenths: number): string {
  return String(Math.round(tenths * 10) / 10);
}

/** The position (0 to 1, four decimals) of a number of tenths; numbers outside go to the nearest end. */
export function positionOf(tenths: number): number {
  return round4(tenths / TENTHS);
}

/** The tenths of a position. */
export function tenthsOf(position: number): number {
  return position * TENTHS;
}

/** Whether the three numbers of a triad make ten, as near as an eye reads them. */
export function makesTen(tenths: readonly number[]): boolean {
  const sum = tenths.reduce((a, b) => a + b, 0);
  return Math.abs(sum - TENTHS) <= SUM_SLACK + ROUNDING;
}

/** The shares of the top, left and right anchor, brought to exactly 1; `null` when the numbers do not make ten. */
export function sharesOfTenths(tenths: Shares): Shares | null {
  if (!makesTen(tenths)) return null;
  const [top, left, right] = tenths;
  return closed([top / TENTHS, left / TENTHS, right / TENTHS]);
}

/** The tenths of shares, unrounded: turned back they are the same shares to four decimals. */
export function tenthsOfShares([top, left, right]: Shares): Shares {
  return [tenthsOf(top), tenthsOf(left), tenthsOf(right)];
}

/** Shares as three texts of one decimal that make exactly ten. */
export function showShares(shares: Shares): string[] {
  return apportion(shares, TENTHS * 10).map((hundredths) => showTenth(hundredths / 10));
}

function westernDigit(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  const zero = ZEROS.find((first) => code >= first && code <= first + 9);
  return zero === undefined ? character : String(code - zero);
}
