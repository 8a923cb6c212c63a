import { describe, expect, it } from "vitest";
import type { Framework } from "../../framework/types";
import { inExplore } from "./in-explore";
import type { Finding } from "./types";

const label = { nl: "", en: "" };
const options = ["short", "long", "rest"].map((key) => ({ key, label }));
const framework: Framework = JSON.parse(
  JSON.stringify({
    signifiers: [
      { key: "confidence", kind: "dyad", question: label },
      { key: "health", kind: "stones", question: label },
      { key: "years", kind: "choice", question: label, background: true, options },
    ],
    perspectives: [],
    attributes: [{ key: "trajectory", label, options }],
  }),
);

function finding(over: Partial<Finding>): Finding {
  return {
    id: "f", kind: "dominant", signifiers: ["confidence"], layer: { wave: "1", perspective: "candidate" }, compared: [], n: 40, participants: 40,
    effect: { name: "x" }, evidence: "clear", sentence: label, plot: {}, typical: [], contradicting: [], caveats: [], ...over,
  };
}

const where = (over: Partial<Finding>, lens = {}) => inExplore(lens, finding(over), framework);
const layer = { waves: ["1"], perspectives: ["candidate"] };

describe("a pattern in Explore", () => {
  it("is the figure of its question, with the stories of its layer within the lens", () => {
    const attributes = { trajectory: ["short"] };
    expect(where({}, { waves: ["1", "2"], attributes })).toEqual({ signifier: "confidence", lens: { ...layer, attributes }, compareBy: null });
    expect(where({ signifiers: ["health/body"] })?.signifier).toBe("health");
  });

  it("is split by the attribute or background question that it compares, without the groups that were too small", () => {
    const compared = ["short", "long", "rest"];
    expect(where({ kind: "contrast", signifiers: ["confidence", "trajectory"], compared })).toEqual({
      signifier: "confidence", lens: layer, compareBy: "attribute:trajectory",
    });
    expect(where({ kind: "contrast", signifiers: ["confidence", "years"], compared: ["short", "rest"] })).toEqual({
      signifier: "confidence", lens: { ...layer, attributes: { years: ["short", "rest"] } }, compareBy: "attribute:years",
    });
  });

  it("is split by the two waves or the two pairs of eyes", () => {
    expect(where({ kind: "change", layer: { perspective: "candidate" }, compared: ["1", "3"] })).toEqual({
      signifier: "confidence", lens: { waves: ["1", "3"], perspectives: ["candidate"] }, compareBy: "wave",
    });
    expect(where({ kind: "perspective-gap", layer: { wave: "1" }, compared: ["candidate", "job-coach"] })).toEqual({
      signifier: "confidence", lens: { waves: ["1"], perspectives: ["candidate", "job-coach"] }, compareBy: "perspective",
    });
  });

  it("is nowhere when its question is not asked any more", () => {
    expect(where({ signifiers: ["gone"] })).toBeNull();
  });
});
