// What is typed for one question of a paper form, and the answer that it says. Half an answer is no answer, but what was
// typed of it is kept with the draft.

import { cleanText } from "../../framework/texts";
import type { AnswerState, Placement, PlacementValue, Signifier, StonePoint } from "../../framework/types";
import { answered } from "../../signifiers/props";
import { parseTenth, positionOf, sharesOfTenths, showShares, showTenth, tenthsOf } from "./tenths";

/** What stands in the fields of a question. */
export interface Typed {
  /** Texts of the small fields: of a triad its anchors, of a dyad one, of stones x and y of each, of a text the text. */
  fields: string[];
  /** Keys of the points or options that are ticked. */
  picked: string[];
  /** Another thing that was ticked instead of an answer; empty when there is none. `skipped`: left empty on the paper. */
  state: "" | Exclude<AnswerState, "answered">;
}

/** Why what was typed is no answer: a field is missing; no number of 0 to 10; three numbers that do not make ten. */
export type TypingError = "incomplete" | "number" | "sum";

/** What was typed, as an answer. */
export interface Reading {
  /** Null when nothing is typed, or something is wrong. */
  placement: Placement | null;
  error: TypingError | null;
  /** Which of the fields is wrong; 0 when it is not one of them. */
  at: number;
}

type Value = { value: PlacementValue | null } | { error: TypingError; at: number };

/** Nothing typed yet. */
export function nothingTyped(signifier: Signifier): Typed {
  return { fields: Array.from({ length: fieldsOf(signifier) }, () => ""), picked: [], state: "" };
}

/** How many small fields a question has. */
export function fieldsOf(signifier: Signifier): number {
  const counts = { triad: 3, dyad: 1, stones: 2 * (signifier.stones?.length ?? 0), scale: 0, choice: 0, text: 1 };
  return counts[signifier.kind];
}

/** The answer that is typed. */
export function read(signifier: Signifier, typed: Typed): Reading {
  if (typed.state !== "") return { placement: { state: typed.state }, error: null, at: 0 };
  const found = valueOf(signifier, typed);
  if ("error" in found) return { placement: null, error: found.error, at: found.at };
  return { placement: found.value === null ? null : answered(found.value, "number"), error: null, at: 0 };
}

/** What stands in the fields for an answer that was given elsewhere, to one decimal. */
export function typedOf(signifier: Signifier, placement: Placement | null): Typed {
  const empty = nothingTyped(signifier);
  if (placement === null) return empty;
  if (placement.state !== "answered") return { ...empty, state: placement.state };
  const { shares, position, stones, point, options, text } = placement.value ?? {};
  if (shares) return { ...empty, fields: showShares([shares[0] ?? 0, shares[1] ?? 0, shares[2] ?? 0]) };
  if (position != null) return { ...empty, fields: [showTenth(tenthsOf(position))] };
  if (stones) return { ...empty, fields: fieldsOfStones(signifier, stones) };
  if (text != null) return { ...empty, fields: [text] };
  return { ...empty, picked: point != null ? [point] : (options ?? []) };
}

function valueOf(signifier: Signifier, { fields, picked }: Typed): Value {
  switch (signifier.kind) {
    case "triad":
      return triad(fields);
    case "dyad":
      return dyad(fields);
    case "stones":
      return stonesValue(signifier, fields);
    case "scale":
      return { value: picked[0] === undefined ? null : { point: picked[0] } };
    case "choice":
      return choice(signifier, picked);
    case "text":
      return text(fields[0] ?? "");
  }
}

/** The numbers of fields that belong together; null when none is typed. */
function numbers(fields: string[], first = 0): { numbers: number[] | null } | { error: TypingError; at: number } {
  if (fields.every(isBlank)) return { numbers: null };
  const read = fields.map(parseTenth);
  const wrong = fields.findIndex((field, i) => !isBlank(field) && read[i] === null);
  if (wrong >= 0) return { error: "number", at: first + wrong };
  const missing = fields.findIndex(isBlank);
  return missing >= 0 ? { error: "incomplete", at: first + missing } : { numbers: read.map((n) => n ?? 0) };
}

function triad(fields: string[]): Value {
  const found = numbers(fields);
  if ("error" in found) return found;
  if (found.numbers === null) return { value: null };
  const [top = 0, left = 0, right = 0] = found.numbers;
  const shares = sharesOfTenths([top, left, right]);
  return shares === null ? { error: "sum", at: 0 } : { value: { shares: [...shares] } };
}

function dyad(fields: string[]): Value {
  const found = numbers(fields);
  if ("error" in found) return found;
  const tenths = found.numbers?.[0];
  return { value: tenths === undefined ? null : { position: positionOf(tenths) } };
}

function stonesValue(signifier: Signifier, fields: string[]): Value {
  const laid: StonePoint[] = [];
  for (const [i, { key }] of (signifier.stones ?? []).entries()) {
    const found = numbers([fields[2 * i] ?? "", fields[2 * i + 1] ?? ""], 2 * i);
    if ("error" in found) return found;
    const [x, y] = found.numbers ?? [];
    if (x !== undefined && y !== undefined) laid.push({ key, x: positionOf(x), y: positionOf(y) });
  }
  return { value: laid.length === 0 ? null : { stones: laid } };
}

function choice(signifier: Signifier, picked: string[]): Value {
  const options = (signifier.options ?? []).map((option) => option.key).filter((key) => picked.includes(key));
  return { value: options.length === 0 ? null : { options } };
}

function text(typed: string): Value {
  const clean = cleanText(typed);
  return { value: isBlank(clean) ? null : { text: clean } };
}

function fieldsOfStones(signifier: Signifier, laid: StonePoint[]): string[] {
  return (signifier.stones ?? []).flatMap(({ key }) => {
    const stone = laid.find((one) => one.key === key);
    return stone ? [showTenth(tenthsOf(stone.x)), showTenth(tenthsOf(stone.y))] : ["", ""];
  });
}

function isBlank(typed: string): boolean {
  return typed.trim() === "";
}
