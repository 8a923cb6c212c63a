import { describe, expect, it } from "vitest";
import type { PlacedPlot } from "../lenses";
import type { Selection } from "./view";
import { storiesWithin } from "./within";

function selection(...plots: (Pick<PlacedPlot, "signifier" | "kind" | "dots" | "ids"> & { stone?: string })[]): Selection {
  const all = plots.map((plot) => ({ stone: null, n: 3, suppressed: null, bins: null, binSize: null, ...plot }));
  const placements = { change: 1, lens: {}, stories: 3, participants: 3, suppressed: null, plots: all };
  return { key: "all", label: "", summary: { change: 1, lens: {}, summaries: [] }, placements };
}

describe("the stories of a part of a figure", () => {
  it("are those whose dots lie in a part of a triad, without the ones that may not be opened", () => {
    const dots = [[0.9, 0.05, 0.05], [0.1, 0.8, 0.1], [0.8, 0.1, 0.1]];
    const of = selection({ signifier: "help", kind: "triad", dots, ids: ["a", "b", null] });
    const polygon = [[1, 0, 0], [0.6, 0.4, 0], [0.6, 0, 0.4]];
    expect(storiesWithin(of, { signifier: "help", polygon })).toEqual(["a"]);
  });

  it("are those between two positions on a dyad, ends included", () => {
    const of = selection({ signifier: "dare", kind: "dyad", dots: [[0.2], [0.5], [0.9]], ids: ["a", "b", "c"] });
    expect(storiesWithin(of, { signifier: "dare", interval: [0.2, 0.5] })).toEqual(["a", "b"]);
  });

  it("are of the stone that the part is of", () => {
    const stones = { kind: "stones" as const, signifier: "health", dots: [[0.1, 0.1]] };
    const of = selection({ ...stones, stone: "body", ids: ["a"] }, { ...stones, stone: "mind", ids: ["b"] });
    const polygon = [[0, 0], [0.5, 0], [0.5, 0.5], [0, 0.5]];
    expect(storiesWithin(of, { signifier: "health", stone: "mind", polygon })).toEqual(["b"]);
  });

  it("are none where there are no dots", () => {
    const of = selection({ signifier: "dare", kind: "dyad", dots: null, ids: null });
    expect(storiesWithin(of, { signifier: "dare", interval: [0, 1] })).toEqual([]);
  });
});
