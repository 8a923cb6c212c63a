import { describe, expect, it } from "vitest";
import { en } from "../words/patterns.en";
import { nl } from "../words/patterns.nl";
import { emphasised, headed } from "./emphasis";
import { choiceOf, groupsOf, lensOf, lensOfLayer } from "./lens";
import { numbersOf } from "./numbers";
import { opening } from "./opening";
import { becauseOf, contradictingOf, dominantOf, movesOf } from "./plot-numbers";
import { countsOf, grouped, scanOf, tabNamed } from "./tabs";
import type { Finding } from "./types";

function finding(over: Partial<Finding>): Finding {
  return {
    id: "f", kind: "dominant", signifiers: ["a"], layer: {}, compared: [], n: 40, participants: 40, effect: { name: "x" },
    evidence: "clear", sentence: { nl: "", en: "" }, plot: {}, typical: [], contradicting: [], caveats: [], ...over,
  };
}

/** What a plot holds is told by its kind only: the document calls it an object. */
function plotted(kind: Finding["kind"], numbers: object): Finding {
  const plot: Finding["plot"] = JSON.parse(JSON.stringify(numbers));
  return finding({ kind, plot });
}

describe("the tabs of the patterns", () => {
  const all = [
    finding({ id: "1", kind: "dominant", evidence: "worth-exploring" }),
    finding({ id: "2", kind: "contrast" }),
    finding({ id: "3", kind: "dominant" }),
    finding({ id: "4", kind: "perspective-gap", evidence: "worth-exploring" }),
    finding({ id: "5", kind: "dominant" }),
  ];

  it("show the clear ones first and keep the order of the server within each group", () => {
    expect(grouped(all, "dominant").map((group) => [group.evidence, group.findings.map((one) => one.id)])).toEqual([
      ["clear", ["3", "5"]],
      ["worth-exploring", ["1"]],
    ]);
  });

  it("count groups and pairs of eyes as differences", () => {
    expect(countsOf(all).get("differences")).toBe(2);
    expect(countsOf(all).get("changes")).toBeUndefined();
  });

  it("begin with what is common when the address names no tab", () => {
    expect([tabNamed(undefined), tabNamed("nonsense"), tabNamed("kept")]).toEqual(["dominant", "dominant", "kept"]);
  });

  it("say how many comparisons were made for this tab only, and how many chance would give", () => {
    const sentence = { nl: "", en: "" };
    const scans = [
      { section: "contrasts" as const, compared: 400, sentence },
      { section: "perspectives" as const, compared: 60, sentence },
      { section: "pairs" as const, compared: 253, sentence },
    ];
    expect(scanOf(scans, "differences")).toEqual({ compared: 460, byChance: 23 });
    expect(scanOf(scans, "together")).toEqual({ compared: 253, byChance: 13 });
    expect(scanOf(scans, "dominant").compared).toBe(0);
  });
});

describe("the sentence of a finding", () => {
  it("puts weight on the answers and not on the questions", () => {
    const pieces = emphasised("Wie bij 'Hoe lang?' 'heel lang' zegt, lacht.", ["Hoe lang?"]);
    expect(pieces.filter((piece) => piece.isStrong).map((piece) => piece.text)).toEqual(["heel lang"]);
    expect(pieces.map((piece) => piece.text).join("")).toBe("Wie bij 'Hoe lang?' heel lang zegt, lacht.");
  });

  it("does not take an apostrophe in a word for a quote", () => {
    expect(emphasised("Dicht bij 'auto's en foto's': 3.").filter((p) => p.isStrong)).toEqual([{ text: "auto's en foto's", isStrong: true }]);
    expect(emphasised("Foto's en auto's.").some((piece) => piece.isStrong)).toBe(false);
  });

  it("is headed by its first part; how far it may be off comes after it", () => {
    expect(headed("Most lie near 'Work. Life': 4 of 9 (between 1 % and 2.5 %). More.")).toEqual({
      head: "Most lie near 'Work. Life': 4 of 9.",
      rest: "Between 1 % and 2.5 %. More.",
    });
    expect(headed("Only one")).toEqual({ head: "Only one", rest: "" });
  });
});

describe("the numbers that a finding is drawn with", () => {
  it("are read from what the server sent, and nothing is made of what it left out", () => {
    const dominant = dominantOf(plotted("dominant", { hotspots: [{ at: [0.9, 0, 0.1], participants: 34 }, { at: null }], zones: null, histogram: null }));
    expect(dominant).toEqual({ spots: [{ at: [0.9, 0, 0.1], participants: 34 }], zones: [], histogram: [] });
    expect(contradictingOf(plotted("association", { contradicting: 5 }))).toBe(5);
    expect(contradictingOf(plotted("association", {}))).toBeNull();
    const moves = movesOf(plotted("change", { up: null, same: 3, samePeople: { meanFrom: [0.1, 0.9], medianTo: 0.4 } }));
    expect([moves.up, moves.same, moves.samePeople.meanFrom, moves.samePeople.medianTo]).toEqual([null, 3, [0.1, 0.9], 0.4]);
  });

  it("compare reasons for standing apart with the largest", () => {
    const because = [{ signifier: "a", contribution: 0.2 }, { signifier: "b", contribution: 0.1 }];
    expect(becauseOf(plotted("outlier", { because })).map((reason) => reason.share)).toEqual([1, 0.5]);
  });

  it("are given in words without calling anything significant, and without what was not computed", () => {
    const rows = numbersOf(finding({ p: 0.0001, effect: { name: "tau", value: 0.5, low: 0.1, high: 0.9 } }), en, String);
    expect(rows.map((row) => row.value)).toEqual(["40", "40", "0.5", "0.1 to 0.9", "less than 0.001"]);
    const said = JSON.stringify([nl, en]).toLowerCase();
    expect(said).not.toMatch(/signific|correlat/u);
  });
});

describe("the lens of the patterns", () => {
  it("calls a choice by attributes exploratory unless it was planned", () => {
    const choice = { waves: [], perspectives: ["p"], attributes: { sex: ["f"], age: [] }, isPlanned: false };
    expect(lensOf(choice)).toEqual({ perspectives: ["p"], attributes: { sex: ["f"] }, exploratory: true });
    expect(lensOf({ ...choice, isPlanned: true }).exploratory).toBeUndefined();
    expect(lensOf({ ...choice, attributes: {} }).exploratory).toBeUndefined();
  });

  it("takes nothing for planned that was not said to be", () => {
    expect(choiceOf({}).isPlanned).toBe(false);
    expect(choiceOf({ attributes: { sex: ["f"] }, exploratory: true }).isPlanned).toBe(false);
    expect(choiceOf({ attributes: { sex: ["f"] } }).isPlanned).toBe(true);
  });

  it("draws a finding from the stories of its layer, group by group", () => {
    expect(lensOfLayer({ waves: ["1", "2"] }, { wave: "2", perspective: "coach" })).toEqual({ waves: ["2"], perspectives: ["coach"] });
    const contrast = finding({ kind: "contrast", signifiers: ["q", "sex"], compared: ["f", "m"], layer: { wave: "1" } });
    expect(groupsOf({}, contrast)).toEqual([
      { key: "f", lens: { waves: ["1"], attributes: { sex: ["f"] } } },
      { key: "m", lens: { waves: ["1"], attributes: { sex: ["m"] } } },
    ]);
    const gap = finding({ kind: "perspective-gap", compared: ["a", "b"], layer: { wave: "1" } });
    expect(groupsOf({}, gap)[1]).toEqual({ key: "b", lens: { waves: ["1"], perspectives: ["b"] } });
  });
});

describe("the opening of a story", () => {
  it("ends after a whole word", () => {
    expect(opening("Een heel  lang\nverhaal", 12)).toBe("Een heel…");
    expect(opening("Kort", 12)).toBe("Kort");
    expect(opening("一二三四五六七", 4)).toBe("一二三四…");
  });
});
