// The fixed lists of the API that people choose from, and moments as inputs write them.

import type { GivenWay, Representative, WithdrawalScope } from "./types";

/** How somebody said yes, no, or that they stop. */
export const givenWays: readonly GivenWay[] = ["onScreen", "onPaper", "oralRecorded", "oralNoted"];
/** Who decided. */
export const representatives: readonly Representative[] = ["none", "parent", "guardian"];
/** How far a withdrawal goes, the least far first. */
export const scopes: readonly WithdrawalScope[] = ["stop", "stopAndRemoveFuture", "eraseAll"];

/** A moment as an input of the kind `datetime-local` writes it, in the time of the browser. */
export function localMoment(date: Date): string {
  const two = (n: number): string => String(n).padStart(2, "0");
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}T${two(date.getHours())}:${two(date.getMinutes())}`;
}

/** What an input of the kind `datetime-local` says, as ISO 8601 in UTC; empty when it says nothing. */
export function isoMoment(local: string): string {
  const date = new Date(local);
  return Number.isNaN(date.getTime()) ? "" : date.toISOString();
}

/** Today as an input of the kind `date` writes it. */
export function today(): string {
  return localMoment(new Date()).slice(0, 10);
}
