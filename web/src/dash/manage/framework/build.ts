// Making parts of a framework document, and getting a document ready to be handed in.

import type { Anchor, Framework, Prompt, Signifier, SignifierKind, Texts } from "../../../framework/types";

/** The kinds of question, in the order in which they are offered. */
export const kinds: readonly SignifierKind[] = ["triad", "dyad", "stones", "scale", "choice", "text"];

/** Begin of a key that was made before there were words to make it of. */
const UNNAMED = "new-";
const MAX_KEY = 40;
/** Column names of the stories table, which no question and no attribute may take. */
const FIXED_COLUMNS = [
  "story_id", "framework_version", "wave", "participant", "teller", "perspective", "language", "told_on", "received_at",
  "prompt", "title", "text", "permission",
];

/** A key made of words: small letters, digits and single hyphens; empty when there is nothing to make it of. */
export function slug(text: string): string {
  const plain = text.normalize("NFD").replace(/\p{Mn}/gu, "").toLowerCase();
  const words = plain.split(/[^a-z0-9]+/).filter((word) => word !== "");
  let key = "";
  for (const word of words) {
    const longer = key === "" ? word : `${key}-${word}`;
    if (longer.length > MAX_KEY) {
      break;
    }
    key = longer;
  }
  return key === "" ? (words[0] ?? "").slice(0, MAX_KEY) : key;
}

/** `wanted`, or with the first number behind it that makes it one that is not taken. */
export function uniqueKey(wanted: string, taken: Iterable<string>): string {
  const known = new Set(taken);
  if (!known.has(wanted)) {
    return wanted;
  }
  let number = 2;
  while (known.has(`${wanted}-${number}`)) {
    number += 1;
  }
  return `${wanted}-${number}`;
}

/** A key for something that has no words yet. */
export function unnamedKey(taken: Iterable<string>): string {
  return uniqueKey(`${UNNAMED}1`, taken);
}

/** Whether a key waits for words to be made of. */
export function isUnnamed(key: string): boolean {
  return key.startsWith(UNNAMED);
}

/** The keys that a new question or attribute may not have. */
export function columnsTaken(document: Framework): string[] {
  return [...FIXED_COLUMNS, ...document.signifiers.map((s) => s.key), ...(document.attributes ?? []).map((a) => a.key)];
}

/** The list with one item moved; the same list when there is no such place. */
export function moved<T>(list: readonly T[], from: number, to: number): T[] {
  const next = [...list];
  if (to < 0 || to >= next.length || from < 0 || from >= next.length) {
    return next;
  }
  next.splice(to, 0, ...next.splice(from, 1));
  return next;
}

/** No words yet, in every language of the framework. */
export function emptyTexts(document: Pick<Framework, "languages">): Texts {
  return Object.fromEntries(document.languages.map((tag) => [tag, ""]));
}

/** Corners, ends, stones, points or options without words. */
function anchors(count: number, document: Framework, keyOf: (index: number) => string): Anchor[] {
  return Array.from({ length: count }, (_, index) => ({ key: keyOf(index), label: emptyTexts(document) }));
}

/** A question of a kind with these words in the default language, and as many empty parts as the kind needs. */
export function newSignifier(kind: SignifierKind, words: string, document: Framework): Signifier {
  const unnamed = (index: number): string => `${UNNAMED}${index + 1}`;
  const key = uniqueKey(slug(words) || "question", columnsTaken(document));
  const question = { ...emptyTexts(document), [document.defaultLanguage]: words };
  const isForThirdPersons = document.perspectives.length > 1 && kind !== "text";
  const base: Signifier = { key, kind, question, required: true, allow: isForThirdPersons ? ["unknown"] : [] };
  switch (kind) {
    case "triad":
      return { ...base, anchors: anchors(3, document, unnamed) };
    case "dyad":
      return { ...base, anchors: anchors(2, document, unnamed) };
    case "stones": {
      const axis = () => ({ start: emptyTexts(document), end: emptyTexts(document) });
      return { ...base, axes: { x: axis(), y: axis() }, aspect: 1.5, stones: anchors(1, document, unnamed) };
    }
    case "scale":
      return { ...base, points: anchors(5, document, (index) => String(index + 1)) };
    case "choice":
      return { ...base, multiple: false, options: anchors(2, document, unnamed) };
    case "text":
      return { ...base, required: false };
  }
}

/** A prompt without words. */
export function newPrompt(document: Framework): Prompt {
  return { key: unnamedKey(document.prompts.map((p) => p.key)), text: emptyTexts(document) };
}

/** Members that hold a text in several languages, and members that hold such texts per perspective. */
const TEXTS = new Set(["title", "label", "text", "question", "purpose", "start", "end", "audio"]);
const WORDINGS = new Set(["textFor", "questionFor", "labelFor"]);
/** Texts that may be left out; without any words they are not handed in. */
const OPTIONAL = new Set(["purpose", "audio"]);

type Json = null | boolean | number | string | Json[] | { [name: string]: Json };

/**
 * The document as it is handed in: without empty texts, wordings that say nothing, and lists of wordings without any. All
 * else stays as it is, also members that this editor does not show.
 */
export function cleaned(document: Framework): Framework {
  const copy: Framework = JSON.parse(JSON.stringify(document), function (this: unknown, name: string, value: Json) {
    if (TEXTS.has(name) && isObject(value)) {
      const texts = Object.fromEntries(Object.entries(value).filter(([, text]) => text !== ""));
      return OPTIONAL.has(name) && Object.keys(texts).length === 0 ? undefined : texts;
    }
    if (WORDINGS.has(name) && isObject(value)) {
      const said = Object.entries(value).filter(([, texts]) => isObject(texts) && Object.values(texts).some((t) => t !== ""));
      const full = said.map(([key, texts]) => [key, isObject(texts) ? withoutEmpty(texts) : texts]);
      return full.length === 0 ? undefined : Object.fromEntries(full);
    }
    return value;
  });
  return copy;
}

function withoutEmpty(texts: { [name: string]: Json }): { [name: string]: Json } {
  return Object.fromEntries(Object.entries(texts).filter(([, text]) => text !== ""));
}

function isObject(value: Json | undefined): value is { [name: string]: Json } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Takes a language out of a document: out of the list and out of every text. The default language stays. */
export function withoutLanguage(document: Framework, tag: string): Framework {
  if (tag === document.defaultLanguage) {
    return document;
  }
  const drop = (texts: { [name: string]: Json }): { [name: string]: Json } =>
    Object.fromEntries(Object.entries(texts).filter(([language]) => language !== tag));
  const copy: Framework = JSON.parse(JSON.stringify(document), (name: string, value: Json) => {
    if (TEXTS.has(name) && isObject(value)) {
      return drop(value);
    }
    if (WORDINGS.has(name) && isObject(value)) {
      return Object.fromEntries(Object.entries(value).map(([key, texts]) => [key, isObject(texts) ? drop(texts) : texts]));
    }
    return value;
  });
  return { ...copy, languages: document.languages.filter((language) => language !== tag) };
}
