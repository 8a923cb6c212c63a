// How a wave goes on.

import type { Wave } from "../../types";

const next: Record<Wave["state"], readonly Wave["state"][]> = {
  planned: ["open"],
  open: ["closing", "closed"],
  closing: ["closed", "open"],
  closed: ["open", "closing"],
};

/** What a wave can become, the usual next step first. */
export function nextStates(state: Wave["state"]): readonly Wave["state"][] {
  return next[state];
}

/** The number and key that the next wave gets: behind all others. */
export function nextWave(waves: readonly Pick<Wave, "ordinal" | "key">[]): { ordinal: number; key: string } {
  const ordinal = Math.max(0, ...waves.map((wave) => wave.ordinal)) + 1;
  const isTaken = (key: string): boolean => waves.some((wave) => wave.key === key);
  return { ordinal, key: isTaken(String(ordinal)) ? `wave-${ordinal}` : String(ordinal) };
}
