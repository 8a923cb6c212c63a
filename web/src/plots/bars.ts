// Scales and choices as bars: what is drawn, from the numbers.

import { labelOf } from "./parts";
import { lookOf, paint, scaleColours } from "./palette";
import { percents } from "./percents";
import { blank, markPath, type MarkShape, type Picture } from "./picture";
import type { Group, Signifier } from "./types";

/** One bar of a choice. */
export interface Bar {
  key: string;
  label: string;
  count: number | null;
  share: number | null;
  low: number | null;
  high: number | null;
}

/** The bars of one group. */
export interface BarSeries {
  key: string;
  label: string;
  colour: string;
  shape: MarkShape;
  bars: Bar[];
  n: number;
  isSuppressed: boolean;
}

/** A piece of a scale's bar: from and to are shares left (below 0) and right of the middle. */
export interface Piece {
  key: string;
  label: string;
  colour: string;
  from: number;
  to: number;
  share: number;
  count: number | null;
}

/** The bars of a group, in the order of the framework. */
export function barsOf(signifier: Signifier, group: Group, index: number): BarSeries {
  const anchors = signifier.kind === "scale" ? (signifier.points ?? []) : (signifier.options ?? []);
  const counted = group.summary?.scale?.options ?? group.summary?.choice?.options ?? [];
  const bars = anchors.map((anchor) => {
    const found = counted.find((option) => option.key === anchor.key);
    const { count = null, share = null, low = null, high = null } = found ?? {};
    return { key: anchor.key, label: labelOf(anchor), count, share, low, high };
  });
  const isSuppressed = group.summary?.suppressed != null;
  return { key: group.key, label: group.label, ...lookOf(index), bars, n: group.summary?.n ?? 0, isSuppressed };
}

/** The pieces of a scale's bar, with the middle of the middle point (or between the two middle points) at 0. */
export function piecesOf(bars: readonly Bar[]): Piece[] {
  const colours = scaleColours(bars.length);
  const shares = bars.map((bar) => bar.share ?? 0);
  const half = bars.length / 2;
  const before = shares.reduce((sum, share, i) => sum + share * Math.min(1, Math.max(0, half - i)), 0);
  let at = -before;
  return bars.map((bar, i) => {
    const from = at;
    at += shares[i] ?? 0;
    return { key: bar.key, label: bar.label, colour: colours[i] ?? paint.edge, from, to: at, share: shares[i] ?? 0, count: bar.count };
  });
}

/** How far scale bars reach to the left and right, the same for all groups, so that their middles lie below each other. */
export function reachOf(all: readonly Piece[][]): { left: number; right: number } {
  const left = Math.max(0.05, ...all.map((pieces) => -(pieces[0]?.from ?? 0)));
  const right = Math.max(0.05, ...all.map((pieces) => pieces.at(-1)?.to ?? 0));
  return { left, right };
}

const ROW = 26;
const LABEL = 150;
const LONG = 220;

/** The bars as a picture for a file. */
export function barsPicture(series: readonly BarSeries[], isScale: boolean): Picture {
  return isScale ? scalePicture(series) : choicePicture(series);
}

function choicePicture(series: readonly BarSeries[]): Picture {
  const labels = series[0]?.bars ?? [];
  const tall = ROW * series.length;
  const picture = blank(LABEL + LONG + 50, labels.length * (tall + 8), null);
  const rounded = series.map((one) => percents(one.bars.map(({ share }) => share ?? 0)));
  labels.forEach((label, i) => {
    const top = i * (tall + 8);
    picture.texts.push({ x: 0, y: top + tall / 2, text: label.label, anchor: "start" });
    series.forEach((one, k) => {
      const share = one.bars[i]?.share ?? 0;
      const y = top + k * ROW + 3;
      picture.under.push({ d: `M${LABEL} ${y}h${LONG * share}v${ROW - 6}h${-LONG * share}Z`, fill: one.colour });
      picture.texts.push({ x: LABEL + LONG * share + 6, y: y + ROW / 2 - 3, text: `${rounded[k]?.[i] ?? 0}%`, anchor: "start" });
    });
  });
  return picture;
}

function scalePicture(series: readonly BarSeries[]): Picture {
  const all = series.map((one) => piecesOf(one.bars));
  const { left, right } = reachOf(all);
  const scale = (LABEL + LONG) / (left + right);
  const legend = series[0]?.bars.length ?? 0;
  const picture = blank(LABEL + LONG, series.length * (ROW + 18) + legend * 16 + 16, null);
  all.forEach((pieces, k) => {
    const y = k * (ROW + 18) + 16;
    picture.texts.push({ x: 0, y: y - 9, text: series[k]?.label ?? "", anchor: "start" });
    for (const piece of pieces) {
      const [x, width] = [(piece.from + left) * scale, (piece.to - piece.from) * scale];
      picture.under.push({ d: `M${x} ${y}h${width}v${ROW}h${-width}Z`, fill: piece.colour, stroke: paint.card, width: 1 });
    }
  });
  const from = series.length * (ROW + 18) + 16;
  const rounded = all.map((pieces) => percents(pieces.map(({ share }) => share)));
  (all[0] ?? []).forEach((piece, i) => {
    const y = from + i * 16;
    picture.over.push({ d: markPath({ x: 6, y }, "square", 5), fill: piece.colour });
    const said = rounded.map((of) => `${of[i] ?? 0}%`).join(" / ");
    picture.texts.push({ x: 18, y, text: `${piece.label}: ${said}`, anchor: "start" });
  });
  return picture;
}
