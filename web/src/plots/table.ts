// The numbers of a plot as a table: for the screen, and as a file.

import { language } from "../dash/language.svelte";
import { cellLabel, labelOf, zoneLabel } from "./parts";
import { percents } from "./percents";
import type { Group, Signifier, SignifierSummary } from "./types";
import { words } from "./words";

/** A table: names of columns, then rows with a name first. */
export interface Table {
  columns: string[];
  rows: string[][];
}

interface Line {
  label: string;
  count: number | null;
  share: number | null;
  low: number | null;
  high: number | null;
}

/** The numbers of a plot: part by part, group by group, with the states beside an answer at the end. */
export function tableOf(signifier: Signifier, groups: readonly Group[], hasIntervals = false): Table {
  const say = words();
  const isAlone = groups.length === 1;
  const named = groups.map((group) => (isAlone ? "" : group.label));
  const each = named.flatMap((name) => [say.count(name), say.share(name), ...(hasIntervals ? [say.between95(name)] : [])]);
  const lists = groups.map((group) => (group.summary === undefined ? [] : linesOf(signifier, group.summary)));
  const longest = lists.reduce((a, b) => (b.length > a.length ? b : a), []);
  const rows = longest.map((line, i) => [line.label, ...lists.flatMap((list) => cells(list[i], hasIntervals))]);
  return { columns: [say.part, ...each], rows };
}

function cells(line: Line | undefined, hasIntervals: boolean): string[] {
  const count = line?.count == null ? "–" : language.number(line.count);
  const share = line?.share == null ? "" : language.percent(line.share);
  if (!hasIntervals) return [count, share];
  const range = line?.low == null || line.high == null ? "" : words().range(language.percent(line.low), language.percent(line.high));
  return [count, share, range];
}

function linesOf(signifier: Signifier, summary: SignifierSummary): Line[] {
  return [...parts(signifier, summary), ...states(summary)];
}

function parts(signifier: Signifier, summary: SignifierSummary): Line[] {
  switch (summary.kind) {
    case "triad":
      return rounded((summary.triad?.zones ?? []).map((zone) => line(zoneLabel(signifier, zone.zone), zone)));
    case "dyad":
      return dyadLines(summary);
    case "stones":
      return stoneLines(signifier, summary);
    case "scale":
      return optionLines(signifier.points ?? [], summary.scale?.options ?? []);
    case "choice":
      return optionLines(signifier.options ?? [], summary.choice?.options ?? []);
    case "text":
      return [];
  }
}

interface Counted {
  count?: number | null;
  share?: number | null;
  low?: number | null;
  high?: number | null;
}

function line(label: string, { count, share, low, high }: Counted): Line {
  return { label, count: count ?? null, share: share ?? null, low: low ?? null, high: high ?? null };
}

/** The parts of a whole with shares that add up when they are written as whole percentages. */
function rounded(lines: Line[]): Line[] {
  const all = percents(lines.map(({ share }) => share));
  return lines.map((one, i) => ({ ...one, share: all[i] == null ? null : all[i] / 100 }));
}

function optionLines(anchors: NonNullable<Signifier["options"]>, options: (Counted & { key: string })[]): Line[] {
  return rounded(options.map((option) => line(labelOf(anchors.find((anchor) => anchor.key === option.key)) || option.key, option)));
}

function dyadLines(summary: SignifierSummary): Line[] {
  const histogram = summary.dyad?.histogram ?? [];
  const lines = histogram.map((count, i) => {
    const label = words().range(language.number(i * 5), language.number(i * 5 + 5));
    return line(label, { count, share: summary.n ? count / summary.n : null });
  });
  return rounded(lines);
}

function stoneLines(signifier: Signifier, summary: SignifierSummary): Line[] {
  return (summary.stones?.stones ?? []).flatMap((stone) => {
    const label = labelOf(signifier.stones?.find((one) => one.key === stone.key));
    const grid = stone.grid ?? Array.from({ length: 9 }, () => null);
    const lines = grid.map((count, i) => {
      const cell = cellLabel(signifier, i % 3, Math.floor(i / 3));
      return line(words().from(cell, label), { count, share: stone.n && count !== null ? count / stone.n : null });
    });
    return rounded(lines);
  });
}

function states(summary: SignifierSummary): Line[] {
  const say = words().states;
  return [
    line(say.answered, { count: summary.n }),
    line(say.notApplicable, { count: summary.notApplicable }),
    line(say.unknown, { count: summary.unknown }),
    line(say.declined, { count: summary.declined }),
    line(say.skipped, { count: summary.skipped }),
  ].filter((one) => one.count !== 0);
}

/** The dots of a plot as a table, in the units of the API; without what story each is. */
export function dotsTable(signifier: Signifier, groups: readonly Group[]): Table {
  const axes: Record<string, string[]> = { triad: ["top", "left", "right"], dyad: ["position"], stones: ["x", "y"] };
  const isStones = signifier.kind === "stones";
  const columns = ["group", ...(isStones ? ["stone"] : []), ...(axes[signifier.kind] ?? []), "count"];
  const rows = groups.flatMap((group) =>
    isStones
      ? (group.stones ?? []).flatMap((one) => dotRows([group.label, one.stone], one))
      : dotRows([group.label], group),
  );
  return { columns, rows };
}

function dotRows(before: string[], source: Pick<Group, "dots" | "bins">): string[][] {
  const dots = (source.dots?.at ?? []).map((at) => [...before, ...at.map(String), "1"]);
  const bins = (source.bins ?? []).map((bin) => [...before, ...bin.at.map(String), String(bin.count)]);
  return dots.length > 0 ? dots : bins;
}
