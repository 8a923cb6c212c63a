// What an answer means for a story.

import type { Problem } from "../../framework/types";
import type { Echo } from "../store/delivery";
import { isRecord, type Answer, type Trouble } from "./wire";

/** Why a round stops for an enrolment, and for how long at least. */
export interface Stop {
  trouble: Trouble;
  /** Milliseconds that the server asked to wait; null when it did not. */
  retryAfter: number | null;
  /** The server was there, but could not take just this: others may fare better without it. */
  heavy: boolean;
}

/** What a problem means: the story can never be taken in; it was withdrawn; or it is to be tried again. */
export type Verdict = "final" | "gone" | "again";

const FINAL = [400, 413, 415, 422];

/** What a problem of our server means for the story it is about. */
export function verdict(problem: Problem): Verdict {
  if (problem.status === 410 && problem.code === "gone") return "gone";
  if (problem.status === 409 && problem.code === "differentContent") return "final";
  return FINAL.includes(problem.status) ? "final" : "again";
}

/** What stops a round after an answer that does not settle anything. */
export function stopOf(answer: Answer): Stop {
  switch (answer.kind) {
    case "answered":
      return { trouble: "notOurServer", retryAfter: null, heavy: true };
    case "failed":
      return { trouble: answer.trouble, retryAfter: answer.retryAfter, heavy: answer.timedOut || answer.status !== null };
    case "problem":
      return { trouble: troubleOf(answer.status), retryAfter: answer.retryAfter, heavy: aboutStory(answer.status) };
  }
}

/** Whether it may be because of just this story: then it must not keep back the others. */
function aboutStory(status: number): boolean {
  return status >= 500 || status === 408 || status === 409 || status === 410;
}

function troubleOf(status: number): Trouble {
  if (status === 401) return "unknownDevice";
  return status === 429 || status === 408 || status >= 500 ? "tooBusy" : "refused";
}

/** The receipt for a story, if it is one for just this story and content; null for anything else. */
export function receiptFor(story: { id: string; sha256: string }, json: unknown): Echo | null {
  if (!isRecord(json) || json.id !== story.id || json.sha256 !== story.sha256) return null;
  const { receivedAt, held } = json;
  if (typeof receivedAt !== "string") return null;
  const reasons = Array.isArray(held) ? held.filter((reason) => typeof reason === "string") : [];
  return { id: story.id, sha256: story.sha256, receivedAt, held: reasons };
}
