import { describe, expect, it } from "vitest";
import { percentsOf, sharesTyped, typed } from "./percents";

describe("the three numbers of a triad", () => {
  it("are empty until something is placed, and one of them places nothing", () => {
    const one = typed(percentsOf(null), 0, 60);
    expect(one.values).toEqual([60, null, null]);
    expect(sharesTyped(one)).toBeNull();
  });

  it("are complete with two: the third follows, whichever two were typed", () => {
    const two = typed(typed(percentsOf(null), 2, 30), 0, 60);
    expect(two.values).toEqual([60, 10, 30]);
    expect(sharesTyped(two)).toEqual([0.6, 0.1, 0.3]);
  });

  it("always make 100: the one left alone longest gives way first", () => {
    const start = percentsOf([0.6, 0.3, 0.1]);
    const first = typed(start, 2, 20);
    expect(first.values).toEqual([60, 20, 20]);
    const second = typed(first, 1, 30);
    expect(second.values).toEqual([50, 30, 20]);
    expect(typed(second, 0, 95).values).toEqual([95, 5, 0]);
  });

  it("know that 100 leaves nothing for the others", () => {
    expect(sharesTyped(typed(percentsOf(null), 1, 100))).toEqual([0, 1, 0]);
  });

  it("take no number below 0 or above 100, and may be emptied", () => {
    expect(typed(percentsOf([0.6, 0.3, 0.1]), 0, 300).values).toEqual([100, 0, 0]);
    const emptied = typed(percentsOf([0.6, 0.3, 0.1]), 0, null);
    expect(sharesTyped(emptied)).toBeNull();
    expect(typed(emptied, 0, 50).values).toEqual([50, 30, 20]);
  });
});
