// One thing that is asked of the server: whether it is under way, and what was wrong with it.

import { isProblem } from "../../../failure";
import type { Problem } from "./types";

/** What the typed client answers. */
export interface Answer<T> {
  data?: T;
  error?: unknown;
  response: { ok: boolean; status: number };
}

/** The problem in an answer; one made up of the status when the body says nothing. `offline` when there was no answer. */
export function problemOf(body: unknown, status: number): Problem {
  if (isProblem(body)) return body;
  const code = status === 0 ? "offline" : "unknown";
  return { type: "about:blank", title: "", status, code, detail: "" };
}

/** The first code that the server gave for the member at `path`, or for something in it; undefined when it is right. */
export function errorAt(problem: Problem | null, path: string): string | undefined {
  return (problem?.errors ?? []).find((error) => isAtOrBelow(error.path, path))?.code;
}

/** Paths of the errors that none of `fields` shows. */
export function elsewhere(problem: Problem, fields: Iterable<string>): { path: string; code: string; message: string }[] {
  const known = [...fields];
  return (problem.errors ?? []).filter((error) => !known.some((field) => isAtOrBelow(error.path, field)));
}

/** The path of a member, as the server writes it: keys that are no plain names stand between brackets. */
export function memberPath(parent: string, key: string): string {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(key) ? `${parent}.${key}` : `${parent}['${key.replace(/[\\']/g, "\\$&")}']`;
}

function isAtOrBelow(path: string, field: string): boolean {
  return path === field || path.startsWith(`${field}.`) || path.startsWith(`${field}[`);
}

/** Asks the server something, one question at a time. */
export class Task {
  busy = $state(false);
  problem = $state.raw<Problem | null>(null);
  /** Paths that a field beside shows the errors of. Fields add themselves. */
  readonly fields = new Set<string>();

  /**
   * Asks, and gives what came of it to `then`. Whether it went well; if not, `problem` says why. A question that is under
   * way is not asked again.
   */
  async run<T>(ask: () => Promise<Answer<T>>, then?: (data: T) => unknown): Promise<boolean> {
    if (this.busy) return false;
    this.busy = true;
    this.problem = null;
    try {
      const answer = await ask().catch((): Answer<T> => ({ response: { ok: false, status: 0 } }));
      if (!answer.response.ok) {
        this.problem = problemOf(answer.error, answer.response.status);
        return false;
      }
      if (answer.data !== undefined) await then?.(answer.data);
      return true;
    } finally {
      this.busy = false;
    }
  }

  /** The code of what is wrong at this path of the body. */
  error(path: string): string | undefined {
    return errorAt(this.problem, path);
  }

  /** Forgets what was wrong. */
  clear(): void {
    this.problem = null;
  }
}
