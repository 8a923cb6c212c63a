// Handing a file of undelivered stories to the server, from whichever device has signal.

import type { Problem } from "../../framework/types";
import type { Enrolment } from "../model";
import type { Store } from "../store/store";
import { projectPath } from "./session";
import { receiptFor, stopOf } from "./verdict";
import { ask, asProblem, isRecord, textOf, type Wire } from "./wire";

/** What came of a file. */
export type Forwarded =
  /** The server took the file in; `taken` are ids of stories that it has now, `refused` why not others, or recordings. */
  | { kind: "ok"; taken: string[]; refused: { problem: Problem }[]; marked: string[] }
  /** The server does not take this file, such as one for another project. */
  | { kind: "refused"; problem: Problem }
  /** Not now. `retryAfter` in seconds, when the server said so. */
  | { kind: "later"; why: "noConnection" | "tooBusy" | "unknownDevice"; retryAfter: number | null };

const PASSING = [401, 403, 404, 408, 429];

/**
 * Sends a file with the token of `enrolment`, which must be of the file's project. Stories in it that are on this device too
 * are marked as stored, when the server echoes their very hash; the queue does the rest.
 */
export async function forward(file: Blob, enrolment: Enrolment, wire: Wire, store: Store): Promise<Forwarded> {
  const path = projectPath(enrolment.package.assignment.projectId, "stories/_forward");
  const contentType = "application/vnd.duiding.undelivered";
  const answer = await ask(wire, { method: "POST", path, token: enrolment.token, body: file, contentType });
  if (answer.kind === "problem" && answer.status < 500 && !PASSING.includes(answer.status)) {
    return { kind: "refused", problem: answer.problem };
  }
  const results = answer.kind === "answered" && isRecord(answer.json) ? answer.json.results : null;
  if (!Array.isArray(results)) return later(stopOf(answer));
  return taken(store, results);
}

function later({ trouble, retryAfter }: ReturnType<typeof stopOf>): Forwarded {
  const seconds = retryAfter === null ? null : Math.ceil(retryAfter / 1000);
  const why = trouble === "tooBusy" || trouble === "unknownDevice" ? trouble : "noConnection";
  return { kind: "later", why, retryAfter: seconds };
}

async function taken(store: Store, results: unknown[]): Promise<Forwarded> {
  const done = { kind: "ok" as const, taken: [] as string[], refused: [] as { problem: Problem }[], marked: [] as string[] };
  for (const result of results.filter(isRecord)) {
    const receipt = isRecord(result.receipt) ? result.receipt : null;
    const id = textOf(result.id) || textOf(receipt?.id);
    const problem = asProblem(result.problem);
    if (receipt && id) done.taken.push(id);
    if (receipt && id && (await mark(store, id, receipt))) done.marked.push(id);
    // The server answers in the order of the file, and names a story only in its receipt.
    if (!receipt && problem) done.refused.push({ problem });
    // A story that arrived may have come without a recording: whoever sends the file has to know.
    done.refused.push(...refusedFiles(result.attachments));
  }
  return done;
}

/** Why recordings of one story were not kept. */
function refusedFiles(attachments: unknown): { problem: Problem }[] {
  const files = Array.isArray(attachments) ? attachments.filter(isRecord) : [];
  return files.flatMap((file) => asProblem(file.problem) ?? []).map((problem) => ({ problem }));
}

/** Whether the story is on this device, waited to be delivered, and is stored now. */
async function mark(store: Store, id: string, receipt: Record<string, unknown>): Promise<boolean> {
  try {
    const story = await store.delivery.sealedStory(id);
    const echo = receiptFor(story, receipt);
    if (!echo) return false;
    await store.delivery.stored(id, echo);
    return true;
  } catch {
    return false; // of another device, or further on already
  }
}
