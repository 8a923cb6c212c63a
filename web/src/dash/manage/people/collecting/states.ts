// Where assignments and devices stand.

import type { Device, Enrolment } from "../kit/types";

/** Where an assignment stands, and since or until when. */
export interface EnrolmentState {
  state: "waiting" | "used" | "expired" | "revoked";
  at: string;
}

/** What an assignment is at the time `now`: used ones stay so, whatever came after. */
export function enrolmentState(enrolment: Enrolment, now: Date): EnrolmentState {
  if (enrolment.usedAt) return { state: "used", at: enrolment.usedAt };
  if (enrolment.revokedAt) return { state: "revoked", at: enrolment.revokedAt };
  const isOver = new Date(enrolment.expiresAt) <= now;
  return { state: isOver ? "expired" : "waiting", at: enrolment.expiresAt };
}

/** What is not delivered yet, over all devices, revoked ones too: their stories still come in. */
export interface Undelivered {
  stories: number;
  /** Devices with any. */
  devices: number;
  /** Devices in use that never said how many they keep. */
  silent: number;
}

/** Adds up what devices said last. */
export function undeliveredOf(devices: readonly Device[]): Undelivered {
  const counts = devices.map((device) => device.undelivered ?? 0);
  return {
    stories: counts.reduce((sum, count) => sum + count, 0),
    devices: counts.filter((count) => count > 0).length,
    silent: devices.filter((device) => !device.revokedAt && (device.undelivered ?? null) === null).length,
  };
}
