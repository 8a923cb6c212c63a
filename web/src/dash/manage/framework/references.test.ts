import { describe, expect, it } from "vitest";
import { reference } from "../../../framework/reference.testing";
import type { Framework } from "../../../framework/types";
import { cleaned } from "./build";
import { forget, rename, renameOption, usesOf } from "./references";

const copy = (): Framework => structuredClone(reference);

describe("a perspective", () => {
  it("takes its wordings along when its key changes, and all comes back when it changes back", () => {
    const document = copy();
    rename(document, "perspectives", "job-coach", "coach");
    expect(document.prompts[0]?.textFor).toHaveProperty("coach");
    expect(document.prompts[0]?.textForWave?.[0]?.textFor).toHaveProperty("coach");
    expect(JSON.stringify({ ...document, perspectives: [] })).not.toContain('"job-coach"');
    rename(document, "perspectives", "coach", "job-coach");
    expect(cleaned(document)).toEqual(reference);
  });

  it("leaves no wording and no condition behind when it goes", () => {
    const document = copy();
    forget(document, "perspectives", "job-coach");
    expect(JSON.stringify({ ...document, perspectives: [] })).not.toContain('"job-coach"');
  });
});

describe("a question", () => {
  const conditional = (): Framework => {
    const document = copy();
    const effort = document.signifiers.find((one) => one.key === "transport-effort");
    if (effort) effort.showIf = [{ signifier: "transport", options: ["bike", "walk"], perspectives: ["candidate"] }];
    document.planned = [{ signifier: "transport", comparison: "waves" }, { signifier: "confidence", comparison: "groups", attribute: "trajectory" }];
    return document;
  };
  const conditionOf = (document: Framework) => document.signifiers.find((one) => one.key === "transport-effort")?.showIf;

  it("is still looked at by later questions and planned ones when its key changes", () => {
    const document = conditional();
    rename(document, "signifiers", "transport", "travel");
    expect(conditionOf(document)?.[0]?.signifier).toBe("travel");
    expect(document.planned?.[0]?.signifier).toBe("travel");
  });

  it("takes the conditions on it along when it goes, but not those on a perspective", () => {
    const document = conditional();
    forget(document, "signifiers", "transport");
    expect(conditionOf(document)).toEqual([{ perspectives: ["candidate"] }]);
    expect(document.planned?.map((one) => one.signifier)).toEqual(["confidence"]);
  });

  it("forgets an option in the conditions on it", () => {
    const document = conditional();
    renameOption(document, "transport", "bike", "bicycle");
    renameOption(document, "transport", "walk", null);
    expect(conditionOf(document)?.[0]?.options).toEqual(["bicycle"]);
  });

  it("goes out of the planned questions with the attribute that they compare", () => {
    const document = conditional();
    expect(usesOf(document, "attributes", "trajectory")).toBe(1);
    forget(document, "attributes", "trajectory");
    expect(document.planned).toEqual([{ signifier: "transport", comparison: "waves" }]);
  });

  it("has no indicator any more when that goes", () => {
    const document = copy();
    forget(document, "indicators", "transport");
    expect(document.signifiers.find((one) => one.key === "transport")?.indicator).toBeUndefined();
  });
});
