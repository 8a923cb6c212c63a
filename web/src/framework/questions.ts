// Which questions a story is asked, and in which words.

import { checkPlacement } from "./check-placement";
import { Problems } from "./problems";
import type { Anchor, AnswerState, Framework, Placement, Prompt, ShowIf, Signifier, Texts } from "./types";

/** Answers by signifier key. */
export type Placements = Record<string, Placement>;

/** What is known of a story when its questions are picked. */
export interface Situation {
  /** Key of the story's perspective. */
  perspective: string;
  /** Answers so far to questions about the story. */
  placements: Placements;
  /** Answers so far to background questions, also those that the participant gave with an earlier story. */
  background: Placements;
}

/** Questions in the order in which they are asked. */
export interface Questions {
  /** About the story. */
  story: Signifier[];
  /** About the participant; asked once per participant. */
  background: Signifier[];
}

/**
 * The questions that are shown now: asked of the perspective, and all conditions hold. An answer to a question that is
 * itself hidden is no reason to show another. A condition on a background question that is not answered does not hold.
 */
export function questionsFor(framework: Framework, situation: Situation): Questions {
  const shown = shownSignifiers(framework, situation, false);
  return { story: shown.filter((s) => s.background !== true), background: shown.filter((s) => s.background === true) };
}

/**
 * The answers that go with the story when it is sealed: those to questions that are still shown, in a form the server
 * takes. The server refuses a whole story for one answer to a question that is not asked of the perspective, that the
 * framework does not have, or in a state that is not offered; so these are left out. A question whose condition is on a
 * background question without an answer here stays, as the server does it: it was asked after an earlier story.
 */
export function placementsShown(
  framework: Framework,
  situation: Situation,
): { placements: Placements; background: Placements } {
  const shown = shownSignifiers(framework, situation, true);
  return {
    placements: pick(situation.placements, shown.filter((s) => s.background !== true)),
    background: pick(situation.background, shown.filter((s) => s.background === true)),
  };
}

/** The question in the words for a perspective. */
export function questionText(signifier: Signifier, perspective: string): Texts {
  return ownMember(signifier.questionFor, perspective) ?? signifier.question;
}

/** The label of a corner, end, stone, point or option in the words for a perspective. */
export function anchorText(anchor: Anchor, perspective: string): Texts {
  return ownMember(anchor.labelFor, perspective) ?? anchor.label;
}

/**
 * The prompt in the words for a perspective and a wave (`waveOrdinal`: 1, 2, 3, ...): the wording of the last wave that is
 * not after this one.
 */
export function promptText(prompt: Prompt, perspective: string, waveOrdinal: number): Texts {
  const begun = (prompt.textForWave ?? []).filter((wording) => wording.from <= waveOrdinal);
  const latest = begun.reduce<(typeof begun)[number] | undefined>(
    (last, wording) => (last === undefined || wording.from >= last.from ? wording : last),
    undefined,
  );
  const wording = latest ?? prompt;
  return ownMember(wording.textFor, perspective) ?? wording.text;
}

/** The states offered beside an answer, in the order of their buttons. */
export function allowedStates(signifier: Signifier): AnswerState[] {
  const extra: AnswerState[] = ["unknown", "declined"];
  return ["notApplicable", ...extra.filter((state) => signifier.allow?.includes(state))];
}

/** Whether people with this perspective are asked. */
export function isAskedOf(signifier: Signifier, perspective: string): boolean {
  return signifier.askedOf == null || signifier.askedOf.includes(perspective);
}

function shownSignifiers(framework: Framework, situation: Situation, earlierCounts: boolean): Signifier[] {
  const given = new Map<string, Placement>();
  for (const signifier of framework.signifiers) {
    const answer = ownMember(signifier.background === true ? situation.background : situation.placements, signifier.key);
    if (answer !== undefined) {
      given.set(signifier.key, answer);
    }
  }
  return framework.signifiers.filter((signifier) => {
    const isEarlier = earlierCounts && given.has(signifier.key);
    const holds = (condition: ShowIf): boolean => conditionHolds(condition, framework, situation.perspective, given, isEarlier);
    const isShown = isAskedOf(signifier, situation.perspective) && (signifier.showIf ?? []).every(holds);
    if (!isShown) {
      given.delete(signifier.key);
    }
    return isShown;
  });
}

/** `isEarlier`: an unanswered background question is taken to have been answered, in favour, with an earlier story. */
function conditionHolds(
  condition: ShowIf,
  framework: Framework,
  perspective: string,
  given: Map<string, Placement>,
  isEarlier: boolean,
): boolean {
  if (condition.perspectives?.length && !condition.perspectives.includes(perspective)) {
    return false;
  }
  const on = condition.signifier == null ? undefined : framework.signifiers.find((s) => s.key === condition.signifier);
  if (on === undefined) {
    return true;
  }
  const taken = given.get(on.key);
  if (taken === undefined) {
    return on.background === true && isEarlier;
  }
  return taken.state === "answered" && (taken.value?.options ?? []).some((o) => condition.options?.includes(o));
}

function pick(answers: Placements, signifiers: Signifier[]): Placements {
  const kept: [string, Placement][] = [];
  for (const signifier of signifiers) {
    const answer = ownMember(answers, signifier.key);
    if (answer !== undefined && isTaken(signifier, answer)) {
      kept.push([signifier.key, answer]);
    }
  }
  return Object.fromEntries(kept);
}

function isTaken(signifier: Signifier, answer: Placement): boolean {
  const problems = new Problems();
  checkPlacement(signifier, answer, "$", problems);
  return problems.list.length === 0;
}

/** A member that the object itself has: a key such as `constructor` must not find what every object has. */
function ownMember<T>(object: Record<string, T> | null | undefined, key: string): T | undefined {
  return object != null && Object.hasOwn(object, key) ? object[key] : undefined;
}
