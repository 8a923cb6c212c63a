// The questions of a printed form: all that may be asked of a perspective, since paper cannot hide one. Their numbers are
// the same on paper and on the screen on which it is typed in.

import { isAskedOf, placementsShown, type Situation } from "../../framework/questions";
import type { Consent, Framework, ShowIf, Signifier } from "../../framework/types";

/** A question as it is printed. */
export interface PaperQuestion {
  signifier: Signifier;
  /** 1, 2, 3, ... over the whole form. */
  number: number;
  /** Printed above it: the answers to an earlier question with which this one is asked. */
  conditions: Condition[];
}

/** One answer that is needed for a question. */
export interface Condition {
  /** Number of the earlier question. */
  number: number;
  /** The options any of which will do. */
  options: NonNullable<Signifier["options"]>;
}

/** The printed questions of a perspective: about the story, then about the participant. */
export function paperQuestions(framework: Framework, perspective: string): PaperQuestion[] {
  const asked = framework.signifiers.filter((s) => isAskedOf(s, perspective) && (s.showIf ?? []).every((c) => fits(c, perspective)));
  const ordered = [...asked.filter((s) => s.background !== true), ...asked.filter((s) => s.background === true)];
  return ordered.map((signifier, i) => ({ signifier, number: i + 1, conditions: conditionsOf(signifier, ordered) }));
}

/**
 * The printed questions that are asked given the answers so far: those of which an answer would be delivered. A condition on
 * a background question that is left open is taken to hold, as it may have been answered with an earlier story.
 */
export function askedQuestions(framework: Framework, situation: Situation): PaperQuestion[] {
  return paperQuestions(framework, situation.perspective).filter(({ signifier }) => isDelivered(framework, situation, signifier));
}

/** Permissions that a story on paper needs: it has no recording. */
export function paperPermissions(framework: Framework): Consent[] {
  const without = ["participation", "recording", "archive"];
  return (framework.consents ?? []).filter((consent) => !without.includes(consent.scope));
}

/** The letter of a stone, corner or option on paper: a, b, c, ...; numbers when the letters run out. */
export function letterOf(index: number): string {
  return index < 26 ? String.fromCharCode("a".charCodeAt(0) + index) : String(index + 1);
}

function fits(condition: ShowIf, perspective: string): boolean {
  return !condition.perspectives?.length || condition.perspectives.includes(perspective);
}

function conditionsOf(signifier: Signifier, printed: Signifier[]): Condition[] {
  return (signifier.showIf ?? []).flatMap((condition): Condition[] => {
    const at = printed.findIndex((s) => s.key === condition.signifier);
    const options = (printed[at]?.options ?? []).filter((option) => condition.options?.includes(option.key));
    return options.length > 0 ? [{ number: at + 1, options }] : [];
  });
}

function isDelivered(framework: Framework, situation: Situation, signifier: Signifier): boolean {
  const member = signifier.background === true ? "background" : "placements";
  // Every question offers this state: whether it stays says whether the question is asked.
  const tried = { ...situation, [member]: { ...situation[member], [signifier.key]: { state: "notApplicable" as const } } };
  return Object.hasOwn(placementsShown(framework, tried)[member], signifier.key);
}
