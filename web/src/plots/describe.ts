// Plots in words: the text alternative that is made of the numbers.

import { language } from "../dash/language.svelte";
import { cellLabel, dyadLabel, dyadSteps, labelOf, zoneLabel } from "./parts";
import type { Group, Signifier, SignifierSummary } from "./types";
import { words } from "./words";

/** A plot in words: group by group how many answered, where most lie, and who did not answer. */
export function describe(signifier: Signifier, groups: readonly Group[]): string {
  const question = language.text(signifier.question);
  const parts = groups.map((group) => {
    const said = group.summary === undefined ? "" : inSentences(signifier, group.summary);
    return groups.length > 1 || group.label !== "" ? `${group.label}: ${said}` : said;
  });
  return [question, ...parts].filter((text) => text !== "").join(" ");
}

/** The states beside an answer that occur, in words: 'gaat hier niet over', 'weet ik niet', ... */
export function statesOf(summary: SignifierSummary): string[] {
  const say = words();
  const some = (count: number | null | undefined, text: (n: string) => string): string[] =>
    count ? [text(language.number(count))] : [];
  return [
    ...some(summary.notApplicable, say.notApplicable),
    ...some(summary.unknown, say.unknown),
    ...some(summary.declined, say.declined),
    ...some(summary.skipped, say.skipped),
  ];
}

/** One line with how many answered and how many did not: what stands above every plot. */
export function countLine(summary: SignifierSummary | undefined): string {
  if (summary === undefined) return "";
  if (summary.suppressed || summary.n == null) return words().tooFew;
  return [words().answered(language.number(summary.n), summary.n === 1), ...statesOf(summary)].join(" · ");
}

function inSentences(signifier: Signifier, summary: SignifierSummary): string {
  if (summary.suppressed || summary.n == null) return words().tooFew;
  if (summary.n === 0) return [words().nobody, ...statesOf(summary).map(ended)].join(" ");
  const states = statesOf(summary);
  return [`${countLine({ ...summary, notApplicable: 0, unknown: 0, declined: 0, skipped: 0 })}.`, pattern(signifier, summary), ...states.map(ended)]
    .filter((text) => text !== "")
    .join(" ");
}

function ended(text: string): string {
  return `${text}.`;
}

function pattern(signifier: Signifier, summary: SignifierSummary): string {
  switch (summary.kind) {
    case "triad":
      return ranked(
        (summary.triad?.zones ?? []).map(({ zone, count }) => ({ label: zoneLabel(signifier, zone), count: count ?? 0 })),
        summary.n ?? 0,
      );
    case "dyad":
      return dyadSentence(signifier, summary);
    case "stones":
      return stonesSentence(signifier, summary);
    case "scale":
      return optionsSentence(signifier.points ?? [], summary.scale?.options ?? []);
    case "choice":
      return optionsSentence(signifier.options ?? [], summary.choice?.options ?? []);
    case "text":
      return "";
  }
}

function ranked(parts: { label: string; count: number }[], n: number): string {
  const [first, second] = [...parts].sort((a, b) => b.count - a.count);
  const say = words().describe;
  if (first === undefined || first.count === 0) return "";
  const most = say.most(first.label, language.number(first.count), language.number(n));
  return second && second.count > 0 ? `${most} ${say.then(second.label, language.number(second.count))}` : most;
}

function dyadSentence(signifier: Signifier, summary: SignifierSummary): string {
  const { q1, q3 } = summary.dyad ?? {};
  const [left, right] = [labelOf(signifier.anchors?.[0]), labelOf(signifier.anchors?.[1])];
  const half = q1 == null || q3 == null ? "" : words().describe.half(hundred(q1), hundred(q3), left, right);
  const histogram = summary.dyad?.histogram ?? [];
  const parts = dyadSteps.map((_, i) => ({
    label: dyadLabel(signifier, i),
    count: histogram.slice(i * 4, i * 4 + 4).reduce((sum, count) => sum + (count ?? 0), 0),
  }));
  return [half, ranked(parts, summary.n ?? 0)].filter((text) => text !== "").join(" ");
}

function stonesSentence(signifier: Signifier, summary: SignifierSummary): string {
  const sentences = (summary.stones?.stones ?? []).map((stone) => {
    const label = labelOf(signifier.stones?.find((one) => one.key === stone.key));
    const [x, y] = stone.centroid ?? [];
    if (x === undefined || y === undefined) return `${label}: ${words().tooFew}`;
    return words().describe.place(label, hundred(x), cellLabel(signifier, 2, 1), hundred(y), cellLabel(signifier, 1, 2));
  });
  return sentences.join(" ");
}

function optionsSentence(anchors: NonNullable<Signifier["options"]>, options: { key: string; count?: number | null }[]): string {
  const said = options.map((option) => {
    const label = labelOf(anchors.find((anchor) => anchor.key === option.key)) || option.key;
    return words().describe.option(label, option.count == null ? "–" : language.number(option.count));
  });
  return said.length === 0 ? "" : words().describe.options(said.join("; "));
}

/** One placement in words. */
export function describeAt(signifier: Signifier, at: readonly number[], stone?: string): string {
  const say = words().describe;
  if (signifier.kind === "triad") {
    const most = at.indexOf(Math.max(...at));
    const share = at[most] ?? 0;
    return share < 0.4 ? say.even : say.mostly(labelOf(signifier.anchors?.[most]), language.percent(share));
  }
  if (signifier.kind === "dyad") {
    return say.position(hundred(at[0] ?? 0), labelOf(signifier.anchors?.[0]), labelOf(signifier.anchors?.[1]));
  }
  const label = labelOf(signifier.stones?.find((one) => one.key === stone));
  return say.place(label, hundred(at[0] ?? 0), cellLabel(signifier, 2, 1), hundred(at[1] ?? 0), cellLabel(signifier, 1, 2));
}

function hundred(share: number): string {
  return language.number(100 * share);
}
