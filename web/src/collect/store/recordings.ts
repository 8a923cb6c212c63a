// Sound, kept chunk by chunk while it is recorded: a killed tab loses at most the last one.

import type { Recording } from "../model";
import type { Transaction } from "./connection";
import { storyRow, within, type Context } from "./context";
import { closeBytes, openBytes, type Bytes } from "./crypt";
import { NotFound, StoreError, WrongState } from "./errors";
import { sha256OfAll } from "./hash";
import type { RecordingRow } from "./schema";

/** Most recordings that a story may have. */
export const MAX_RECORDINGS = 20;

/** Media types that the server takes. */
const MEDIA_TYPE = /^(audio|image)\/[a-z0-9.+-]{1,60}(;codecs=[a-z0-9.]{1,20})?$/;

/** Reads and writes of the recordings of stories. */
export interface Recordings {
  /** Begins a recording of a draft. Errors: `WrongState` when the story is finished or has 20 already. */
  startRecording(story: string, mediaType: string): Promise<Recording>;
  /**
   * Keeps the next chunk; resolves when it is on the disk. `index` counts from 0; one that is there already is not kept
   * twice. `seconds` is the length of all that was recorded. Errors: `StorageFull`, `WrongState`, `NotFound`.
   */
  appendChunk(story: string, recording: string, index: number, data: Blob | BufferSource, seconds?: number): Promise<void>;
  /** Finishes a recording: its hash is known from then on. Null when nothing was recorded, and then it is gone. */
  finishRecording(story: string, recording: string, seconds?: number): Promise<Recording | null>;
  /** The sound from a byte on, chunk by chunk. Errors: `NotFound`, `Unreadable`. */
  readRecording(story: string, recording: string, from?: number): AsyncIterable<Bytes>;
  /** The whole of it, to listen back. */
  recordingBlob(story: string, recording: string): Promise<Blob>;
  /** Deletes a recording of a draft: the teller does not want it. */
  deleteRecording(story: string, recording: string): Promise<void>;
  /**
   * Finishes what a killed tab left unfinished, from the chunks that are there; what is being recorded is left, and what
   * cannot be finished now. Answers what it finished.
   */
  recoverRecordings(): Promise<Recording[]>;
}

/** The recordings of a store. */
export function recordingsOf(context: Context): Recordings {
  return {
    startRecording: (story, mediaType) => start(context, story, mediaType),
    appendChunk: (story, recording, index, data, seconds) => append(context, { story, recording, index }, data, seconds),
    finishRecording: (story, recording, seconds) => finish(context, story, recording, seconds),
    readRecording: (story, recording, from) => read(context, story, recording, from),
    recordingBlob: (story, recording) => blob(context, story, recording),
    deleteRecording: (story, recording) => remove(context, story, recording),
    recoverRecordings: () => recover(context),
  };
}

/** Name of the lock that a tab holds while it records. */
export const recordingLock = (recording: string): string => `duiding-recording-${recording}`;

/** A recording as screens see it. */
export function recordingOf(row: RecordingRow): Recording {
  const { id, mediaType, seconds, sha256, finished } = row;
  return { id, mediaType, seconds, bytes: bytesOf(row), sha256, finished };
}

/** Size of a recording. */
export function bytesOf(row: RecordingRow): number {
  return row.sizes.reduce((sum, size) => sum + size, 0);
}

const place = (row: { story: string; recording: string; index: number }): string =>
  `chunk:${row.story}:${row.recording}:${row.index}`;

async function start(context: Context, story: string, mediaType: string): Promise<Recording> {
  if (!MEDIA_TYPE.test(mediaType)) throw new StoreError(`recordings of type ${mediaType} are not taken in`);
  const id = crypto.randomUUID();
  const row = { story, id, mediaType, seconds: 0, sizes: [], sha256: null, finished: false };
  await context.db.write(["stories", "recordings"], async (tx) => {
    await draftRow(tx, story);
    const recordings = tx.objectStore("recordings");
    const others = (await recordings.getAll(within(story))).filter((other) => other.id !== id);
    if (others.length >= MAX_RECORDINGS) throw new WrongState("a story has at most 20 recordings");
    await recordings.put({ ...row, order: Math.max(-1, ...others.map((other) => other.order)) + 1 });
  });
  context.changes.announce(story);
  return { id, mediaType, seconds: 0, bytes: 0, sha256: null, finished: false };
}

async function append(
  context: Context,
  at: { story: string; recording: string; index: number },
  data: Blob | BufferSource,
  seconds?: number,
): Promise<void> {
  const bytes = data instanceof Blob ? await data.arrayBuffer() : data;
  if (bytes.byteLength === 0) return;
  const closed = await closeBytes(await context.keys.ofStory(at.story), place(at), bytes);
  await context.db.write(["stories", "recordings", "chunks"], async (tx) => {
    await draftRow(tx, at.story);
    const row = await recordingRow(tx, at.story, at.recording);
    if (at.index < row.sizes.length) return; // a repetition
    if (at.index > row.sizes.length) throw new StoreError("a chunk before this one is missing");
    await tx.objectStore("chunks").put({ ...at, closed });
    const sizes = [...row.sizes, bytes.byteLength];
    // Still recorded although another tab finished it: nothing of it may be lost.
    const open = { finished: false, sha256: null };
    await tx.objectStore("recordings").put({ ...row, ...open, sizes, seconds: seconds ?? row.seconds });
  });
}

async function finish(context: Context, story: string, id: string, seconds?: number): Promise<Recording | null> {
  const before = await rowOf(context, story, id);
  if (before.sizes.length === 0) {
    await remove(context, story, id);
    return null;
  }
  const sha256 = await sha256OfAll(read(context, story, id));
  const finished = await context.db.write(["stories", "recordings"], async (tx) => {
    await draftRow(tx, story);
    const row = await recordingRow(tx, story, id);
    if (row.sizes.length !== before.sizes.length) return null;
    const done = { ...row, seconds: seconds ?? row.seconds, sha256, finished: true };
    await tx.objectStore("recordings").put(done);
    return done;
  });
  // More was recorded while the hash was computed.
  if (!finished) return finish(context, story, id, seconds);
  context.changes.announce(story);
  return recordingOf(finished);
}

async function* read(context: Context, story: string, id: string, from = 0): AsyncGenerator<Bytes> {
  const { sizes } = await rowOf(context, story, id);
  const key = await context.keys.ofStory(story);
  let start = 0;
  for (const [index, size] of sizes.entries()) {
    if (start + size > from) {
      const chunk = await context.db.read(["chunks"], (tx) => tx.objectStore("chunks").get([story, id, index]));
      if (!chunk) throw new NotFound("a chunk of this recording is gone");
      const bytes = await openBytes(key, place(chunk), chunk.closed);
      yield bytes.subarray(Math.max(0, from - start));
    }
    start += size;
  }
}

async function blob(context: Context, story: string, id: string): Promise<Blob> {
  const { mediaType } = await rowOf(context, story, id);
  const parts: Bytes[] = [];
  for await (const part of read(context, story, id)) parts.push(part);
  return new Blob(parts, { type: mediaType });
}

async function remove(context: Context, story: string, id: string): Promise<void> {
  await context.db.write(["stories", "recordings", "chunks"], async (tx) => {
    await draftRow(tx, story);
    await tx.objectStore("recordings").delete([story, id]);
    await tx.objectStore("chunks").delete(within(story, id));
  });
  context.changes.announce(story);
}

async function recover(context: Context): Promise<Recording[]> {
  const rows = await context.db.read(["stories", "recordings"], async (tx) => {
    const drafts = (await tx.objectStore("stories").getAll()).filter((row) => row.state === "draft").map((row) => row.id);
    const recordings = await tx.objectStore("recordings").getAll();
    return recordings.filter((row) => !row.finished && drafts.includes(row.story));
  });
  const recovered: Recording[] = [];
  for (const row of rows) {
    // One that is damaged, or for which there is no room now, keeps back neither the others nor the app. It stays as it is.
    const recording = await unlessRecorded(context, row.id, () => finish(context, row.story, row.id)).catch(() => null);
    if (recording) recovered.push(recording);
  }
  return recovered;
}

/** Does `work` unless another tab is recording just this; null then. */
async function unlessRecorded<T>(context: Context, id: string, work: () => Promise<T>): Promise<T | null> {
  if (!context.locks) return work();
  return await context.locks.request(recordingLock(id), { ifAvailable: true }, (lock) => (lock ? work() : null));
}

function rowOf(context: Context, story: string, id: string): Promise<RecordingRow> {
  return context.db.read(["recordings"], (tx) => recordingRow(tx, story, id));
}

type Any = Transaction<"readonly"> | Transaction<"readwrite">;

async function recordingRow(tx: Any, story: string, id: string): Promise<RecordingRow> {
  const row = await tx.objectStore("recordings").get([story, id]);
  if (!row) throw new NotFound("there is no such recording");
  return row;
}

async function draftRow(tx: Any, story: string): Promise<void> {
  if ((await storyRow(tx, story)).state !== "draft") throw new WrongState("this story is finished");
}
