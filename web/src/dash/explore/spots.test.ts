import { describe, expect, it } from "vitest";
import { type Change, changesBetween, pairOf, pairsOf } from "./spots";

function change(over: Partial<Change>): Change {
  const given = { signifier: "work", perspective: "candidate", from: "1", to: "2", evidence: "could-be-chance", ...over };
  return JSON.parse(JSON.stringify(given));
}

describe("what changed for the same people", () => {
  it("begins with the waves that lie furthest apart, in the order of the study", () => {
    const all = [change({ from: "a", to: "b" }), change({ from: "a", to: "c" }), change({ from: "b", to: "c" }), change({ from: "a", to: "b" })];
    expect(pairsOf(all, ["a", "b", "c"]).map(pairOf)).toEqual(["a → c", "a → b", "b → c"]);
  });

  it("is said once of each subject, as the surest test says", () => {
    const all = [
      change({ test: "sign-flip" }),
      change({ test: "energy", evidence: "clear" }),
      change({ test: "energy", signifier: "work/body" }),
      change({ perspective: "job-coach" }),
      change({ to: "3" }),
    ];
    expect(changesBetween(all, "candidate", "1 → 2").map(({ signifier, test }) => [signifier, test])).toEqual([["work", "energy"], ["work/body", "energy"]]);
  });
});
