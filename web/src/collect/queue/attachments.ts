// Uploading recordings, going on where it was interrupted.

import type { Declared, SealedStory } from "../store/sealing";
import { asked, projectPath, type Session } from "./session";
import { put } from "./texts";
import { receiptFor, stopOf, verdict, type Stop } from "./verdict";
import { isRecord, type Answer } from "./wire";

const PART_BYTES = 1024 * 1024;
/** So often a file whose hash the server finds wrong is sent, and so often the server may point elsewhere, in one round. */
const TRIES = 3;
const MOST_CORRECTIONS = 10;

/** How far a file is: bytes that the server has; or it is all there; or the story has got its end; or it stopped. */
type Progress =
  | { kind: "has"; bytes: number }
  | { kind: "complete" }
  | { kind: "wrongHash"; answer: Extract<Answer, { kind: "problem" }> }
  | { kind: "ended" }
  | { kind: "stopped"; stop: Stop };

interface Job {
  session: Session;
  story: SealedStory;
  file: Declared;
  /** Bytes of files before this one. */
  before: number;
}

/** Uploads the recordings of a story and confirms it when all are complete; answers what stopped it, or null. */
export async function uploadAttachments(session: Session, id: string): Promise<Stop | null> {
  const { delivery } = session.store;
  const story = await delivery.sealedStory(id);
  let before = 0;
  if (story.attachments.length > 0) await delivery.attaching(id);
  for (const file of story.attachments) {
    const end = await upload({ session, story, file, before });
    if (end.kind === "ended") return null;
    if (end.kind === "stopped") return end.stop;
    before += file.bytes;
    await delivery.progress(id, before);
  }
  await delivery.confirm(id);
  return null;
}

async function upload(job: Job): Promise<Progress & { kind: "complete" | "ended" | "stopped" }> {
  let [tries, corrections] = [0, 0];
  let now = await stateOf(job);
  while (true) {
    if (now.kind === "wrongHash") {
      tries += 1;
      if (tries >= TRIES) return reject(job, now.answer);
      now = { kind: "has", bytes: 0 };
    }
    if (now.kind !== "has") return now;
    const next = await sendPart(job, now.bytes);
    if (next.kind === "has" && next.bytes <= now.bytes) corrections += 1;
    if (corrections > MOST_CORRECTIONS) return { kind: "stopped", stop: { trouble: "tooBusy", retryAfter: null, heavy: true } };
    if (next.kind === "has") {
      job.session.gained ||= next.bytes > now.bytes;
      await job.session.store.delivery.progress(job.story.id, job.before + next.bytes);
    }
    now = next;
  }
}

function path({ story, file }: Job): string {
  return projectPath(story.project, `stories/${encodeURIComponent(story.id)}/attachments/${encodeURIComponent(file.id)}`);
}

async function stateOf(job: Job): Promise<Progress> {
  return progressOf(job, await asked(job.session, { method: "GET", path: path(job) }));
}

async function sendPart(job: Job, offset: number): Promise<Progress> {
  const body = await part(job, offset);
  const headers = { "Upload-Offset": String(offset) };
  const contentType = "application/offset+octet-stream";
  return progressOf(job, await asked(job.session, { method: "PATCH", path: path(job), body, contentType, headers }));
}

/** The next part, from the recording as it is kept; never more than this in memory. */
async function part({ session, story, file }: Job, offset: number): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(Math.max(0, Math.min(PART_BYTES, file.bytes - offset)));
  let filled = 0;
  for await (const chunk of session.store.readRecording(story.id, file.id, offset)) {
    const taken = chunk.subarray(0, bytes.length - filled);
    bytes.set(taken, filled);
    filled += taken.length;
    if (filled === bytes.length) break;
  }
  return bytes.subarray(0, filled);
}

async function progressOf(job: Job, answer: Answer): Promise<Progress> {
  if (answer.kind === "answered") return stateIn(job, answer);
  if (answer.kind === "failed") return { kind: "stopped", stop: stopOf(answer) };
  const { status, problem } = answer;
  if (status === 409 && problem.code === "wrongHash") return { kind: "wrongHash", answer };
  if (status === 409 && problem.code === "wrongOffset") return pointed(job, answer);
  if (status === 404) return checkStory(job, answer);
  if (verdict(problem) === "gone") return withdrawn(job, answer);
  if (verdict(problem) === "final") return reject(job, answer);
  return { kind: "stopped", stop: stopOf(answer) };
}

function stateIn(job: Job, answer: Extract<Answer, { kind: "answered" }>): Progress {
  const { json } = answer;
  if (!isRecord(json) || json.id !== job.file.id || json.sha256 !== job.file.sha256) return { kind: "stopped", stop: stopOf(answer) };
  job.session.reached = true;
  if (typeof json.completedAt === "string") return { kind: "complete" };
  return has(job, json.receivedBytes) ?? { kind: "stopped", stop: stopOf(answer) };
}

function has(job: Job, bytes: unknown): Progress | null {
  const possible = typeof bytes === "number" && Number.isInteger(bytes) && bytes >= 0 && bytes <= job.file.bytes;
  return possible ? { kind: "has", bytes } : null;
}

/** The server says where it goes on. */
async function pointed(job: Job, answer: Extract<Answer, { kind: "problem" }>): Promise<Progress> {
  const header = answer.headers.get("Upload-Offset");
  return (header === null ? null : has(job, Number(header))) ?? { kind: "stopped", stop: stopOf(answer) };
}

/**
 * The server has no such file: the story was withdrawn, or the server went back to an older copy of its data. Sending the
 * story again, which is safe, tells which.
 */
async function checkStory(job: Job, missing: Extract<Answer, { kind: "problem" }>): Promise<Progress> {
  const answer = await put(job.session, job.story);
  if (answer.kind === "problem" && verdict(answer.problem) === "gone") return withdrawn(job, answer);
  if (answer.kind === "problem" && verdict(answer.problem) === "final") return reject(job, answer);
  const there = answer.kind === "answered" && receiptFor(job.story, answer.json) !== null;
  // It has the story and does not take this file from us: that is about this story, and the others need not wait for it.
  return { kind: "stopped", stop: there ? { ...stopOf(missing), heavy: true } : stopOf(answer) };
}

async function withdrawn(job: Job, answer: Extract<Answer, { kind: "problem" }>): Promise<{ kind: "ended" }> {
  await job.session.store.delivery.withdrawn(job.story.id, answer.problem);
  return { kind: "ended" };
}

async function reject(job: Job, answer: Extract<Answer, { kind: "problem" }>): Promise<{ kind: "ended" }> {
  await job.session.store.delivery.reject(job.story.id, answer.problem);
  return { kind: "ended" };
}
