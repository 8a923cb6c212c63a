// Retention terms as a form, and what of the form is sent.

import type { Retention, RetentionChange, RetentionClass } from "../types";

/** One class in the form. */
export interface TermForm {
  class: RetentionClass;
  standardDays: number;
  /** Whether the project chose another term than the standard. */
  own: boolean;
  /** Days; null keeps it until the project ends. */
  days: number | null;
  reason: string;
}

/** The form of what holds now. A term with a reason was chosen by the project. */
export function formOf(retention: Retention): TermForm[] {
  return retention.terms.map((term) => ({
    class: term.class,
    standardDays: term.standardDays,
    own: term.reason !== "",
    days: term.days ?? null,
    reason: term.reason,
  }));
}

/** What to send: only what is not the standard; what is left out becomes standard again. */
export function changeOf(form: readonly TermForm[], reportedOn: string): RetentionChange {
  const own = form.filter((term) => term.own);
  return {
    reportedOn: reportedOn === "" ? null : reportedOn,
    terms: own.map(({ class: kind, days, reason }) => ({ class: kind, days, reason: reason.trim() })),
  };
}

/** The path of a member of a class in what `changeOf` makes, for the server's errors. */
export function termPath(form: readonly TermForm[], kind: RetentionClass, member: "days" | "reason"): string {
  const index = form.filter((term) => term.own).findIndex((term) => term.class === kind);
  return `$.terms[${index}].${member}`;
}
