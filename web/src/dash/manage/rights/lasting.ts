// Things that work until a day unless somebody ended them: invitations and tokens.

/** Where it stands. */
export type Lasting = "open" | "used" | "ended" | "expired";

/** What something is at the time `now`, and the moment that goes with it. What was used or ended stays so. */
export function lastingState(
  thing: { expiresAt: string; usedAt?: string | null | undefined; endedAt?: string | null | undefined },
  now: Date,
): { state: Lasting; at: string } {
  if (thing.usedAt) return { state: "used", at: thing.usedAt };
  if (thing.endedAt) return { state: "ended", at: thing.endedAt };
  return { state: new Date(thing.expiresAt) <= now ? "expired" : "open", at: thing.expiresAt };
}
