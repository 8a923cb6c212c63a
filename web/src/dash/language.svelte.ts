// The language of the dashboard, and numbers, days and texts of the framework in it.

import { type ShownText, textOf } from "../framework/texts";
import type { Texts } from "../framework/types";
import { preferredLanguage } from "../i18n";

/** Languages of the dashboard. */
export const languages = ["nl", "en"] as const;
export type Tag = (typeof languages)[number];

const KEY = "duiding.language";

/** A date is the same day everywhere; a moment is a day where the reader is. */
const zoneOf = (iso: string): { timeZone?: string } => (/^\d{4}-\d{2}-\d{2}$/.test(iso) ? { timeZone: "UTC" } : {});

class Language {
  #tag = $state<Tag>(first());
  /** The default language of the framework: texts fall back to it. */
  fallback = $state("nl");

  /** BCP 47 tag of the language that is shown. */
  get tag(): Tag {
    return this.#tag;
  }
  set tag(tag: Tag) {
    this.#tag = tag;
    document.documentElement.lang = tag;
    try {
      localStorage.setItem(KEY, tag);
    } catch {
      // A browser that keeps nothing asks again next time.
    }
  }

  /** A text of the framework: in this language, else its default one, else any. */
  text(texts: Texts): string {
    return this.shown(texts).text;
  }

  /** The same with the language and direction that it is in, for `lang` and `dir`. */
  shown(texts: Texts): ShownText {
    return textOf(texts, this.#tag, { defaultLanguage: this.fallback });
  }

  /** A number with at most so many decimals. */
  number(value: number, digits = 0): string {
    return new Intl.NumberFormat(this.#tag, { maximumFractionDigits: digits }).format(value);
  }

  /** A share (0 to 1) as a whole percentage. */
  percent(share: number): string {
    return new Intl.NumberFormat(this.#tag, { style: "percent", maximumFractionDigits: 0 }).format(share);
  }

  /** A day of a date or moment (ISO 8601). */
  date(iso: string): string {
    return new Intl.DateTimeFormat(this.#tag, { day: "numeric", month: "long", year: "numeric", ...zoneOf(iso) }).format(new Date(iso));
  }

  /** A day in few characters, for tables with several. */
  shortDate(iso: string): string {
    return new Intl.DateTimeFormat(this.#tag, { dateStyle: "medium", ...zoneOf(iso) }).format(new Date(iso));
  }

  /** A moment (ISO 8601), to the minute. */
  moment(iso: string): string {
    return new Intl.DateTimeFormat(this.#tag, { dateStyle: "medium", timeStyle: "short" }).format(new Date(iso));
  }

  /** The name of a language by its tag; the tag itself where the browser does not know it. */
  name(tag: string): string {
    try {
      return new Intl.DisplayNames([this.#tag], { type: "language" }).of(tag) ?? tag;
    } catch {
      return tag;
    }
  }
}

function first(): Tag {
  const kept = keptTag();
  if (kept) return kept;
  const preferred = preferredLanguage(navigator.languages.filter((tag) => !tag.toLowerCase().startsWith("ar")));
  return preferred === "en" ? "en" : "nl";
}

function keptTag(): Tag | null {
  try {
    const kept = localStorage.getItem(KEY);
    return languages.find((tag) => tag === kept) ?? null;
  } catch {
    return null;
  }
}

/** The language of the dashboard. */
export const language = new Language();
document.documentElement.lang = language.tag;
