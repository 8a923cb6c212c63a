// Colours and shapes of groups: told apart by people who see all colours, by people who do not, and on a grey print.

import type { MarkShape } from "./picture";

/** Paints of what is not a group; the values of look/base.css, since a file that is downloaded has no style sheet. */
export const paint = {
  ink: "#1c1917",
  soft: "#57534e",
  line: "#e7e2da",
  edge: "#8a837b",
  card: "#ffffff",
  tint: "#e6f0ef",
  pale: "#bdb6ab",
} as const;

/** What a group looks like. */
export interface Look {
  colour: string;
  shape: MarkShape;
}

/** At most so many groups are told apart in one plot. */
export const MOST_GROUPS = 4;

const looks: readonly [Look, Look, Look, Look] = [
  { colour: "#0f766e", shape: "circle" },
  { colour: "#c2570c", shape: "diamond" },
  { colour: "#160647", shape: "triangle" },
  { colour: "#995cd6", shape: "square" },
];

/** The look of the group with this number, from 0; a fifth looks like the first. */
export function lookOf(index: number): Look {
  return looks[index % MOST_GROUPS] ?? looks[0];
}

/**
 * Colours of the points of a scale, from the lowest to the highest: orange, by way of grey, to teal. An even number has
 * no grey.
 */
export function scaleColours(count: number): string[] {
  const half = Math.floor(count / 2);
  const low = Array.from({ length: half }, (_, i) => mix("#c2570c", "#f3d9c3", half === 1 ? 0 : i / (half - 0.4)));
  const high = Array.from({ length: half }, (_, i) => mix("#0f766e", "#c3e2de", half === 1 ? 0 : i / (half - 0.4)));
  return [...low, ...(count % 2 === 1 ? ["#dcd7ce"] : []), ...high.reverse()];
}

/** Whether words on this colour are to be dark. */
export function isLight(colour: string): boolean {
  const [r, g, b] = channels(colour).map((c) => (c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4));
  return 0.2126 * (r ?? 0) + 0.7152 * (g ?? 0) + 0.0722 * (b ?? 0) > 0.22;
}

/** Red, green and blue of `#rrggbb`, 0 to 255. */
export function channels(colour: string): [number, number, number] {
  const value = Number.parseInt(colour.slice(1), 16);
  return [(value >> 16) & 255, (value >> 8) & 255, value & 255];
}

function mix(from: string, to: string, share: number): string {
  const [a, b] = [channels(from), channels(to)];
  const parts = a.map((c, i) => Math.round(c + ((b[i] ?? c) - c) * share));
  return `#${parts.map((c) => c.toString(16).padStart(2, "0")).join("")}`;
}
