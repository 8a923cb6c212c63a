import { describe, expect, it } from "vitest";
import { makesTen, parseTenth, positionOf, sharesOfTenths, showShares, showTenth, tenthsOf, tenthsOfShares } from "./tenths";

describe("a number read off a printed figure", () => {
  it("is 0 to 10 with at most one decimal, with a point or a comma", () => {
    expect(["0", "10", "3.5", "3,5", " 7 ", "7."].map(parseTenth)).toEqual([0, 10, 3.5, 3.5, 7, 7]);
  });

  it("may be typed in Arabic or Persian digits", () => {
    expect(["٣٫٥", "۱۰", "٧"].map(parseTenth)).toEqual([3.5, 10, 7]);
  });

  it("is refused when it is no such number, and never guessed", () => {
    expect(["", "x", "-1", "10,1", "11", "35", "3.55", "3 5", "1e1", "."].map(parseTenth)).toEqual(Array(10).fill(null));
  });

  it("comes back the same to four decimals", () => {
    for (const position of [0, 0.0001, 0.1234, 0.3333, 0.5, 0.9999, 1]) {
      expect(positionOf(tenthsOf(position))).toBe(position);
    }
  });

  it("is shown with at most one decimal", () => {
    expect([0, 3.333, 7.25, 10].map(showTenth)).toEqual(["0", "3.3", "7.3", "10"]);
  });
});

describe("three numbers of a triad", () => {
  it("may be half a line off together, since marks are read by eye, and not more", () => {
    expect(makesTen([3, 3, 3.5])).toBe(true);
    expect(makesTen([3.5, 3.5, 3.5])).toBe(true);
    expect(makesTen([3, 3, 3.4])).toBe(false);
    expect(sharesOfTenths([4, 4, 3])).toBeNull();
  });

  it("are closed to exactly one, in their proportion", () => {
    for (const tenths of [[3.3, 3.3, 3.3], [3, 3, 3.5], [0.1, 5, 5.2], [10, 0, 0.4]] as const) {
      const shares = sharesOfTenths(tenths) ?? [0, 0, 0];
      expect(shares.reduce((all, share) => all + Math.round(share * 10_000), 0)).toBe(10_000);
      expect(shares[0] * tenths[1]).toBeCloseTo(shares[1] * tenths[0], 2);
    }
  });

  it("come back as the same shares to four decimals", () => {
    for (const shares of [[1, 0, 0], [0.3333, 0.3333, 0.3334], [0.1234, 0.2345, 0.6421], [0, 0.0001, 0.9999]] as const) {
      expect(sharesOfTenths(tenthsOfShares(shares))).toEqual(shares);
    }
  });

  it("are shown as numbers that make exactly ten", () => {
    const shown = showShares([0.3333, 0.3333, 0.3334]);
    expect(shown.map(Number).reduce((a, b) => a + b, 0)).toBeCloseTo(10, 9);
    expect(showShares([0, 0.25, 0.75])).toEqual(["0", "2.5", "7.5"]);
  });
});
