import { describe, expect, it } from "vitest";
import { reference } from "../../framework/reference.testing";
import type { Group, SignifierSummary } from "../../plots/types";
import { aboutOf } from "./about";
import type { Exhibit } from "./api";
import { arranged, layersOf, splitOf } from "./compared";

const names = {
  framework: reference,
  waves: ["1", "2", "3"].map((key) => ({ key, ordinal: Number(key), label: { en: `Wave ${key}` }, state: "closed" as const })),
  text: (texts: Record<string, string>) => texts.en ?? "",
};
const view = (lens: Exhibit["lens"], compareBy: string | null): Pick<Exhibit, "finding" | "lens" | "compareBy"> => ({ finding: null, lens, compareBy });

describe("the groups of a figure on the table", () => {
  it("are those of the comparison that it was brought with, within its lens", () => {
    const lens = { waves: ["3"], perspectives: ["candidate"], exploratory: true };
    const { groups, all } = splitOf(names, view(lens, "attribute:trajectory"));
    expect(all).toBe(groups.length);
    expect(groups.length).toBeGreaterThan(1);
    for (const group of groups) expect(group.lens).toMatchObject({ ...lens, attributes: { trajectory: [group.key] } });
    expect(groups.map((group) => group.label)).not.toContain("");
    expect(splitOf(names, view({ perspectives: ["candidate"] }, "wave")).groups.map((group) => group.lens.waves)).toEqual([["1"], ["2"], ["3"]]);
  });

  it("is one where nothing is compared, or what it was compared by is gone", () => {
    for (const by of [null, "attribute:gone"]) {
      expect(splitOf(names, view({ waves: ["3"] }, by))).toEqual({ groups: [{ key: "all", label: "", lens: { waves: ["3"] } }], all: 1 });
    }
  });

  it("are four at most, and how many there are is known", () => {
    const many = { ...names, waves: Array.from({ length: 6 }, (_, at) => ({ key: `${at}`, ordinal: at, label: {}, state: "open" as const })) };
    const split = splitOf(many, view({}, "wave"));
    expect([split.groups.length, split.all]).toEqual([4, 6]);
  });

  it("are said above the figure", () => {
    const words = { all: "all", area: (on: string) => on, wave: "Wave", perspective: "Whose view", compared: (by: string) => `by ${by}` };
    const exhibit = view({ waves: ["3"] }, "perspective") as Exhibit;
    expect(aboutOf(names, exhibit, words)).toBe("Wave 3 · by Whose view");
  });
});

const summary = (over: Partial<SignifierSummary>): SignifierSummary => ({ signifier: "s", kind: "triad", ...over }) as SignifierSummary;
const group = (key: string, over: Partial<SignifierSummary>): Group => ({ key, label: key, summary: summary(over) });

describe("groups on a figure", () => {
  const [some, more, third] = [group("some", { n: 8 }), group("more", { n: 9 }), group("third", { n: 9 })];
  const [few, nobody] = [group("few", { n: null, suppressed: "small-cell" }), group("nobody", { n: 0 })];

  it("are named and not drawn where nobody answered or too few did", () => {
    expect(arranged("triad", [some, few, nobody, more])).toEqual({ drawn: [some, more], named: [few, nobody], isApart: false });
    expect(arranged("stones", [some, few, more])).toEqual({ drawn: [some, more], named: [few], isApart: true });
    expect(arranged("triad", [some, more, third]).isApart).toBe(true);
  });

  it("are all named when there is nothing to draw; of one alone the figure says so, and bars name every group", () => {
    for (const kind of ["triad", "choice"] as const) expect(arranged(kind, [few, nobody])).toEqual({ drawn: [], named: [few, nobody], isApart: false });
    expect(arranged("triad", [few])).toEqual({ drawn: [few], named: [], isApart: false });
    expect(arranged("scale", [some, few])).toEqual({ drawn: [some, few], named: [], isApart: false });
  });

  it("are dots where these are there, else parts of the figure", () => {
    expect(layersOf([{ ...some, dots: { at: [[1, 0, 0]] } }, few])).toEqual(new Set(["dots", "density"]));
    expect(layersOf([{ ...some, bins: [{ at: [1, 0, 0], count: 3 }] }])).toEqual(new Set(["dots", "density"]));
    expect(layersOf([few])).toEqual(new Set(["zones", "centre"]));
  });
});
