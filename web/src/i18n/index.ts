// The languages of the interface, and which words to use for somebody who reads a language.

import { directionOf, type ShownText } from "../framework/texts";
import { ar } from "./ar";
import { en } from "./en";
import { nl, type Words } from "./nl";

export type { Words };

/** Languages that the interface is complete in. */
export const interfaceLanguages = ["nl", "en", "ar"] as const;
export type InterfaceLanguage = (typeof interfaceLanguages)[number];

const all: Record<InterfaceLanguage, Words> = { nl, en, ar };

/** The language of the interface for a BCP 47 tag, or null when there is none. */
export function interfaceLanguage(tag: string): InterfaceLanguage | null {
  const primary = tag.toLowerCase().split("-")[0];
  return interfaceLanguages.find((language) => language === primary) ?? null;
}

/** The words in a language of the interface. */
export function wordsIn(language: InterfaceLanguage): Words {
  return all[language];
}

/** The language of the interface that this browser's user reads; Dutch when none is known. */
export function preferredLanguage(languages: readonly string[]): InterfaceLanguage {
  for (const tag of languages) {
    const known = interfaceLanguage(tag);
    if (known) return known;
  }
  return "nl";
}

/** The name of a language, in another one; the tag itself where the browser does not know it. */
export function languageName(tag: string, inLanguage: string): string {
  try {
    return new Intl.DisplayNames([inLanguage, "en"], { type: "language" }).of(tag) ?? tag;
  } catch {
    return tag;
  }
}

/** Words of the interface as a text of their own, with the way they are read. */
export function said(words: Words, text: string): ShownText {
  return { text, language: words.tag, direction: directionOf(words.tag), isFallback: false };
}
