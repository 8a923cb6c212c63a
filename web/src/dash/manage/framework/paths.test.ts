import { describe, expect, it } from "vitest";
import { item, member } from "../../../framework/problems";
import { fieldFor, isWithin, type Note, notesAt, notesWithin, placeOf, stepsOf } from "./paths";

const note = (path: string): Note => ({ path, code: "required", message: "", severity: "error" });

describe("a path of the server", () => {
  it("is read step by step, also with quoted names", () => {
    expect(stepsOf("$")).toEqual([]);
    expect(stepsOf("$.signifiers[3].anchors[0].labelFor['job-coach'].nl")).toEqual(["signifiers", 3, "anchors", 0, "labelFor", "job-coach", "nl"]);
    expect(stepsOf(member(item("$.a", 1), "it's \\ here"))).toEqual(["a", 1, "it's \\ here"]);
  });

  it("is nothing when it is no path", () => {
    expect(stepsOf("signifiers")).toBeNull();
    expect(stepsOf("$.a..b")).toBeNull();
    expect(stepsOf("$ a")).toBeNull();
  });

  it("lies within a place only at a step, not at a letter", () => {
    expect(isWithin("$.signifiers[1].key", "$.signifiers[1]")).toBe(true);
    expect(isWithin("$.signifiers[12].key", "$.signifiers[1]")).toBe(false);
    expect(isWithin("$.text", "$.textFor")).toBe(false);
    expect(isWithin("$.textFor['a']", "$.textFor")).toBe(true);
    expect(isWithin("$.title", "$.title")).toBe(true);
  });
});

describe("a note", () => {
  const notes = [note("$.signifiers[3].question.nl"), note("$.signifiers[3]"), note("$.languages[1]")];

  it("is shown at its own place, and counted in all places around it", () => {
    expect(notesAt(notes, "$.signifiers[3]")).toHaveLength(1);
    expect(notesWithin(notes, "$.signifiers[3]")).toHaveLength(2);
    expect(notesWithin(notes, "$")).toHaveLength(3);
  });

  it("leads to the nearest field that is on the screen", () => {
    const fields = ["$.signifiers", "$.signifiers[3]", "$.signifiers[3].question", "$.signifiers[3].questionFor"];
    expect(fieldFor("$.signifiers[3].question.nl", fields)).toBe("$.signifiers[3].question");
    expect(fieldFor("$.signifiers[3].allow[0]", fields)).toBe("$.signifiers[3]");
    expect(fieldFor("$.signifiers[9]", fields)).toBe("$.signifiers");
    expect(fieldFor("$.title", fields)).toBeNull();
  });

  it("belongs to one part of the editor, and to one item of its list", () => {
    expect(placeOf("$.signifiers[3].anchors[0].label")).toEqual({ part: "questions", item: 3 });
    expect(placeOf("$.indicators[2]")).toEqual({ part: "groups", item: 2 });
    expect(placeOf("$.consents")).toEqual({ part: "consents", item: null });
    expect(placeOf("$.languages[1]")).toEqual({ part: "basics", item: 1 });
    expect(placeOf("$.constructor")).toEqual({ part: "basics", item: null });
    expect(placeOf("$")).toEqual({ part: "basics", item: null });
  });
});
