import { describe, expect, it } from "vitest";
import { reference } from "../../framework/reference.testing";
import type { Signifier } from "../../framework/types";
import { nothingTyped, read, typedOf, type Typed } from "./typed";

function question(key: string): Signifier {
  const found = reference.signifiers.find((signifier) => signifier.key === key);
  if (!found) throw new Error(`no question ${key}`);
  return found;
}

function typing(key: string, change: Partial<Typed>) {
  return read(question(key), { ...nothingTyped(question(key)), ...change });
}

describe("what is typed for a question of a paper form", () => {
  it("is no answer when nothing is typed, whatever the kind", () => {
    for (const signifier of reference.signifiers) {
      expect(read(signifier, nothingTyped(signifier))).toEqual({ placement: null, error: null, at: 0 });
    }
  });

  it("is the shares of a triad, typed as numbers", () => {
    const placement = { state: "answered", value: { shares: [0.35, 0.2, 0.45] }, inputMethod: "number" };
    expect(typing("competence", { fields: ["3,5", "2", "4.5"] }).placement).toEqual(placement);
  });

  it("is no answer while a number of a triad is missing, wrong, or they do not make ten; and says which field", () => {
    expect(typing("competence", { fields: ["3", "", "7"] })).toEqual({ placement: null, error: "incomplete", at: 1 });
    expect(typing("competence", { fields: ["3", "0", "77"] })).toEqual({ placement: null, error: "number", at: 2 });
    expect(typing("competence", { fields: ["3", "3", "3"] })).toEqual({ placement: null, error: "sum", at: 0 });
  });

  it("counts a dyad from its first end, whichever way the sheet was printed", () => {
    expect(typing("confidence", { fields: ["2.5"] }).placement?.value).toEqual({ position: 0.25 });
  });

  it("leaves a stone out that is not on the paper, and asks for both numbers of one that is", () => {
    const only = typing("health", { fields: ["2", "9", "", "", "", ""] });
    expect(only.placement?.value).toEqual({ stones: [{ key: "body", x: 0.2, y: 0.9 }] });
    expect(typing("health", { fields: ["", "", "4", "", "", ""] })).toEqual({ placement: null, error: "incomplete", at: 3 });
  });

  it("is a point, options in the order of the question, or a text", () => {
    expect(typing("tone", { picked: ["4"] }).placement?.value).toEqual({ point: "4" });
    expect(typing("who-should-hear", { picked: ["nobody", "guide"] }).placement?.value).toEqual({ options: ["guide", "nobody"] });
    const remark: Signifier = { key: "remark", kind: "text", question: { nl: "Nog iets?" } };
    expect(read(remark, { fields: ["Ja.\0"], picked: [], state: "" }).placement?.value).toEqual({ text: "Ja." });
    expect(read(remark, { fields: ["  "], picked: [], state: "" }).placement).toBeNull();
  });

  it("is what was ticked beside the answer, and the numbers that stand there do not count", () => {
    expect(typing("competence", { fields: ["3", "", ""], state: "notApplicable" })).toEqual({
      placement: { state: "notApplicable" },
      error: null,
      at: 0,
    });
  });

  it("stands in the fields again for an answer that was given elsewhere", () => {
    for (const [key, fields, picked] of [
      ["competence", ["3.5", "2", "4.5"], []],
      ["confidence", ["7.5"], []],
      ["health", ["2", "9", "", "", "10", "0"], []],
      ["tone", [], ["4"]],
      ["who-should-hear", [], ["guide", "nobody"]],
    ] as const) {
      const typed: Typed = { fields: [...fields], picked: [...picked], state: "" };
      expect(typedOf(question(key), read(question(key), typed).placement)).toEqual(typed);
    }
    expect(typedOf(question("tone"), { state: "unknown" }).state).toBe("unknown");
  });
});
