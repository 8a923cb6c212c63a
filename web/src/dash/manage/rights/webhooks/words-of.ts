// What came of messages, in words; what a newer server says is shown as it is.

import { words } from "../../../words/rights-data";
import type { Delivery } from "../types";

/** `waiting`, `delivered` or `failed` in words. */
export function stateWords(state: string): string {
  const known: Record<string, string> = words().webhooks.states;
  return known[state] ?? state;
}

/** One attempt in words. */
export function attemptWords(attempt: Delivery["attempts"][number]): string {
  const known: Record<string, string> = words().webhooks.outcomes;
  return words().webhooks.attempt(attempt.number, known[attempt.outcome] ?? attempt.outcome, attempt.status ?? null);
}
