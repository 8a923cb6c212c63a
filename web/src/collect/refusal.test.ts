import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { stepsOf } from "../framework/path";
import { member } from "../framework/problems";
import { reference } from "../framework/reference.testing";
import type { Problem } from "../framework/types";
import { interfaceLanguages, wordsIn } from "../i18n";
import { reasonOf, reasonsOf } from "./refusal";

const en = wordsIn("en");
const nl = wordsIn("nl");
const naming = { words: en, framework: reference };
const problem = (code: string, errors: Problem["errors"] = []): Problem =>
  ({ type: "about:blank", title: "", status: 400, code, detail: "the input has errors", errors });

/** Every code that the server gives to a part of a story, from its own source. */
function codesOfServer(): string[] {
  const files = ["placement.rs", "story.rs", "shape.rs", "json.rs"].map((name) => join(import.meta.dirname, "../../../src/domain", name));
  const source = files.map((file) => readFileSync(file, "utf8").split("#[cfg(test)]")[0] ?? "").join("\n");
  const added = source.matchAll(/(?:add|one|report)\((?:[^"();]|\([^"()]*\)|"\$[^"]*"|format!\("[^"]*"\)|member\([^;]*?\))*?,\s*"([a-z][A-Za-z0-9]+)"/g);
  const mapped = source.matchAll(/=>\s*\{?\s*"([a-z][A-Za-z]+)"/g);
  return [...new Set([...added, ...mapped].flatMap(([, code]) => code ?? []))].filter((code) => !NO_CODES.includes(code));
}

/** What looks like a code in the source and is none: states of an answer, and the name of a member. */
const NO_CODES = ["answered", "notApplicable", "unknown", "declined", "skipped", "id"];
/** Only a broken app could be told this; whoever mends it reads English. */
const IN_ENGLISH = ["tooDeep"];

describe("why a story was refused", () => {
  it("is said in every language for everything that the server can find wrong with a story", () => {
    const codes = codesOfServer();
    expect(codes).toEqual(expect.arrayContaining(["required", "sharesSum", "notAsked", "stateNotOffered", "tooLong", "outOfRange", "nullCharacter", "duplicateKey"]));
    for (const language of interfaceLanguages) {
      const { codes: words, whole } = wordsIn(language).refusal;
      const unsaid = codes.filter((code) => !(code in words) && !(code in whole) && !IN_ENGLISH.includes(code));
      expect(unsaid).toEqual([]);
    }
  });

  it("has the same reasons in all languages", () => {
    const keys = interfaceLanguages.map((language) => {
      const { whole, codes, parts } = wordsIn(language).refusal;
      return [whole, codes, parts].map((words) => Object.keys(words));
    });
    expect(keys[1]).toEqual(keys[0]);
    expect(keys[2]).toEqual(keys[0]);
  });

  it("names the question as the questionnaire asks it, in the language of the reader", () => {
    const error = { path: "$.placements['fitting-work'].value.shares", code: "sharesSum", message: "must add up" };
    const asked = reference.signifiers.find((s) => s.key === "fitting-work");
    const [reason] = reasonsOf(problem("invalidInput", [error]), { words: nl, framework: reference });
    expect(reason?.part).toMatchObject({ text: asked?.question.nl, language: "nl" });
    expect(reason?.what).toMatchObject({ text: nl.refusal.codes.sharesSum, language: "nl" });
  });

  it("asks a coach's question in the coach's own words", () => {
    const asked = reference.signifiers.find((s) => s.questionFor?.["job-coach"] && s.background !== true);
    const path = `${member("$.placements", asked?.key ?? "")}.state`;
    const { part } = reasonOf({ path, code: "stateNotOffered" }, { ...naming, perspective: "job-coach" });
    expect(part?.text).toBe(asked?.questionFor?.["job-coach"]?.en);
  });

  it("names a permission by its text, and other parts by our own words", () => {
    const parts = ["$.permissions.quote", "$.text", "$.attachments[0].bytes", "$.device.appVersion"].map(
      (path) => reasonOf({ path, code: "wrongType" }, naming).part?.text,
    );
    const quote = reference.consents?.find((consent) => consent.key === "quote")?.text.en;
    expect(parts).toEqual([quote, "The story", "Recording", "Something that the app itself adds"]);
  });

  it("tells what we have no words for in the server's own, marked as English", () => {
    const arabic = { words: wordsIn("ar"), framework: reference };
    const [one] = reasonsOf(problem("invalidInput", [{ path: "$.title", code: "tooPolite", message: "is too polite" }]), arabic);
    expect(one?.part?.language).toBe("ar");
    expect(one?.what).toMatchObject({ text: "is too polite", language: "en", direction: "ltr" });
    const [whole] = reasonsOf(problem("teapot"), arabic);
    expect(whole).toMatchObject({ part: null, what: { text: "the input has errors", language: "en" } });
  });

  it("says of another story under the same id what to do, and does so without a questionnaire too", () => {
    const [reason] = reasonsOf({ ...problem("differentContent"), status: 409 }, { words: nl, framework: null });
    expect(reason).toMatchObject({ part: null, what: { text: nl.refusal.whole.differentContent } });
    expect(reasonOf({ path: "$.placements.money", code: "notAsked" }, { words: nl, framework: null }).part?.text).toBe("Antwoorden");
  });

  it("is not led astray by names that every object has", () => {
    const reason = reasonOf({ path: "$.constructor", code: "toString", message: "odd" }, naming);
    expect([reason.part?.text, reason.what.text]).toEqual([en.refusal.technical, "odd"]);
  });
});

describe("a path of the server", () => {
  it("is read with quoted names, quotes within them, and places in lists", () => {
    expect(stepsOf("$")).toEqual([]);
    expect(stepsOf("$.a['fitting-work'][2].x_1")).toEqual(["a", "fitting-work", 2, "x_1"]);
    expect(stepsOf(member("$.a", "it's \\ odd"))).toEqual(["a", "it's \\ odd"]);
    expect(stepsOf("query.limit")).toBeNull();
    expect(stepsOf("$.a[")).toBeNull();
  });
});
