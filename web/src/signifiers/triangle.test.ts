import { describe, expect, it } from "vitest";
import { apportion, mirror, pointOf, round4, type Shares, sharesOf, withShare } from "./triangle";

function tenThousandths(shares: Shares): number {
  return shares.reduce((sum, s) => sum + Math.round(s * 10_000), 0);
}

describe("a point in the triangle", () => {
  it("is the share of each anchor: corners are one alone, the middle a third of each", () => {
    expect(sharesOf({ x: 0.5, y: 1 })).toEqual([1, 0, 0]);
    expect(sharesOf({ x: 0, y: 0 })).toEqual([0, 1, 0]);
    expect(sharesOf({ x: 1, y: 0 })).toEqual([0, 0, 1]);
    expect(sharesOf({ x: 0.5, y: 1 / 3 })).toEqual(Array(3).fill(expect.closeTo(1 / 3, 3)));
  });

  it("follows the format: y is top, x is right and half of top", () => {
    expect(pointOf([0.6, 0.3, 0.1])).toEqual({ x: 0.4, y: 0.6 });
    expect(sharesOf({ x: 0.4, y: 0.6 })).toEqual([0.6, 0.3, 0.1]);
  });

  it("has shares in 4 decimals that make exactly 1, wherever it is, also outside", () => {
    for (let i = -20; i <= 120; i += 7) {
      for (let j = -20; j <= 120; j += 3) {
        const shares = sharesOf({ x: i / 100 + 0.00123, y: j / 100 + 0.00077 });
        expect(tenThousandths(shares)).toBe(10_000);
        expect(shares.every((s) => s >= 0 && s <= 1 && round4(s) === s)).toBe(true);
        expect(sharesOf(pointOf(shares))).toEqual(shares);
      }
    }
  });

  it("goes to the nearest edge or corner when it was outside", () => {
    expect(sharesOf({ x: 0.3, y: -0.4 })).toEqual([0, 0.7, 0.3]);
    expect(sharesOf({ x: -0.5, y: -0.2 })).toEqual([0, 1, 0]);
    expect(sharesOf({ x: 0.5, y: 1.5 })).toEqual([1, 0, 0]);
    // As drawn, the left edge rises at 60 degrees: the top left corner of the box is nearest to the edge at three quarters.
    expect(sharesOf({ x: 0, y: 1 })).toEqual([0.75, 0.25, 0]);
  });

  it("is mirrored for readers from the right, while its shares stay with their anchors", () => {
    const touched = { x: 0.9, y: 0.1 };
    expect(sharesOf(mirror(touched, false))[2]).toBeGreaterThan(0.8);
    expect(sharesOf(mirror(touched, true))[1]).toBeGreaterThan(0.8);
    const back = mirror(mirror(touched, true), true);
    expect([back.x, back.y]).toEqual([expect.closeTo(0.9), 0.1]);
  });
});

describe("shares", () => {
  it("become whole numbers of 100 without losing one", () => {
    expect(apportion([1 / 3, 1 / 3, 1 / 3], 100)).toEqual([34, 33, 33]);
    expect(apportion([0.29, 0.57, 0.14], 100)).toEqual([29, 57, 14]);
  });

  it("can be set one at a time, the others keeping their proportion", () => {
    expect(withShare([0.6, 0.3, 0.1], 0, 0.2)).toEqual([0.2, 0.6, 0.2]);
    expect(withShare([1, 0, 0], 0, 0.4)).toEqual([0.4, 0.3, 0.3]);
    expect(withShare(null, 2, 0.5)).toEqual([0.25, 0.25, 0.5]);
  });
});

describe("a place on a line", () => {
  it("has 4 decimals and stays on the line", () => {
    expect([round4(0.123456), round4(-0.2), round4(1.01)]).toEqual([0.1235, 0, 1]);
  });
});
