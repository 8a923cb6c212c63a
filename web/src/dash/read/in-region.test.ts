import { beforeEach, describe, expect, it, vi } from "vitest";
import type { Lens } from "../types";
import { storiesInRegion } from "./in-region";

const answers = vi.hoisted(() => ({ part: {}, all: {}, asked: [] as number[] }));
vi.mock("../study.svelte", () => ({ study: { path: { projectId: "p" } } }));
vi.mock("../lenses", () => ({
  searchPlacements: (_: unknown, { regions = [] }: Lens) => {
    answers.asked.push(regions.length);
    return Promise.resolve(regions.length > 0 ? answers.part : answers.all);
  },
}));

const region = { signifier: "dare", interval: [0, 0.5] };
const plot = (dots: number[][] | null, ids: (string | null)[] | null) => ({ signifier: "dare", stone: null, dots, ids });

beforeEach(() => {
  answers.asked = [];
  answers.all = { stories: 9, plots: [plot([[0.1], [0.2], [0.9], [0.3]], ["a", null, "b", "c"])] };
});

describe("the stories in a part of a figure", () => {
  it("are those that the server names, and how many it does not", async () => {
    answers.part = { stories: 3, plots: [plot([[0.1], [0.2], [0.3]], ["a", null, "c"])] };
    expect(await storiesInRegion(region)).toEqual({ ids: ["a", "c"], signifier: "dare", others: 1 });
    expect(answers.asked).toEqual([1]);
  });

  it("are looked for among all dots where the part comes without dots", async () => {
    answers.part = { stories: 3, plots: [plot(null, null)] };
    expect(await storiesInRegion(region)).toEqual({ ids: ["a", "c"], signifier: "dare", others: 1 });
  });

  it("are not counted where too few people are behind them", async () => {
    answers.part = { stories: null, plots: [plot(null, null)] };
    expect((await storiesInRegion(region)).others).toBeNull();
  });
});
