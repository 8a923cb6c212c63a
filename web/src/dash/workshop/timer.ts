// The clock of a step: it runs on the time of the server, so that every screen shows the same.

import type { RunningStep, Step } from "./api";

/** How far the clock of this device is behind the server's, in milliseconds, from the time in an answer. */
export function offsetOf(serverTime: number, deviceTime: number): number {
  return serverTime - deviceTime;
}

/** Seconds that are left of a step; below 0 when it is over time. */
export function secondsLeft(step: RunningStep, deviceTime: number, offset: number): number {
  const end = Date.parse(step.startedAt) + step.minutes * 60_000;
  return Math.ceil((end - (deviceTime + offset)) / 1000);
}

/** Minutes and seconds, `4:05`; over time has a plus, for it counts on. */
export function clock(seconds: number): string {
  const whole = Math.abs(seconds);
  const text = `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
  return seconds < 0 ? `+${text}` : text;
}

/** The step after this one; the first when none is running, null after the last. */
export function nextStep(steps: readonly Step[], running: RunningStep | null): Step | null {
  const at = running === null ? -1 : steps.findIndex((step) => step.key === running.key);
  return steps[at + 1] ?? null;
}
