// Asking our server, and telling its answers from those of anything else that answers on the way.

import type { Problem } from "../../framework/types";

/** Calls `work` after `ms` milliseconds; answers how to prevent that. */
export type Schedule = (ms: number, work: () => void) => () => void;

/** How the server is reached; for tests to replace. */
export interface Wire {
  fetch: typeof fetch;
  schedule: Schedule;
  /** Milliseconds of this device's clock. */
  now: () => number;
  /** Ends every request when the queue stops. */
  signal?: AbortSignal;
}

export interface Ask {
  method: "GET" | "PUT" | "POST" | "PATCH";
  /** From the root of our own server. */
  path: string;
  token: string | null;
  body?: string | Blob | Uint8Array<ArrayBuffer>;
  contentType?: string;
  headers?: Record<string, string>;
}

/** Why something could not be done now. */
export type Trouble = "noConnection" | "notOurServer" | "tooBusy" | "unknownDevice" | "refused" | "storage";

export type Answer =
  /** 2xx with JSON (null when empty), or 304. */
  | { kind: "answered"; status: number; json: unknown; headers: Headers }
  /** Our server says what is wrong. */
  | { kind: "problem"; status: number; problem: Problem; retryAfter: number | null; headers: Headers }
  /** Nobody, or not our server. `status` is null when nobody answered at all. */
  | { kind: "failed"; trouble: Trouble; status: number | null; retryAfter: number | null; timedOut: boolean };

const PATIENCE_MS = 30_000;
/** The slowest connection that is waited for: 16 kB each second. */
const BYTES_PER_MS = 16;
/** What is not ours might ask for anything. */
const LONGEST_WAIT_MS = 3600_000;

/** Asks the server; never throws. Gives up after 30 seconds and the time that a slow connection needs for the body. */
export async function ask(wire: Wire, request: Ask): Promise<Answer> {
  const abort = new AbortController();
  let timedOut = false;
  const cancel = wire.schedule(PATIENCE_MS + sizeOf(request.body) / BYTES_PER_MS, () => {
    timedOut = true;
    abort.abort();
  });
  const stop = (): void => abort.abort();
  wire.signal?.addEventListener("abort", stop);
  if (wire.signal?.aborted) stop();
  try {
    return await read(wire, await wire.fetch(request.path, init(request, abort.signal)));
  } catch {
    return { kind: "failed", trouble: "noConnection", status: null, retryAfter: null, timedOut };
  } finally {
    cancel();
    wire.signal?.removeEventListener("abort", stop);
  }
}

function init({ method, token, body, contentType, headers }: Ask, signal: AbortSignal): RequestInit {
  const sent: Record<string, string> = { Accept: "application/json", ...headers };
  if (token !== null) sent.Authorization = `Bearer ${token}`;
  if (contentType !== undefined) sent["Content-Type"] = contentType;
  // A redirect is never followed: it would take the story, or the token, elsewhere.
  return { method, headers: sent, body, signal, redirect: "manual", credentials: "omit", cache: "no-store", referrerPolicy: "no-referrer" };
}

async function read(wire: Wire, response: Response): Promise<Answer> {
  const { status, headers } = response;
  const retryAfter = retryAfterMs(headers.get("Retry-After"), wire.now());
  const text = await response.text();
  if (status === 304) return { kind: "answered", status, json: null, headers };
  const json = parsed(text);
  if (status >= 200 && status < 300) {
    if (json === undefined) return { kind: "failed", trouble: "notOurServer", status, retryAfter, timedOut: false };
    return { kind: "answered", status, json, headers };
  }
  const problem = problemOf(headers, status, json);
  if (problem) return { kind: "problem", status, problem, retryAfter, headers };
  const busy = status === 429 || status >= 500;
  return { kind: "failed", trouble: busy ? "tooBusy" : "notOurServer", status, retryAfter, timedOut: false };
}

/** The value; null for an empty text, undefined for what is no JSON. */
function parsed(text: string): unknown {
  if (text.trim() === "") return null;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function problemOf(headers: Headers, status: number, json: unknown): Problem | null {
  const ours = (headers.get("Content-Type") ?? "").split(";")[0]?.trim().toLowerCase() === "application/problem+json";
  const problem = ours ? asProblem(json) : null;
  return problem?.status === status ? problem : null;
}

/** A problem document, from a value of unknown origin; null when it is none. */
export function asProblem(value: unknown): Problem | null {
  if (!isRecord(value) || typeof value.code !== "string" || value.code === "" || typeof value.status !== "number") return null;
  const { code, status } = value;
  const errors = Array.isArray(value.errors) ? value.errors.flatMap(fieldError) : [];
  return { type: "about:blank", title: textOf(value.title), status, code, detail: textOf(value.detail), ...(errors.length > 0 ? { errors } : {}) };
}

function fieldError(value: unknown): { path: string; code: string; message: string }[] {
  return isRecord(value) ? [{ path: textOf(value.path), code: textOf(value.code), message: textOf(value.message) }] : [];
}

/** Whether a value is an object, not a list. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A text, or an empty one for anything else. */
export function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function sizeOf(body: Ask["body"]): number {
  if (body === undefined) return 0;
  if (typeof body === "string") return body.length;
  return body instanceof Blob ? body.size : body.byteLength;
}

/** Milliseconds to wait by a `Retry-After` of seconds or a date, at most an hour; null when there is none. */
export function retryAfterMs(value: string | null, now: number): number | null {
  if (value === null || value.trim() === "") return null;
  const seconds = Number(value);
  const ms = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(value) - now;
  return Number.isNaN(ms) ? null : Math.min(Math.max(ms, 0), LONGEST_WAIT_MS);
}
