// What goes wrong between a screen and the server, as one kind of error.

import type { components } from "../api/schema";

/** A problem document (RFC 9457) of the server. */
export type ProblemDocument = components["schemas"]["Problem"];

/** A question to the server that came to nothing. */
export class Failure extends Error {
  /** What the server says of it; null when it did not answer or not in its own words. */
  readonly problem: ProblemDocument | null;
  /** HTTP status; 0 when the server could not be reached. */
  readonly status: number;
  /** Seconds to wait before trying again, where the server says so. */
  readonly retryAfter: number | null;

  constructor(status: number, problem: ProblemDocument | null, retryAfter: number | null = null) {
    super(problem ? `${problem.code}: ${problem.detail}` : `status ${status}`);
    this.name = "Failure";
    this.status = status;
    this.problem = problem;
    this.retryAfter = retryAfter;
  }

  /** The stable code of the problem; `offline` when the server could not be reached, `status` when it said nothing. */
  get code(): string {
    if (this.problem) return this.problem.code;
    return this.status === 0 ? "offline" : "status";
  }

  /** What is wrong with one member of what was sent, by its path (`$.name`); null when it is fine. */
  at(path: string): ProblemDocument["errors"] extends (infer E)[] | undefined ? E | null : never {
    return this.problem?.errors?.find((error) => error.path === path) ?? null;
  }
}

interface Answer<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

/**
 * The data of a call of the client. For a call that answers nothing (204) the data is undefined.
 * Errors: `Failure` when the server refuses or cannot be reached.
 */
export async function answer<T>(call: Promise<Answer<T>>): Promise<T> {
  const { data, error, response } = await call.catch((cause: unknown) => {
    throw failureOf(cause);
  });
  if (!response.ok) throw new Failure(response.status, isProblem(error) ? error : null, waitOf(response));
  return data as T;
}

/** Anything that was thrown as a `Failure`: what is none means that the server could not be reached. */
export function failureOf(cause: unknown): Failure {
  if (cause instanceof Failure) return cause;
  // A mistake of ours is no broken connection: it belongs on the console. What somebody broke off is neither.
  const isBrokenOff = cause instanceof DOMException && cause.name === "AbortError";
  if (!(cause instanceof TypeError) && !isBrokenOff) console.error(cause);
  return new Failure(0, null);
}

/** Whether something is a problem document. */
export function isProblem(value: unknown): value is ProblemDocument {
  return typeof value === "object" && value !== null && "code" in value && "detail" in value && "status" in value;
}

function waitOf(response: Response): number | null {
  const seconds = Number(response.headers.get("Retry-After") ?? "");
  return Number.isFinite(seconds) && seconds > 0 ? seconds : null;
}
