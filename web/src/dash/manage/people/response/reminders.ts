// Who is still to tell in a wave: codes only.

import type { Participant, Teller, Wave } from "../kit/types";
import { type ShownState, stateOf } from "../participants/people";

/** A line of the list. */
export interface Reminder {
  code: string;
  state: ShownState;
  /** Codes of the tellers who tell about this person, the own one left out. */
  tellers: string[];
}

/**
 * Participants who are expected in a wave or began and did not finish, in the order of their codes. Whoever declined or
 * stopped is never reminded.
 */
export function remindersOf(people: readonly Participant[], tellers: readonly Teller[], wave: Wave, waves: readonly Wave[]): Reminder[] {
  return people
    .filter((one) => one.status !== "withdrawn")
    .map((one) => ({ one, state: stateOf(one, wave, waves) }))
    .filter(({ state }) => state === "expected" || state === "started")
    .map(({ one, state }) => ({ code: one.code, state, tellers: tellersOf(one, tellers) }))
    .toSorted((a, b) => (a.code < b.code ? -1 : 1));
}

function tellersOf(person: Participant, tellers: readonly Teller[]): string[] {
  const linked = tellers.filter((teller) => !teller.withdrawnAt && teller.participants.some((one) => one.id === person.id));
  return linked.map((teller) => teller.code).filter((code) => code !== person.code);
}
