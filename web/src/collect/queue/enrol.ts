// Exchanging the one-time code of a link or QR for a device token.

import type { Enrolment } from "../model";
import type { Store } from "../store/store";
import { assignmentOf, bareboned, refreshPackage } from "./devices";
import { type Session } from "./session";
import { ask, isRecord, textOf, type Answer, type Wire } from "./wire";

/** What came of a code. */
export type Enrolled =
  /** `complete` is false when what to collect is not here yet: the queue fetches it, and nothing can be told before. */
  | { kind: "ok"; enrolment: Enrolment; complete: boolean }
  /** The code does not work, or not any more. */
  | { kind: "codeUsed" }
  /** Our server was not reached; the code can be tried again. */
  | { kind: "noConnection" }
  /** Too many wrong codes came from here. `retryAfter` in seconds. */
  | { kind: "tooManyTries"; retryAfter: number };

const DEFAULT_RETRY_S = 60;

/**
 * Enrols this device. The token is kept before anything else is asked: the code works only once. Errors: `StorageFull`,
 * and what else the store throws.
 */
export async function enrol(store: Store, wire: Wire, code: string, appVersion: string): Promise<Enrolled> {
  const body = JSON.stringify({ code, ...(appVersion ? { appVersion } : {}) });
  const request = { method: "POST", path: "/v1/devices/_enrol", token: null, body, contentType: "application/json" } as const;
  const answer = await ask(wire, request);
  if (answer.kind !== "answered") return refusal(answer);
  const enrolment = enrolmentOf(answer.json, new Date(wire.now()).toISOString());
  if (!enrolment) return { kind: "noConnection" };
  await store.enrolments.save(enrolment);
  const session: Session = { store, wire, enrolment, failures: new Map(), reached: true, gained: false };
  const complete = (await refreshPackage(session)) === null;
  return { kind: "ok", enrolment: session.enrolment, complete };
}

function refusal(answer: Exclude<Answer, { kind: "answered" }>): Enrolled {
  if (answer.kind === "failed") return { kind: "noConnection" };
  if (answer.status === 429) {
    return { kind: "tooManyTries", retryAfter: Math.ceil((answer.retryAfter ?? DEFAULT_RETRY_S * 1000) / 1000) };
  }
  return answer.status === 410 || answer.status === 400 ? { kind: "codeUsed" } : { kind: "noConnection" };
}

function enrolmentOf(json: unknown, now: string): Enrolment | null {
  const assignment = isRecord(json) ? assignmentOf(json.assignment) : null;
  const token = isRecord(json) ? textOf(json.token) : "";
  if (!assignment || !token) return null;
  const { deviceId: id } = assignment;
  return { id, token, package: bareboned(assignment), etag: null, enrolledAt: now, contactAt: now, unknown: false };
}
