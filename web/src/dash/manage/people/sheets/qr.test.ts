import { describe, expect, it } from "vitest";
import { qrOf } from "./qr";

describe("a QR code", () => {
  it("has a quiet border of four modules, so that cameras find it", () => {
    const { size, path } = qrOf("7K3M-PX2C secret");
    const starts = [...path.matchAll(/M(\d+) (\d+)h(\d+)/g)].map(([, x, y, width]) => [Number(x), Number(y), Number(width)]);
    for (const [x = 0, y = 0, width = 0] of starts) {
      expect(x).toBeGreaterThanOrEqual(4);
      expect(y).toBeGreaterThanOrEqual(4);
      expect(x + width).toBeLessThanOrEqual(size - 4);
    }
    expect(starts[0]).toEqual([4, 4, 7]); // the top of the finder in the left corner
  });

  it("draws another code for another text", () => {
    expect(qrOf("AAAA").path).not.toBe(qrOf("AAAB").path);
  });
});
