// Questions and dots for tests.

import { closed } from "../signifiers/triangle";
import type { Group, Signifier, SignifierSummary } from "./types";

const label = (nl: string, en: string): Record<string, string> => ({ nl, en });

export const triad: Signifier = {
  key: "competence",
  kind: "triad",
  question: label("Wat vroeg dit vooral van u?", "What did this mainly ask of you?"),
  anchors: [
    { key: "work", label: label("het werk zelf", "the work itself") },
    { key: "people", label: label("omgaan met mensen", "dealing with people") },
    { key: "time", label: label("mijn tijd verdelen", "dividing my time") },
  ],
};

export const dyad: Signifier = {
  key: "confidence",
  kind: "dyad",
  question: label("Wat durfde u?", "What did you dare?"),
  anchors: [
    { key: "little", label: label("bijna niets", "almost nothing") },
    { key: "much", label: label("te veel", "too much") },
  ],
};

export const stones: Signifier = {
  key: "health",
  kind: "stones",
  question: label("Leg de stenen.", "Place the stones."),
  aspect: 1.5,
  axes: {
    x: { start: label("gaat slecht", "going badly"), end: label("gaat goed", "going well") },
    y: { start: label("weinig invloed", "little influence"), end: label("veel invloed", "much influence") },
  },
  stones: [{ key: "body", label: label("lichaam", "body") }, { key: "mind", label: label("hoofd", "mind") }],
};

export const scale: Signifier = {
  key: "money",
  kind: "scale",
  question: label("Zorgen over geld?", "Worries about money?"),
  points: ["veel", "enkele", "geen"].map((text, i) => ({ key: String(i + 1), label: label(text, text) })),
};

/** A row of numbers from 0 to 1 that is the same every time. */
export function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };
}

/** Dots all over a triad. */
export function triadDots(count: number, seed = 7): number[][] {
  const next = numbers(seed);
  return Array.from({ length: count }, () => {
    const [a, b] = [next(), next()].sort((p, q) => p - q) as [number, number];
    return [...closed([a, b - a, 1 - b])];
  });
}

/** A summary without answers. */
export function summaryOf(signifier: Signifier, rest: Partial<SignifierSummary>): SignifierSummary {
  return { signifier: signifier.key, kind: signifier.kind, n: 0, notApplicable: 0, unknown: 0, declined: 0, skipped: 0, ...rest };
}

/** A group with dots on a triad and its summary. */
export function triadGroup(count: number, key = "all", text = ""): Group {
  const at = triadDots(count);
  const top = at.filter(([share = 0]) => share >= 0.6).length;
  const summary = summaryOf(triad, {
    n: count,
    notApplicable: 5,
    unknown: 1,
    triad: {
      zones: [
        { zone: "top", count: top, share: top / count, areaShare: 0.16 },
        { zone: "centre", count: count - top, share: 1 - top / count, areaShare: 0.16 },
      ],
      arithmeticCentre: [0.4, 0.3, 0.3],
    },
  });
  return { key, label: text, dots: { at, ids: at.map((_, i) => (i % 2 === 0 ? `story-${i}` : null)) }, summary };
}
