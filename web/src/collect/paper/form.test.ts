import { describe, expect, it } from "vitest";
import { reference } from "../../framework/reference.testing";
import type { Framework } from "../../framework/types";
import type { Draft } from "../model";
import { ALPHABET, checkValue } from "../store/codes";
import { paperBody, errorsOf, pickPerspective, questionsOf, settleCodes, type, typeCode, typedFor, type FormError } from "./form";
import { askedQuestions, paperPermissions, paperQuestions } from "./questions";
import { nothingTyped, type Typed } from "./typed";

const ONE = code("7K3MPX2");
const OTHER = code("2B4C6D8");
/** How somebody came is asked only when travel was needed. */
const framework: Framework = {
  ...reference,
  signifiers: reference.signifiers.map((signifier) =>
    signifier.key === "transport-effort" ? { ...signifier, showIf: [{ signifier: "transport", options: ["walk", "bike"] }] } : signifier,
  ),
};

function code(seven: string): string {
  const check = checkValue([...seven].map((character) => ALPHABET.indexOf(character)));
  const whole = seven + ALPHABET.charAt(check);
  return `${whole.slice(0, 4)}-${whole.slice(4)}`;
}

function draft(change: Partial<Draft["body"]> = {}, notes: Draft["notes"] = {}): Draft {
  const at = "2026-03-01T09:00:00.000Z";
  const body = { schema: 1, frameworkVersion: 1, wave: "1", language: "nl", placements: {}, ...change };
  return { id: "d", enrolment: "e", startedAt: at, changedAt: at, screen: "language", language: "nl", body, recordings: [], notes: { paper: true, ...notes } };
}

function put(form: Draft, key: string, typed: Partial<Typed>): void {
  const signifier = framework.signifiers.find((one) => one.key === key);
  if (!signifier) throw new Error(`no question ${key}`);
  type(form, signifier, { ...nothingTyped(signifier), ...typed });
}

/** A form with everything outside the questions, and every question left empty on purpose. */
function filled(perspective = "candidate"): Draft {
  const consent = { version: "1", language: "nl", way: "written" as const, at: "2026-03-01T09:00:00.000Z" };
  const form = draft({ mode: "onSite", prompt: "what-happened", text: "Ik nam de bus.", consent });
  pickPerspective(form, framework, perspective);
  typeCode(form, framework, "teller", ONE);
  typeCode(form, framework, "participant", OTHER);
  for (const { signifier } of paperQuestions(framework, perspective)) put(form, signifier.key, { state: "skipped" });
  return form;
}

function said(errors: FormError[]): string[] {
  return errors.map((error) => {
    if (error.kind === "fixed") return error.field;
    return error.kind === "question" ? `${error.question.signifier.key} ${error.error}` : `${error.problem.path} ${error.problem.code}`;
  });
}

describe("the questions on paper", () => {
  it("have one number each, the same on the screen on which the form is typed in", () => {
    const printed = paperQuestions(framework, "candidate");
    expect(printed.map((question) => question.number)).toEqual(printed.map((_, i) => i + 1));
    for (const question of askedQuestions(framework, { perspective: "candidate", placements: {}, background: {} })) {
      expect(printed.find((one) => one.signifier.key === question.signifier.key)?.number).toBe(question.number);
    }
  });

  it("are those of the perspective only, with the background last", () => {
    expect(paperQuestions(framework, "job-coach").map((q) => q.signifier.key)).not.toContain("money");
    const background = paperQuestions(framework, "candidate").map((q) => q.signifier.background === true);
    expect(background).toEqual([...background].sort());
  });

  it("print a question that depends on another one, and say on which answer", () => {
    const printed = paperQuestions(framework, "candidate");
    const effort = printed.find((question) => question.signifier.key === "transport-effort");
    const transport = printed.find((question) => question.signifier.key === "transport");
    expect(effort?.conditions).toEqual([{ number: transport?.number, options: [expect.objectContaining({ key: "walk" }), expect.objectContaining({ key: "bike" })] }]);
  });

  it("ask no permission for a recording that paper cannot have", () => {
    expect(paperPermissions(framework).map((consent) => consent.key)).toEqual(["quote", "workgroup"]);
  });
});

describe("a paper form that is typed in", () => {
  it("may be finished when all is there or left empty on purpose", () => {
    expect(said(errorsOf(filled(), framework))).toEqual([]);
    expect(said(errorsOf(filled("job-coach"), framework))).toEqual([]);
  });

  it("says everything that is missing, from the top down", () => {
    const all = said(errorsOf(draft(), framework));
    expect(all).toEqual(["perspective", "teller", "participant", "mode", "consent", "prompt", "text"]);
  });

  it("does not go without consent on the paper", () => {
    const form = filled();
    delete form.body.consent;
    expect(said(errorsOf(form, framework))).toEqual(["consent"]);
  });

  it("does not go without its story, unless the typist says that there is none", () => {
    const form = filled();
    form.body.text = null;
    expect(said(errorsOf(form, framework))).toEqual(["text"]);
    form.notes.noStory = true;
    expect(said(errorsOf(form, framework))).toEqual([]);
  });

  it("asks about a required question that was passed over, and about no other", () => {
    const form = filled();
    put(form, "competence", {});
    put(form, "home", {});
    put(form, "age-band", {});
    expect(said(errorsOf(form, framework))).toEqual(["competence empty"]);
  });

  it("never drops half an answer: it is kept in its fields, and stands in the way of finishing", () => {
    const form = filled();
    put(form, "health", { fields: ["3", "", "", "", "", ""] });
    expect(said(errorsOf(form, framework))).toEqual(["health incomplete"]);
    const reopened: Draft = JSON.parse(JSON.stringify(form));
    const health = framework.signifiers.find((one) => one.key === "health");
    expect(health && typedFor(reopened, health).fields[0]).toBe("3");
    expect(form.body.placements).not.toHaveProperty("health");
  });

  it("asks a question only where its answer would be delivered, and delivers no other", () => {
    const form = filled();
    put(form, "transport", { picked: ["bike"] });
    put(form, "transport-effort", { picked: ["2"] });
    expect(questionsOf(form, framework).map((q) => q.signifier.key)).toContain("transport-effort");
    put(form, "transport", { picked: ["not-needed"] });
    expect(questionsOf(form, framework).map((q) => q.signifier.key)).not.toContain("transport-effort");
    expect(paperBody(form, framework).placements).not.toHaveProperty("transport-effort");
    expect(said(errorsOf(form, framework))).toEqual([]);
  });
});

describe("a form that could not be finished at once", () => {
  it("still has the answers that were left out, should they be asked after all", () => {
    const form = filled();
    put(form, "transport", { picked: ["not-needed"] });
    put(form, "transport-effort", { picked: ["2"] });
    form.body = paperBody(form, framework);
    put(form, "transport", { picked: ["bike"] });
    expect(paperBody(form, framework).placements).toMatchObject({ "transport-effort": { state: "answered", value: { point: "2" } } });
  });
});

describe("the codes of a paper form", () => {
  it("are one and the same for somebody who tells about themselves", () => {
    const form = filled();
    expect([form.body.teller, form.body.participant]).toEqual([ONE, ONE]);
  });

  it("are two for a professional, and the teller's is never taken for the candidate's", () => {
    const form = draft();
    pickPerspective(form, framework, "candidate");
    typeCode(form, framework, "teller", ONE);
    pickPerspective(form, framework, "job-coach");
    expect([form.body.teller, form.body.participant]).toEqual([ONE, null]);
    typeCode(form, framework, "participant", OTHER);
    expect(form.body.participant).toBe(OTHER);
  });

  it("leave out the candidate for a story of the own work", () => {
    const form = filled("job-coach");
    form.notes.ownWork = true;
    settleCodes(form, framework);
    expect(form.body.participant).toBeNull();
    expect(said(errorsOf(form, framework))).toEqual([]);
  });

  it("stand in the way while one is wrong, also where one may do without", () => {
    const form = filled();
    typeCode(form, framework, "teller", ONE.slice(0, -1));
    form.notes.withoutCode = true;
    expect(form.body.teller).toBeNull();
    expect(said(errorsOf(form, framework))).toEqual(["teller"]);
    typeCode(form, framework, "teller", "");
    expect(said(errorsOf(form, framework))).toEqual([]);
  });
});
