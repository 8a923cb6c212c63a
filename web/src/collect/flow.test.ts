import { describe, expect, test } from "vitest";
import { reference } from "../framework/reference.testing";
import { answer, answerTo, indexOf, mayGoOn, permissionsOf, screensOf, wasTold } from "./flow";
import type { Draft, Recording } from "./model";

function draftOf(perspective: string): Draft {
  const at = "2026-03-02T10:00:00Z";
  const body = { wave: "1", frameworkVersion: 1, perspective, language: "nl", placements: {} };
  return { id: "d", enrolment: "e", startedAt: at, changedAt: at, screen: "language", language: "nl", body, recordings: [], notes: {} };
}

const recording: Recording = { id: "r", mediaType: "audio/webm", seconds: 3, bytes: 9, sha256: null, finished: true };
const keys = (draft: Draft): string[] => screensOf(reference, draft).map((screen) => screen.key);

describe("the screens of a story", () => {
  test("ask consent before anything is told, and the permissions after", () => {
    const order = keys(draftOf("candidate"));
    expect(order.slice(0, 7)).toEqual(["language", "who", "how", "consent", "prompt", "story", "title"]);
    expect(order.indexOf("consent")).toBeLessThan(order.indexOf("prompt"));
    expect(order.slice(-3)).toEqual(["p:quote", "p:workgroup", "review"]);
  });

  test("ask a coach neither about money nor about the coach", () => {
    const order = keys(draftOf("job-coach"));
    expect(order).not.toContain("q:money");
    expect(order).toContain("q:whose");
    expect(order).not.toContain("background");
  });

  test("ask about the teller only when it was not answered before", () => {
    const draft = draftOf("candidate");
    expect(keys(draft)).not.toContain("b:gender");
    draft.notes.background = "ask";
    expect(keys(draft)).toContain("b:gender");
    draft.notes.background = "skip";
    expect(keys(draft)).not.toContain("b:gender");
  });

  test("ask whether a recording may be kept only where there is one", () => {
    const draft = draftOf("candidate");
    expect(permissionsOf(reference, draft).map((c) => c.scope)).not.toContain("archive");
    draft.recordings.push(recording);
    expect(permissionsOf(reference, draft).map((c) => c.scope)).toContain("archive");
  });

  test("open at the beginning when the screen that was open is gone", () => {
    expect(indexOf(screensOf(reference, draftOf("job-coach")), "q:money")).toBe(0);
  });
});

describe("going on", () => {
  const at = (draft: Draft, key: string): boolean => {
    const screen = screensOf(reference, draft).find((one) => one.key === key);
    if (!screen) throw new Error(`there is no screen ${key}`);
    return mayGoOn(screen, draft);
  };

  test("needs a code, or that somebody goes on without one on purpose", () => {
    const draft = draftOf("candidate");
    expect(at(draft, "who")).toBe(false);
    draft.notes.withoutCode = true;
    expect(at(draft, "who")).toBe(true);
    draft.notes = {};
    [draft.body.teller, draft.body.participant] = ["7K3M-PX2C", "7K3M-PX2C"];
    expect(at(draft, "who")).toBe(true);
  });

  test("needs no candidate's code for a professional's own work", () => {
    const draft = draftOf("job-coach");
    draft.body.teller = "7K3M-PX2C";
    expect(at(draft, "who")).toBe(false);
    draft.notes.ownWork = true;
    expect(at(draft, "who")).toBe(true);
  });

  test("needs a recording to be gone that the teller does not want to be kept", () => {
    const draft = draftOf("candidate");
    draft.recordings.push(recording);
    expect(at(draft, "p:archive")).toBe(false);
    draft.body.permissions = { archive: true };
    expect(at(draft, "p:archive")).toBe(true);
    draft.body.permissions = { archive: false };
    expect(at(draft, "p:archive")).toBe(false);
    draft.recordings = [];
    expect(screensOf(reference, draft).map((screen) => screen.key)).not.toContain("p:archive");
  });

  test("needs consent, but never a story", () => {
    const draft = draftOf("candidate");
    expect(at(draft, "consent")).toBe(false);
    expect(at(draft, "story")).toBe(true);
    expect(wasTold(draft)).toBe(false);
  });

  test("needs an answer or 'not about this' to a required question", () => {
    const draft = draftOf("candidate");
    const competence = reference.signifiers.find((s) => s.key === "competence");
    if (!competence) throw new Error("the reference framework has changed");
    expect(at(draft, "q:competence")).toBe(false);
    answer(draft, competence, { state: "notApplicable" });
    expect(at(draft, "q:competence")).toBe(true);
    answer(draft, competence, null);
    expect(answerTo(draft, competence)).toBeNull();
    expect(at(draft, "q:competence")).toBe(false);
  });
});
