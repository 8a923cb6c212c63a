// What in a framework document refers to what by key: renamed and removed with it.

import type { Anchor, Framework, Texts } from "../../../framework/types";

/** The lists whose items others refer to. */
export type Referred = "perspectives" | "indicators" | "signifiers" | "attributes";

/** Takes all references to one perspective, indicator, question or attribute from a key to another, in place. */
export function rename(document: Framework, list: Referred, from: string, to: string): void {
  refer(document, list, (key) => (key === from ? to : key));
}

/** Removes all references to what is gone, in place: wordings, conditions, planned questions. */
export function forget(document: Framework, list: Referred, gone: string): void {
  refer(document, list, (key) => (key === gone ? null : key));
}

/** The keys of other places where something is named, to say what is lost with it: question keys and planned ones. */
export function usesOf(document: Framework, list: Referred, key: string): number {
  let count = 0;
  refer(JSON.parse(JSON.stringify(document)), list, (named) => {
    count += named === key ? 1 : 0;
    return named;
  });
  return count;
}

/** Takes the key of an option of a choice to another in all conditions on it; null removes it. */
export function renameOption(document: Framework, signifier: string, from: string, to: string | null): void {
  for (const question of document.signifiers) {
    for (const condition of question.showIf ?? []) {
      if (condition.signifier === signifier) {
        condition.options = mapped(condition.options ?? [], (key) => (key === from ? to : key));
      }
    }
  }
}

/** The new key of a reference; null removes the reference. */
type Change = (key: string) => string | null;

function refer(document: Framework, list: Referred, change: Change): void {
  if (list === "perspectives") {
    perspectives(document, change);
  }
  for (const question of document.signifiers) {
    if (list === "indicators" && question.indicator != null) {
      const next = change(question.indicator);
      if (next === null) {
        delete question.indicator;
      } else {
        question.indicator = next;
      }
    }
    if (list === "signifiers" && question.showIf) {
      question.showIf = question.showIf.flatMap((condition) => {
        const next = condition.signifier == null ? condition.signifier : change(condition.signifier);
        if (next === null && condition.signifier != null) {
          return condition.perspectives?.length ? [{ perspectives: condition.perspectives }] : [];
        }
        return [next == null ? condition : { ...condition, signifier: next }];
      });
    }
  }
  if (list === "signifiers") {
    document.planned = (document.planned ?? []).flatMap((planned) => {
      const next = change(planned.signifier);
      return next === null ? [] : [{ ...planned, signifier: next }];
    });
  }
  if (list === "attributes") {
    document.planned = (document.planned ?? []).flatMap((planned) => {
      if (planned.attribute == null) return [planned];
      const next = change(planned.attribute);
      return next === null ? [] : [{ ...planned, attribute: next }];
    });
  }
}

function perspectives(document: Framework, change: Change): void {
  for (const prompt of document.prompts) {
    prompt.textFor = wordings(prompt.textFor, change);
    for (const later of prompt.textForWave ?? []) {
      later.textFor = wordings(later.textFor, change);
    }
  }
  for (const question of document.signifiers) {
    question.questionFor = wordings(question.questionFor, change);
    const lists: (Anchor[] | undefined)[] = [question.anchors, question.stones, question.points, question.options];
    for (const anchor of lists.flatMap((list) => list ?? [])) {
      anchor.labelFor = wordings(anchor.labelFor, change);
    }
    if (question.askedOf) {
      const asked = mapped(question.askedOf, change);
      question.askedOf = asked.length === 0 ? null : asked;
    }
    question.showIf = question.showIf?.map((condition) =>
      condition.perspectives ? { ...condition, perspectives: mapped(condition.perspectives, change) } : condition,
    );
  }
}

function wordings(texts: Record<string, Texts> | undefined, change: Change): Record<string, Texts> | undefined {
  if (texts === undefined) return undefined;
  return Object.fromEntries(
    Object.entries(texts).flatMap(([key, text]): [string, Texts][] => {
      const next = change(key);
      return next === null ? [] : [[next, text]];
    }),
  );
}

function mapped(keys: readonly string[], change: Change): string[] {
  return keys.flatMap((key) => change(key) ?? []);
}
