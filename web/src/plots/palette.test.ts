import { describe, expect, it } from "vitest";
import { channels, lookOf, MOST_GROUPS, paint, scaleColours } from "./palette";

type Matrix = [number[], number[], number[]];

// Machado, Oliveira and Fernandes, "A Physiologically-based Model for Simulation of Color Vision Deficiency", IEEE Transactions on
// Visualization and Computer Graphics 15(6), 2009: severity 1, on linear red, green and blue.
const sights: Record<string, Matrix> = {
  "all colours": [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
  protanopia: [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
  deuteranopia: [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]],
  tritanopia: [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.3039]],
};

function linear(colour: string): number[] {
  return channels(colour).map((c) => (c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4));
}

function seen(colour: string, sight: Matrix): number[] {
  const rgb = linear(colour);
  return sight.map((row) => Math.min(1, Math.max(0, row.reduce((sum, weight, i) => sum + weight * (rgb[i] ?? 0), 0))));
}

/** CIELAB of linear red, green and blue, D65. */
function lab([r = 0, g = 0, b = 0]: number[]): [number, number, number] {
  const f = (t: number): number => (t > 0.008856 ? Math.cbrt(t) : 7.787 * t + 16 / 116);
  const x = f((0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.95047);
  const y = f(0.2126 * r + 0.7152 * g + 0.0722 * b);
  const z = f((0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.08883);
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

function distance(a: string, b: string, sight: Matrix): number {
  const [p, q] = [lab(seen(a, sight)), lab(seen(b, sight))];
  return Math.hypot(p[0] - q[0], p[1] - q[1], p[2] - q[2]);
}

const looks = Array.from({ length: MOST_GROUPS }, (_, i) => lookOf(i));

// Differences are those of CIELAB (CIE 1976). Side by side about 2 can be seen; small marks that lie apart are to be named, and keep 40.
// Pieces of a bar touch with a white line between them, stand in order and have their names below: they keep 8.

/** Contrast of a colour with white paper, as WCAG counts it. */
function onPaper(colour: string): number {
  const [r = 0, g = 0, b = 0] = linear(colour);
  return 1.05 / (0.2126 * r + 0.7152 * g + 0.0722 * b + 0.05);
}

describe("groups are told apart", () => {
  it.each(Object.entries(sights))("by colour, with %s", (_, sight) => {
    looks.forEach((a, i) => looks.slice(i + 1).forEach((b) => expect(distance(a.colour, b.colour, sight)).toBeGreaterThan(40)));
  });

  it("by shape, without any colour", () => {
    expect(new Set(looks.map((look) => look.shape)).size).toBe(MOST_GROUPS);
  });

  it("from the paper: 3 to 1 or more", () => {
    for (const { colour } of looks) expect(onPaper(colour)).toBeGreaterThanOrEqual(3);
  });

  it.each(Object.entries(sights))("from all stories, pale behind them, with %s", (_, sight) => {
    for (const { colour } of looks) expect(distance(colour, paint.pale, sight)).toBeGreaterThan(25);
  });
});

describe("the colours of a scale", () => {
  it.each([2, 3, 4, 5, 7, 10])("are %i different ones, grey only in the middle of an odd number", (count) => {
    const colours = scaleColours(count);
    expect(new Set(colours).size).toBe(count);
    expect(colours.includes("#dcd7ce")).toBe(count % 2 === 1);
  });

  it.each(Object.entries(sights))("keep neighbours apart, up to seven points, with %s", (_, sight) => {
    for (const count of [2, 3, 4, 5, 7]) {
      const colours = scaleColours(count);
      colours.slice(1).forEach((colour, i) => expect(distance(colours[i] ?? "", colour, sight), `${count}: ${i}`).toBeGreaterThan(8));
    }
  });

  it.each(Object.entries(sights))("keep their ends apart, with %s", (_, sight) => {
    const colours = scaleColours(5);
    expect(distance(colours[0] ?? "", colours[4] ?? "", sight)).toBeGreaterThan(35);
  });
});
