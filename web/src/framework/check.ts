// Checks a story on the device with the limits of the server, so that the form can say what is wrong before the story is
// sent: a refused story is a story that somebody has to save by hand.

import { checkPlacement } from "./check-placement";
import { type FieldProblem, member, Problems } from "./problems";
import { isAskedOf, questionsFor, type Placements } from "./questions";
import { cleanText, lengthOf } from "./texts";
import type { Framework, StoryBody } from "./types";

export { MAX_ANSWER } from "./check-placement";
export type { FieldProblem } from "./problems";

/** Most characters (code points) of the texts of a story. */
export const LIMITS = {
  wave: 64,
  teller: 64,
  participant: 64,
  prompt: 64,
  title: 1000,
  text: 200_000,
  language: 35,
  collectedBy: 200,
} as const;

const REQUIRED = ["frameworkVersion", "wave", "perspective", "language", "placements"] as const;
const MAX_ATTACHMENTS = 20;

/**
 * What the server would refuse of a story, empty when nothing. A body that is still being made may lack members: each that
 * is required and missing is named (`required`). Answers that the framework requires are not part of this, since the server
 * takes a story without them: see `missingAnswers`.
 */
export function checkStory(body: Partial<StoryBody>, framework: Framework): FieldProblem[] {
  const problems = new Problems();
  for (const name of REQUIRED) {
    if (body[name] == null) {
      problems.add(member("$", name), "required");
    }
  }
  if (body.wave === "") {
    problems.add("$.wave", "tooShort");
  }
  checkLengths(body, problems);
  checkCharacters(body, "$", problems);
  checkNames(body, framework, problems);
  checkConsent(body, problems);
  checkAnswers(body.placements ?? {}, "placements", body, framework, problems);
  checkAnswers(body.background ?? {}, "background", body, framework, problems);
  checkOptions(body, framework, problems);
  if ((body.attachments ?? []).length > MAX_ATTACHMENTS) {
    problems.add("$.attachments", "tooLong");
  }
  return problems.list;
}

/**
 * The questions that are shown and required and have neither an answer nor one of its states: `required` at the path of
 * the answer, in the order in which they are asked.
 */
export function missingAnswers(body: Partial<StoryBody>, framework: Framework): FieldProblem[] {
  const { perspective, placements = {}, background = {} } = body;
  if (perspective === undefined) {
    return [];
  }
  const questions = questionsFor(framework, { perspective, placements, background });
  const missing = (name: string, answers: Placements, asked: typeof questions.story): FieldProblem[] =>
    asked
      .filter((s) => s.required === true && (answers[s.key]?.state ?? "skipped") === "skipped")
      .map((s) => ({ path: member(member("$", name), s.key), code: "required" }));
  return [
    ...missing("placements", placements, questions.story),
    ...missing("background", background, questions.background),
  ];
}

/** Whether a text looks like a BCP 47 tag to the server (`nl`, `zh-Hant`, `pt-BR`). */
export function isLanguageTag(tag: string): boolean {
  return tag.length <= LIMITS.language && /^[a-z]{2,3}(-[A-Za-z0-9]{1,8})*$/.test(tag);
}

function checkLengths(body: Partial<StoryBody>, problems: Problems): void {
  for (const [name, most] of Object.entries(LIMITS)) {
    const text = body[name as keyof typeof LIMITS];
    if (text != null && lengthOf(text) > most) {
      problems.add(member("$", name), "tooLong");
    }
  }
}

/** The server takes no U+0000 and no half characters anywhere in a body. */
function checkCharacters(value: unknown, path: string, problems: Problems): void {
  if (typeof value === "string") {
    if (cleanText(value) !== value) {
      problems.add(path, value.includes("\0") ? "nullCharacter" : "invalidJson");
    }
  } else if (Array.isArray(value)) {
    value.forEach((each, i) => checkCharacters(each, `${path}[${i}]`, problems));
  } else if (typeof value === "object" && value !== null) {
    for (const [key, each] of Object.entries(value)) {
      checkCharacters(each, member(path, key), problems);
    }
  }
}

function checkNames(body: Partial<StoryBody>, framework: Framework, problems: Problems): void {
  if (body.perspective !== undefined && !framework.perspectives.some((p) => p.key === body.perspective)) {
    problems.add("$.perspective", "unknownOption");
  }
  if (body.prompt != null && !framework.prompts.some((p) => p.key === body.prompt)) {
    problems.add("$.prompt", "unknownOption");
  }
  if (body.language !== undefined && !isLanguageTag(body.language)) {
    problems.add("$.language", "wrongFormat");
  }
}

function checkConsent(body: Partial<StoryBody>, problems: Problems): void {
  const consent = body.consent;
  if (consent == null) {
    return;
  }
  if (!isLanguageTag(consent.language)) {
    problems.add("$.consent.language", "wrongFormat");
  }
  if (lengthOf(consent.version) > 64) {
    problems.add("$.consent.version", "tooLong");
  }
  if (lengthOf(consent.representative ?? "") > 200) {
    problems.add("$.consent.representative", "tooLong");
  }
}

function checkAnswers(
  answers: Placements,
  name: "placements" | "background",
  body: Partial<StoryBody>,
  framework: Framework,
  problems: Problems,
): void {
  const isKnown = framework.perspectives.some((p) => p.key === body.perspective);
  for (const [key, answer] of Object.entries(answers)) {
    const at = member(member("$", name), key);
    const signifier = framework.signifiers.find((s) => s.key === key && (s.background === true) === (name === "background"));
    if (signifier === undefined) {
      problems.add(at, "unknownSignifier");
    } else if (isKnown && body.perspective !== undefined && !isAskedOf(signifier, body.perspective)) {
      problems.add(at, "notAsked");
    } else {
      checkPlacement(signifier, answer, at, problems);
    }
  }
}

function checkOptions(body: Partial<StoryBody>, framework: Framework, problems: Problems): void {
  for (const key of Object.keys(body.permissions ?? {})) {
    if (!(framework.consents ?? []).some((c) => c.key === key)) {
      problems.add(member("$.permissions", key), "unknownOption");
    }
  }
  for (const [key, option] of Object.entries(body.attributes ?? {})) {
    const at = member("$.attributes", key);
    const attribute = (framework.attributes ?? []).find((a) => a.key === key && a.of === "story");
    if (attribute === undefined) {
      problems.add(at, "unknownAttribute");
    } else if (!attribute.options.some((o) => o.key === option)) {
      problems.add(at, "unknownOption");
    }
  }
}
