// An answer of any kind in one line, for a list of answers.

import type { PlacementValue } from "../framework/types";
import { inSentence, labelOf, shown, type SignifierProps } from "./props";
import { dyadSentence, stoneSentence, triadSentence } from "./sentences";

/** What is needed to say an answer. */
export type Said = Omit<SignifierProps, "onchange">;

/** The answer in words; empty when it has none. */
export function inWords(said: Said): string {
  const { placement, words } = said;
  if (!placement) return "";
  if (placement.state === "answered") return placement.value ? valueInWords(placement.value, { ...said, onchange: () => undefined }) : "";
  const states: Partial<Record<typeof placement.state, string>> = {
    notApplicable: words.notAboutThis,
    unknown: words.unknown,
    declined: words.declined,
  };
  return states[placement.state] ?? "";
}

function valueInWords(value: PlacementValue, props: SignifierProps): string {
  const { signifier, words } = props;
  const label = (i: number): string => inSentence(labelOf(signifier.anchors?.[i], props), words);
  switch (signifier.kind) {
    case "triad":
      return triad(value.shares, [label(0), label(1), label(2)], props);
    case "dyad":
      return value.position == null ? "" : dyadSentence(value.position, label(0), label(1), words);
    case "stones":
      return stones(value.stones ?? [], props);
    case "scale":
      return named(signifier.points ?? [], value.point ? [value.point] : [], props);
    case "choice":
      return named(signifier.options ?? [], value.options ?? [], props);
    case "text":
      return value.text ?? "";
  }
}

function triad(shares: number[] | null | undefined, labels: [string, string, string], props: SignifierProps): string {
  const [top, left, right] = shares ?? [];
  if (top === undefined || left === undefined || right === undefined) return "";
  const { lead, rest } = triadSentence([top, left, right], labels, props.words);
  return lead + rest;
}

function stones(placed: { key: string; x: number; y: number }[], props: SignifierProps): string {
  const { signifier, words } = props;
  const end = (texts: Record<string, string> | undefined): string => inSentence(shown(texts ?? {}, props), words);
  const across = [end(signifier.axes?.x.start), end(signifier.axes?.x.end)] as const;
  const up = [end(signifier.axes?.y.start), end(signifier.axes?.y.end)] as const;
  const one = (stone: { key: string; x: number; y: number }): string => {
    const label = inSentence(labelOf(signifier.stones?.find((s) => s.key === stone.key), props), words);
    return stoneSentence({ label, x: stone.x, y: stone.y }, across, up, words);
  };
  return placed.map(one).join(" ");
}

function named(options: NonNullable<SignifierProps["signifier"]["options"]>, keys: string[], props: SignifierProps): string {
  const taken = options.filter((option) => keys.includes(option.key));
  return taken.map((option) => labelOf(option, props).text).join(", ");
}
