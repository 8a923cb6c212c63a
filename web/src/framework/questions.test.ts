import { describe, expect, it } from "vitest";
import { checkStory } from "./check";
import { allowedStates, anchorText, placementsShown, promptText, questionsFor, questionText } from "./questions";
import { reference } from "./reference.testing";
import type { Framework, Placement, Signifier } from "./types";

const framework = reference;
const nothing = { placements: {}, background: {} };
const took = (...options: string[]): Placement => ({ state: "answered", value: { options } });
const declined: Placement = { state: "declined" };

function withConditions(changes: Record<string, Partial<Signifier>>): Framework {
  return { ...framework, signifiers: framework.signifiers.map((s) => ({ ...s, ...changes[s.key] })) };
}
function keys(signifiers: Signifier[]): string[] {
  return signifiers.map((s) => s.key);
}

describe("the questions that are asked", () => {
  it("are 15 about a candidate's story and 13 about a professional's, in the framework's order", () => {
    const story = (perspective: string) => keys(questionsFor(framework, { perspective, ...nothing }).story);
    expect([story("candidate").length, story("job-coach").length]).toEqual([15, 13]);
    expect(story("candidate").slice(0, 3)).toEqual(["competence", "culture", "money"]);
    expect(story("job-coach")).not.toContain("money");
  });

  it("have the background apart, asked of candidates only", () => {
    expect(questionsFor(framework, { perspective: "candidate", ...nothing }).background.length).toBe(6);
    expect(questionsFor(framework, { perspective: "job-coach", ...nothing }).background).toEqual([]);
  });

  it("depend on an earlier choice, and on what hides that one", () => {
    const changed = withConditions({
      "transport-effort": { showIf: [{ signifier: "transport", options: ["bike", "walk"] }] },
      transport: { showIf: [{ perspectives: ["candidate"] }] },
    });
    const asked = (perspective: string, placements: Record<string, Placement>) =>
      keys(questionsFor(changed, { perspective, placements, background: {} }).story).includes("transport-effort");
    expect(asked("candidate", { transport: took("bike") })).toBe(true);
    expect(asked("candidate", { transport: took("car-or-moped") })).toBe(false);
    expect(asked("candidate", { transport: { state: "notApplicable" } })).toBe(false);
    expect(asked("candidate", {})).toBe(false);
    expect(asked("job-coach", { transport: took("bike") })).toBe(false);
  });
});

describe("the answers of a sealed story", () => {
  const perspective = "job-coach";

  it("are those to questions that are still shown, so that the story is not refused", () => {
    const placements = { competence: declined, culture: { state: "unknown" }, money: declined, nowhere: declined } as const;
    const sealed = placementsShown(framework, { perspective, placements: { ...placements }, background: { gender: declined } });
    expect(sealed).toEqual({ placements: { culture: { state: "unknown" } }, background: {} });
    const body = { schema: 1, frameworkVersion: 1, wave: "1", perspective, language: "nl", ...sealed };
    expect(checkStory(body, framework)).toEqual([]);
  });

  it("lose what became hidden by another choice", () => {
    const changed = withConditions({ tone: { showIf: [{ signifier: "transport", options: ["bike"] }] } });
    const tone: Placement = { state: "answered", value: { point: "4" } };
    const kept = (option: string) =>
      Object.keys(placementsShown(changed, { perspective, placements: { transport: took(option), tone }, background: {} }).placements);
    expect(kept("bike")).toEqual(["transport", "tone"]);
    expect(kept("walk")).toEqual(["transport"]);
  });

  it("keep what a background answer of an earlier story made shown", () => {
    const changed = withConditions({ tone: { showIf: [{ signifier: "gender", options: ["woman"] }] } });
    const tone: Placement = { state: "answered", value: { point: "4" } };
    const given = { perspective: "candidate", placements: { tone }, background: {} };
    expect(Object.keys(placementsShown(changed, given).placements)).toEqual(["tone"]);
    const other = { ...given, background: { gender: took("man") } };
    expect(Object.keys(placementsShown(changed, other).placements)).toEqual([]);
  });
});

describe("the words", () => {
  const signifier = framework.signifiers.find((s) => s.key === "competence");
  const prompt = framework.prompts[0];

  it("are those of the perspective where it has its own", () => {
    expect(signifier && questionText(signifier, "job-coach").nl).toBe("Wat vroeg dit vooral van de kandidaat?");
    expect(signifier && questionText(signifier, "candidate").nl).toBe("Wat vroeg dit vooral van u?");
    expect(signifier?.anchors?.map((a) => anchorText(a, "candidate").en)).toEqual([
      "the work itself", "dealing with people", "dividing my time",
    ]);
    expect(signifier && questionText(signifier, "constructor").nl).toBe("Wat vroeg dit vooral van u?");
  });

  it("of a prompt are those of the last wave that is not after this one", () => {
    if (prompt === undefined) {
      throw new Error("the reference framework has prompts");
    }
    const later = { ...prompt, textForWave: [{ from: 4, text: { nl: "vier" } }, ...(prompt.textForWave ?? [])] };
    expect(promptText(later, "candidate", 1).nl).toMatch(/^Denk aan iets wat de laatste maanden/);
    expect(promptText(later, "candidate", 3).nl).toMatch(/^Sinds ons vorige gesprek/);
    expect(promptText(later, "job-coach", 2).nl).toMatch(/deze kandidaat/);
    expect(promptText(later, "candidate", 9).nl).toBe("vier");
  });

  it("always offer 'not about this', and the other states where the framework allows them", () => {
    const states = (key: string) => framework.signifiers.filter((s) => s.key === key).flatMap(allowedStates);
    expect(states("competence")).toEqual(["notApplicable", "unknown"]);
    expect(states("money")).toEqual(["notApplicable", "declined"]);
    expect(states("home")).toEqual(["notApplicable"]);
  });
});
