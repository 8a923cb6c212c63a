// Why a story was refused, in the words of whoever reads it and by the names of the questionnaire.

import { questionText } from "../framework/questions";
import { stepsOf } from "../framework/path";
import { textOf, type ShownText } from "../framework/texts";
import type { Framework, Problem, Texts } from "../framework/types";
import { said, type Words } from "../i18n";

/** What is needed to name the parts of a story. */
export interface Naming {
  words: Words;
  /** Null when it is not on this device any more. */
  framework: Framework | null;
  /** The perspective of the story, for its own wording of questions; empty when it is not known. */
  perspective?: string;
}

/** One reason: which part it is about, and what is wrong with it. Each may be in another language. */
export interface Reason {
  /** Null when it is about the whole. */
  part: ShownText | null;
  what: ShownText;
}

/** The reasons of a refusal; at least one. What we have no words for is told in the server's own, which are English. */
export function reasonsOf(problem: Problem, naming: Naming): Reason[] {
  const whole = own(naming.words.refusal.whole, problem.code);
  const errors = problem.errors ?? [];
  if (whole !== undefined) return [{ part: null, what: said(naming.words, whole) }];
  if (errors.length === 0) return [{ part: null, what: inEnglish(problem.detail) }];
  return errors.map((error) => reasonOf(error, naming));
}

/** One thing that is wrong, here or at the server. `message` is the server's, in English. */
export function reasonOf({ path, code, message }: { path: string; code: string; message?: string }, naming: Naming): Reason {
  const { refusal } = naming.words;
  const whole = own(refusal.whole, code);
  if (whole !== undefined) return { part: null, what: said(naming.words, whole) };
  const what = own(refusal.codes, code);
  return {
    part: partAt(path, naming),
    what: what === undefined ? inEnglish(message ?? code) : said(naming.words, what),
  };
}

/** What a facilitator calls the part of a story at a path. Null for the whole of it. */
function partAt(path: string, naming: Naming): ShownText | null {
  const { words, framework } = naming;
  const [member, key] = stepsOf(path) ?? [""];
  if (member === undefined) return null;
  const named = framework && typeof key === "string" ? namedAt(String(member), key, { ...naming, framework }) : null;
  if (named) return named;
  return said(words, own(words.refusal.parts, String(member)) ?? words.refusal.technical);
}

/** The text in the questionnaire of a question, a permission or an attribute. */
function namedAt(member: string, key: string, { words, framework, perspective = "" }: Naming & { framework: Framework }): ShownText | null {
  const shown = (texts: Texts | undefined): ShownText | null => (texts ? textOf(texts, words.tag, framework) : null);
  if (member === "placements" || member === "background") {
    const signifier = framework.signifiers.find((one) => one.key === key);
    return shown(signifier && questionText(signifier, perspective));
  }
  if (member === "permissions") return shown(framework.consents?.find((one) => one.key === key)?.text);
  return member === "attributes" ? shown(framework.attributes?.find((one) => one.key === key)?.label) : null;
}

function inEnglish(text: string): ShownText {
  return { text, language: "en", direction: "ltr", isFallback: true };
}

function own(words: Record<string, string>, key: string): string | undefined {
  return Object.hasOwn(words, key) ? words[key] : undefined;
}
