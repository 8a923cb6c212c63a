// Texts in several languages: which one is shown, and which way it is read.

import type { Framework, Texts } from "./types";

/** The way in which a text is read. */
export type Direction = "ltr" | "rtl";

/** A text as it is shown. */
export interface ShownText {
  /** The text; empty when there is none in any language. */
  text: string;
  /** BCP 47 tag of the language that it is in, for `lang`. */
  language: string;
  /** For `dir`. */
  direction: Direction;
  /** Whether the language that was asked for is missing, so that another one is shown. */
  isFallback: boolean;
}

// Kurdish in Latin letters (`ku`, `kmr`) is read from the left, Sorani (`ckb`) from the right.
const RTL_LANGUAGES = new Set([
  "ar", "arc", "arz", "ary", "apc", "acm", "aeb", "ajp", "azb", "bal", "ckb", "dv", "fa", "glk", "he", "iw", "khw",
  "ks", "lrc", "mzn", "nqo", "pnb", "prs", "ps", "sd", "skr", "syr", "ug", "ur", "yi",
]);
const RTL_SCRIPTS = new Set(["arab", "aran", "hebr", "syrc", "thaa", "nkoo", "adlm", "rohg"]);

/** Whether a language (BCP 47 tag) is read from right to left; a script in the tag (`ku-Arab`, `pa-Arab`) decides first. */
export function isRtl(tag: string): boolean {
  const [primary = "", ...rest] = tag.toLowerCase().split("-");
  const script = rest.find((part) => /^[a-z]{4}$/.test(part));
  return script === undefined ? RTL_LANGUAGES.has(primary) : RTL_SCRIPTS.has(script);
}

/** The way in which a language (BCP 47 tag) is read. */
export function directionOf(tag: string): Direction {
  return isRtl(tag) ? "rtl" : "ltr";
}

/**
 * The text in a language: that very tag, else the language without its region, else the framework's default language,
 * else any that is there. Tags are compared without regard to case. An empty text counts as none.
 */
export function textOf(texts: Texts, language: string, framework: Pick<Framework, "defaultLanguage">): ShownText {
  const wanted = found(texts, language) ?? found(texts, primaryOf(language));
  const entry = wanted ?? found(texts, framework.defaultLanguage) ?? Object.entries(texts).find(([, text]) => text !== "");
  if (entry === undefined) {
    return { text: "", language, direction: directionOf(language), isFallback: true };
  }
  const [tag, text] = entry;
  return { text, language: tag, direction: directionOf(tag), isFallback: wanted === undefined };
}

/**
 * A text without what no server can take: U+0000 and halves of characters, which a keyboard or a paste may leave behind.
 * A story with one of these would be refused as a whole.
 */
export function cleanText(text: string): string {
  return text.replace(/\0|[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g, "");
}

/** Length of a text as the server counts it: in characters (code points), not in UTF-16 units. */
export function lengthOf(text: string): number {
  let count = 0;
  for (const _ of text) {
    count += 1;
  }
  return count;
}

function primaryOf(tag: string): string {
  return tag.split("-")[0] ?? tag;
}

function found(texts: Texts, tag: string): [string, string] | undefined {
  const wanted = tag.toLowerCase();
  return Object.entries(texts).find(([key, text]) => key.toLowerCase() === wanted && text !== "");
}
