// A paper form that is typed in: what the draft keeps of it, what is wrong or missing, and what is delivered.

import { checkStory, missingAnswers, type FieldProblem } from "../../framework/check";
import type { Situation } from "../../framework/questions";
import type { Framework, Signifier, StoryBody } from "../../framework/types";
import { bodyToSeal } from "../body-to-seal";
import { answer, answerTo, hasCodes, ownPerspective, wasTold, type Notes } from "../flow";
import type { Draft } from "../model";
import { normaliseCode } from "../store/codes";
import { askedQuestions, type PaperQuestion } from "./questions";
import { read, typedOf, type Typed, type TypingError } from "./typed";

/** What the draft of a paper form remembers beside the story. */
export interface PaperNotes extends Notes {
  /** What stands in the fields, by signifier key: also what is no answer yet. */
  typed?: Record<string, Typed>;
  /** The codes as they were typed: also half of one. */
  codes?: { teller?: string; participant?: string };
  /** Whether there is no story on the paper, and that is no slip. */
  noStory?: boolean;
}

/** The fields outside the questions that something may be wrong with. */
export type FixedField = "perspective" | "teller" | "participant" | "mode" | "consent" | "prompt" | "text";

/** What is wrong with a form, and where. */
export type FormError =
  | { kind: "fixed"; field: FixedField; id: string }
  | { kind: "question"; question: PaperQuestion; error: TypingError | "empty"; id: string }
  | { kind: "other"; problem: FieldProblem; id: string | null };

/** Id of the element of a field. */
export function fieldId(field: string, at = 0): string {
  return `paper-${field}-${at}`;
}

/** What decides which questions are asked: the answers, read again from the fields, so that what is seen is what counts. */
export function situationOf(draft: Draft, framework: Framework): Situation {
  const { typed = {} }: PaperNotes = draft.notes;
  const situation = { placements: { ...draft.body.placements }, background: { ...draft.body.background } };
  for (const signifier of framework.signifiers) {
    const fields = Object.hasOwn(typed, signifier.key) ? typed[signifier.key] : undefined;
    if (!fields) continue;
    const answers = signifier.background === true ? situation.background : situation.placements;
    const { placement } = read(signifier, fields);
    if (placement === null) delete answers[signifier.key];
    else answers[signifier.key] = placement;
  }
  return { perspective: draft.body.perspective ?? "", ...situation };
}

/** What stands in the fields of a question. */
export function typedFor(draft: Draft, signifier: Signifier): Typed {
  const { typed }: PaperNotes = draft.notes;
  const own = typed && Object.hasOwn(typed, signifier.key) ? typed[signifier.key] : undefined;
  return own ?? typedOf(signifier, answerTo(draft, signifier));
}

/** Keeps what is typed for a question, and the answer that it says. */
export function type(draft: Draft, signifier: Signifier, typed: Typed): void {
  const notes: PaperNotes = draft.notes;
  draft.notes.typed = { ...notes.typed, [signifier.key]: typed };
  answer(draft, signifier, read(signifier, typed).placement);
}

/** Picks whose form it is. Answers that others are asked stay in the draft, and are left out when it is finished. */
export function pickPerspective(draft: Draft, framework: Framework, perspective: string): void {
  draft.body.perspective = perspective;
  if (perspective === ownPerspective(framework)) delete draft.notes.ownWork;
  settleCodes(draft, framework);
}

/** Keeps a code as it is typed; it goes with the story when it is complete and right. */
export function typeCode(draft: Draft, framework: Framework, whose: "teller" | "participant", typed: string): void {
  const notes: PaperNotes = draft.notes;
  draft.notes.codes = { ...notes.codes, [whose]: typed };
  settleCodes(draft, framework);
}

/** A candidate tells about themselves: one code for both. A story of the own work is about nobody. */
export function settleCodes(draft: Draft, framework: Framework): void {
  const { codes = {}, ownWork }: PaperNotes = draft.notes;
  const teller = normaliseCode(codes.teller ?? draft.body.teller ?? "");
  // The code of somebody who told about themselves is never taken for that of whom another tells about.
  const about = draft.body.participant === draft.body.teller ? "" : (draft.body.participant ?? "");
  const participant = ownWork === true ? null : normaliseCode(codes.participant ?? about);
  draft.body.teller = teller;
  draft.body.participant = draft.body.perspective === ownPerspective(framework) ? teller : participant;
}

/** The questions of a form that are asked now. */
export function questionsOf(draft: Draft, framework: Framework): PaperQuestion[] {
  return draft.body.perspective ? askedQuestions(framework, situationOf(draft, framework)) : [];
}

/** The form as it is delivered, by the answers that stand in its fields. */
export function paperBody(draft: Draft, framework: Framework): Partial<StoryBody> {
  const { placements, background } = situationOf(draft, framework);
  return bodyToSeal({ ...draft, body: { ...draft.body, placements, background } }, framework);
}

/** Everything that is wrong or missing, in the order of the fields; empty when the form may be finished. */
export function errorsOf(draft: Draft, framework: Framework): FormError[] {
  const fixed = fixedErrors(draft, framework).map((field): FormError => ({ kind: "fixed", field, id: fieldId(field) }));
  return [...fixed, ...questionErrors(draft, framework), ...otherErrors(draft, framework)];
}

function fixedErrors(draft: Draft, framework: Framework): FixedField[] {
  const { body } = draft;
  const { noStory }: PaperNotes = draft.notes;
  const wrong: [FixedField, boolean][] = [
    ["perspective", !body.perspective],
    ["teller", isCodeWrong(draft, "teller")],
    ["participant", body.perspective !== ownPerspective(framework) && isCodeWrong(draft, "participant")],
    // Null says that nothing was ticked on the paper; absent says that nobody looked yet.
    ["mode", body.mode === undefined],
    ["consent", body.consent == null],
    ["prompt", body.prompt === undefined],
    ["text", !wasTold(draft) && noStory !== true],
  ];
  return wrong.filter(([, isWrong]) => isWrong).map(([field]) => field);
}

/** A code that is typed must be right, also where one may do without. */
function isCodeWrong(draft: Draft, whose: "teller" | "participant"): boolean {
  const { codes = {}, withoutCode, ownWork }: PaperNotes = draft.notes;
  if (whose === "participant" && ownWork === true) return false;
  if (draft.body[whose]) return false;
  return (codes[whose] ?? "").trim() !== "" || (withoutCode !== true && !hasCodes(draft));
}

function questionErrors(draft: Draft, framework: Framework): FormError[] {
  // Background questions are asked once: an empty one was answered with an earlier story.
  const missing = missingAnswers(paperBody(draft, framework), framework).filter(({ path }) => path.startsWith("$.placements"));
  return questionsOf(draft, framework).flatMap((question): FormError[] => {
    const { signifier } = question;
    const typed = typedFor(draft, signifier);
    const { error, at } = read(signifier, typed);
    if (error) return [{ kind: "question", question, error, id: fieldId(signifier.key, at) }];
    const isMissing = typed.state === "" && missing.some((problem) => isAt(problem.path, signifier.key));
    return isMissing ? [{ kind: "question", question, error: "empty", id: fieldId(signifier.key) }] : [];
  });
}

function otherErrors(draft: Draft, framework: Framework): FormError[] {
  const own = ["$.perspective"];
  return checkStory(paperBody(draft, framework), framework)
    .filter((problem) => !(own.includes(problem.path) && problem.code === "required"))
    .map((problem) => ({ kind: "other", problem, id: idAt(problem.path, framework) }));
}

/** The element of a path such as `$.title` or `$.placements['fitting-work'].value`. */
function idAt(path: string, framework: Framework): string | null {
  const question = framework.signifiers.find((signifier) => isAt(path, signifier.key));
  if (question) return fieldId(question.key);
  const name = /^\$\.(\w+)/.exec(path)?.[1];
  return name === undefined ? null : fieldId(name);
}

function isAt(path: string, key: string): boolean {
  const rest = path.replace(/^\$\.(placements|background)/, "");
  return rest !== path && [`.${key}`, `['${key}']`].some((start) => rest === start || rest.startsWith(`${start}.`));
}
