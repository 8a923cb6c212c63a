// The name and steps of a workshop while somebody changes them.

import type { Texts } from "../../framework/types";
import type { Step, Workshop, WorkshopInput } from "./api";

/** A step in the form. */
export interface PlannedStep {
  key: string;
  /** As it is typed, in the language of the screen. */
  title: string;
  minutes: number | null;
  /** What it was called in every language before. */
  texts: Texts;
}

/** What may be changed of a workshop beside what it is busy with. */
export interface Plan {
  title: string;
  steps: PlannedStep[];
}

/** At most so many steps. */
export const MOST_STEPS = 20;
const LONGEST = 480;

/** The plan of a workshop as it is now. */
export function planOf({ title, steps }: Pick<Workshop, "title" | "steps">, text: (texts: Texts) => string): Plan {
  return { title, steps: steps.map((step) => ({ key: step.key, title: text(step.title), minutes: step.minutes, texts: step.title })) };
}

/** Whether two plans say the same. */
export function isSamePlan(a: Plan, b: Plan): boolean {
  const said = ({ title, steps }: Plan) => JSON.stringify([title, steps.map((step) => [step.key, step.title, step.minutes])]);
  return said(a) === said(b);
}

/** Whether a plan can be sent: everything has a name, and every step some minutes. */
export function isWhole({ title, steps }: Plan): boolean {
  const isTime = (minutes: number | null) => minutes !== null && Number.isInteger(minutes) && minutes >= 1 && minutes <= LONGEST;
  return title.trim() !== "" && steps.every((step) => step.title.trim() !== "" && isTime(step.minutes));
}

/** The steps with a new one at the end. */
export function withStep(steps: readonly PlannedStep[]): PlannedStep[] {
  const keys = new Set(steps.map(({ key }) => key));
  let number = steps.length + 1;
  while (keys.has(`step-${number}`)) number += 1;
  return [...steps, { key: `step-${number}`, title: "", minutes: 10, texts: {} }];
}

/** The steps with one moved by a place; the same when it is at the end already. */
export function moved(steps: readonly PlannedStep[], at: number, by: 1 | -1): PlannedStep[] {
  const [one, other] = [steps[at], steps[at + by]];
  if (one === undefined || other === undefined) return [...steps];
  return steps.map((step, place) => (place === at ? other : place === at + by ? one : step));
}

/**
 * What is sent for a plan. The workshop goes on with what it is busy with, unless that step was taken out. A step with a new
 * name has it in the language it was typed in only: its old names in others would say something else.
 */
export function inputOf(plan: Plan, now: Pick<Workshop, "state" | "step">, language: string, text: (texts: Texts) => string): WorkshopInput {
  const steps = plan.steps.map(({ key, title, minutes, texts }): Step => ({
    key,
    title: title.trim() === text(texts) ? texts : { [language]: title.trim() },
    minutes: minutes ?? 1,
  }));
  const running = now.step && steps.some(({ key }) => key === now.step?.key) ? { key: now.step.key, minutes: now.step.minutes } : null;
  return { title: plan.title.trim(), state: now.state, steps, step: running };
}
