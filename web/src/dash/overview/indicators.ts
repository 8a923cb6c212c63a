// The questions of a framework under what they are about.

import type { Framework, Signifier, Texts } from "../../framework/types";

/** One indicator with its questions. */
export interface Indicator {
  key: string;
  /** Null: about the story itself, of no indicator. */
  label: Texts | null;
  signifiers: Signifier[];
}

/**
 * The indicators in the order of the framework with the questions that a perspective is asked. Last what belongs to none.
 * Background questions and texts are left out: the one is about people, the other cannot be drawn.
 */
export function byIndicator(framework: Framework, perspective: string): Indicator[] {
  const asked = framework.signifiers.filter((one) => isDrawn(one) && isAsked(one, perspective));
  const known = framework.indicators ?? [];
  const groups: Indicator[] = known.map(({ key, label }) => ({
    key,
    label,
    signifiers: asked.filter((one) => one.indicator === key),
  }));
  const keys = new Set(known.map((one) => one.key));
  const rest = asked.filter((one) => !one.indicator || !keys.has(one.indicator));
  return [...groups, { key: "", label: null, signifiers: rest }].filter((group) => group.signifiers.length > 0);
}

function isDrawn(signifier: Signifier): boolean {
  return signifier.background !== true && signifier.kind !== "text";
}

function isAsked(signifier: Signifier, perspective: string): boolean {
  return !signifier.askedOf || signifier.askedOf.includes(perspective);
}
