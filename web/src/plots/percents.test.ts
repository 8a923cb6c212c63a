import { describe, expect, it } from "vitest";
import { percents } from "./percents";

const sum = (values: (number | null)[]): number => values.reduce<number>((total, value) => total + (value ?? 0), 0);

describe("rounded shares", () => {
  it("of a whole add up to 100, and none is off by one or more", () => {
    for (const counts of [[43, 4, 1, 13, 2, 2, 17], [0, 4, 3, 3, 9, 9, 7, 16, 8, 11, 3, 3, 3, 0, 1], [1, 1, 1], [29, 71]]) {
      const all = counts.reduce((a, b) => a + b);
      const rounded = percents(counts.map((count) => count / all));
      expect(sum(rounded)).toBe(100);
      rounded.forEach((value, i) => expect(Math.abs((value ?? 0) - (100 * (counts[i] ?? 0)) / all)).toBeLessThan(1));
    }
  });

  it("of what is no whole are rounded one by one", () => {
    expect(percents([0.666, 0.666])).toEqual([67, 67]);
    expect(percents([0.5, null, 0.25])).toEqual([50, null, 25]);
    expect(percents([0, 0])).toEqual([0, 0]);
  });
});
