// What a device is to collect, and what it tells of itself.

import type { Assignment, DevicePackage, Enrolment } from "../model";
import { storageState } from "../store/storage";
import { asked, type Session } from "./session";
import { stopOf, type Stop } from "./verdict";
import { isRecord, textOf } from "./wire";

/** Fetches what to collect anew; keeps what is here when that does not work. Answers what stopped it, or null. */
export async function refreshPackage(session: Session): Promise<Stop | null> {
  const { enrolment, store, wire } = session;
  const headers: Record<string, string> = enrolment.etag === null ? {} : { "If-None-Match": enrolment.etag };
  const answer = await asked(session, { method: "GET", path: "/v1/devices/current/package", headers });
  if (answer.kind !== "answered") return stopOf(answer);
  const contactAt = new Date(wire.now()).toISOString();
  if (answer.status === 304) {
    session.reached = true;
    await change(session, { contactAt, unknown: false });
    return null;
  }
  const known = packageOf(answer.json, enrolment.id);
  if (!known) return stopOf(answer);
  session.reached = true;
  await change(session, { package: known, etag: answer.headers.get("ETag"), contactAt, unknown: false });
  await store.prune();
  return null;
}

/** Changes the enrolment of a session, here and on the disk. */
export async function change(session: Session, changed: Partial<Omit<Enrolment, "id">>): Promise<void> {
  await session.store.enrolments.update(session.enrolment.id, changed);
  session.enrolment = { ...session.enrolment, ...changed };
}

/** Tells the server how many of its stories wait here, so that somebody notices if they never arrive. Its failing is no harm. */
export async function tellStatus(session: Session): Promise<void> {
  // No project learns what the phone has of another one.
  const { count, oldestAt } = await session.store.undelivered(session.enrolment.package.assignment.projectId);
  const { persisted } = await storageState();
  const oldest = oldestAt === null ? {} : { undeliveredOldestAt: oldestAt };
  const appVersion = session.store.appVersion || "unknown";
  const body = JSON.stringify({ appVersion, undelivered: count, ...oldest, storagePersisted: persisted });
  await asked(session, { method: "PUT", path: "/v1/devices/current/status", body, contentType: "application/json" });
}

/** What to collect, as our server gives it for device `id`; null for anything else. */
export function packageOf(json: unknown, id: string): DevicePackage | null {
  if (!isRecord(json)) return null;
  const assignment = assignmentOf(json.assignment);
  if (assignment?.deviceId !== id) return null;
  if (!Array.isArray(json.consentTexts) || !Array.isArray(json.assets) || !isFramework(json.framework)) return null;
  const wave = isRecord(json.wave) ? json.wave : { key: assignment.wave, ordinal: 0 };
  const whole: unknown = { ...json, assignment, wave };
  return isPackage(whole) ? whole : null;
}

/** An assignment, from a value of unknown origin; null when it is none. */
export function assignmentOf(value: unknown): Assignment | null {
  return isAssignment(value) ? value : null;
}

function isAssignment(value: unknown): value is Assignment {
  if (!isRecord(value) || !Array.isArray(value.perspectives) || typeof value.revoked !== "boolean") return false;
  return [value.deviceId, value.projectId, value.wave].every((text) => textOf(text) !== "");
}

function isFramework(value: unknown): boolean {
  return value === null || (isRecord(value) && typeof value.version === "number" && isRecord(value.document));
}

/** The parts that decide where stories go are looked at; the rest is the server's word. */
function isPackage(value: unknown): value is DevicePackage {
  if (!isRecord(value) || !isAssignment(value.assignment)) return false;
  const key = value.forwardKey;
  return key === null || (isRecord(key) && typeof key.id === "string" && typeof key.publicKey === "string");
}

/** What to collect as far as the enrolment itself tells, until the package is there. */
export function bareboned(assignment: Assignment): DevicePackage {
  const wave = { key: assignment.wave, ordinal: 0 };
  return { assignment, framework: null, wave, consentTexts: [], forwardKey: null, assets: [] };
}
