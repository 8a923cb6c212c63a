import { describe, expect, it } from "vitest";
import { reference } from "../../../framework/reference.testing";
import type { Framework } from "../../../framework/types";
import { cleaned, columnsTaken, emptyTexts, isUnnamed, kinds, moved, newPrompt, newSignifier, slug, uniqueKey, unnamedKey, withoutLanguage } from "./build";

const copy = (): Framework => structuredClone(reference);

describe("a document that is handed in", () => {
  it("is the reference template without any loss when nothing was edited", () => {
    expect(cleaned(copy())).toEqual(reference);
    expect(JSON.stringify(cleaned(copy()))).toBe(JSON.stringify(reference));
  });

  it("keeps what the editor does not show", () => {
    const document = { ...copy(), later: { text: 3 } };
    expect(cleaned(document)).toHaveProperty("later", { text: 3 });
  });

  it("leaves out texts without words, and wordings that say nothing", () => {
    const document = copy();
    const [question] = document.signifiers;
    if (!question) throw new Error("the reference has questions");
    question.purpose = emptyTexts(document);
    question.questionFor = { "job-coach": { nl: "Wat zag u?", en: "" }, "case-manager": emptyTexts(document) };
    question.question = { nl: "Wat?", en: "" };
    const [sent] = cleaned(document).signifiers;
    expect(sent?.purpose).toBeUndefined();
    expect(sent?.questionFor).toEqual({ "job-coach": { nl: "Wat zag u?" } });
    expect(sent?.question).toEqual({ nl: "Wat?" });
  });

  it("keeps a text that must be there, though it is empty, so that the server says so at its place", () => {
    const document = copy();
    document.title = { nl: "", en: "" };
    expect(cleaned(document).title).toEqual({});
  });

  it("does not change the document on the screen", () => {
    const document = copy();
    document.title = { nl: "Titel", en: "" };
    cleaned(document);
    expect(document.title).toEqual({ nl: "Titel", en: "" });
  });
});

describe("a new question", () => {
  it.each(kinds)("of kind %s has the parts that its kind needs, and no others", (kind) => {
    const made = newSignifier(kind, "Hoe voelde dat?", reference);
    const counts = [made.anchors, made.stones, made.points, made.options].map((list) => list?.length ?? 0);
    const wanted = { triad: [3, 0, 0, 0], dyad: [2, 0, 0, 0], stones: [0, 1, 0, 0], scale: [0, 0, 5, 0], choice: [0, 0, 0, 2], text: [0, 0, 0, 0] };
    expect(counts).toEqual(wanted[kind]);
    expect(made.axes !== undefined).toBe(kind === "stones");
    expect(made.question).toEqual({ nl: "Hoe voelde dat?", en: "" });
  });

  it("is called after its words, and never like another column", () => {
    expect(newSignifier("text", "Hoe voelde dat?", reference).key).toBe("hoe-voelde-dat");
    expect(newSignifier("text", "Title", reference).key).toBe("title-2");
    expect(newSignifier("text", "Transport", reference).key).toBe("transport-2");
    expect(newSignifier("text", "؟", reference).key).toBe("question");
  });

  it("offers 'I don't know' where third persons answer", () => {
    const alone = { ...reference, perspectives: reference.perspectives.slice(0, 1) };
    expect(newSignifier("triad", "Wat?", reference).allow).toEqual(["unknown"]);
    expect(newSignifier("triad", "Wat?", alone).allow).toEqual([]);
  });
});

describe("keys", () => {
  it("have small letters, digits and single hyphens, and end at a word", () => {
    expect(slug("  Één café -- in 's-Gravenhage! ")).toBe("een-cafe-in-s-gravenhage");
    expect(slug("Denk aan een moment met deze kandidaat dat laat zien hoe het gaat")).toBe("denk-aan-een-moment-met-deze-kandidaat");
    expect(slug("x".repeat(90))).toBe("x".repeat(40));
    expect(slug("???")).toBe("");
  });

  it("get the first number that is free", () => {
    expect(uniqueKey("bus", ["tram"])).toBe("bus");
    expect(uniqueKey("bus", ["bus", "bus-2", "bus-4"])).toBe("bus-3");
  });

  it("wait for words when there are none yet", () => {
    expect(isUnnamed(unnamedKey(["new-1"]))).toBe(true);
    expect(unnamedKey(["new-1"])).toBe("new-1-2");
    expect(newPrompt(reference).key).toBe("new-1");
    expect(columnsTaken(reference)).toContain("trajectory");
  });
});

describe("the order of a list", () => {
  it("changes by moving one item up or down", () => {
    expect(moved(["a", "b", "c"], 2, 0)).toEqual(["c", "a", "b"]);
    expect(moved(["a", "b", "c"], 0, 1)).toEqual(["b", "a", "c"]);
  });

  it("stays as it is where there is no such place", () => {
    expect(moved(["a", "b"], 0, -1)).toEqual(["a", "b"]);
    expect(moved(["a", "b"], 1, 2)).toEqual(["a", "b"]);
    expect(moved(["a", "b"], 5, 0)).toEqual(["a", "b"]);
  });
});

describe("a language that is taken out", () => {
  it("goes out of the list and out of every text, also of wordings", () => {
    const without = withoutLanguage(copy(), "en");
    expect(without.languages).toEqual(["nl"]);
    expect(JSON.stringify(without)).not.toContain('"en":');
    expect(without.signifiers[0]?.questionFor?.["job-coach"]).toEqual({ nl: reference.signifiers[0]?.questionFor?.["job-coach"]?.["nl"] });
  });

  it("stays when texts fall back to it", () => {
    expect(withoutLanguage(copy(), "nl")).toEqual(reference);
  });
});
