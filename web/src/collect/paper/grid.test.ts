import { describe, expect, it } from "vitest";
import { gridLines, place, WIDTH } from "./grid";

/** The line of a corner that goes through a point of the triangle, as a typist would find it. */
function readOff(corner: number, at: { x: number; y: number }, mirrored: boolean): number {
  const away = (tenths: number): number => {
    const line = gridLines(mirrored).find((one) => one.corner === corner && one.tenths === tenths);
    if (!line) throw new Error("no such line");
    const [dx, dy] = [line.to.x - line.from.x, line.to.y - line.from.y];
    return Math.abs(dx * (at.y - line.from.y) - dy * (at.x - line.from.x)) / Math.hypot(dx, dy);
  };
  const all = Array.from({ length: 11 }, (_, tenths) => tenths);
  return all.reduce((best, tenths) => (away(tenths) < away(best) ? tenths : best), 0);
}

describe("the grid of a printed triangle", () => {
  for (const mirrored of [false, true]) {
    it(`says for a mark how much of each corner there is${mirrored ? ", also mirrored: the data stay the same" : ""}`, () => {
      for (const shares of [[0.2, 0.5, 0.3], [0.6, 0.1, 0.3], [0, 0.4, 0.6], [1, 0, 0]] as const) {
        const at = place(shares, mirrored);
        expect([0, 1, 2].map((corner) => readOff(corner, at, mirrored) / 10)).toEqual([...shares]);
      }
    });
  }

  it("has the left corner at the right when it is mirrored", () => {
    expect(place([0, 1, 0], true).x).toBeCloseTo(WIDTH - place([0, 1, 0], false).x);
    expect(place([0, 1, 0], true).x).toBeGreaterThan(WIDTH / 2);
  });

  it("writes no two numbers in the same place, and none beyond the edge of the drawing", () => {
    const numbers = gridLines(false).map((line) => line.number);
    for (const [i, one] of numbers.entries()) {
      expect(one.x).toBeGreaterThan(2);
      expect(one.x).toBeLessThan(WIDTH - 2);
      for (const other of numbers.slice(i + 1)) expect(Math.hypot(one.x - other.x, one.y - other.y)).toBeGreaterThan(3);
    }
  });
});
