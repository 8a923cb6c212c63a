// Freezing a story as it will be delivered, and opening it again.

import type { components } from "../../api/schema";
import type { StoryBody } from "../../framework/types";
import { isoNow, storyRow, within, type Context } from "./context";
import { closeValue, openValue } from "./crypt";
import type { Drafts, Found } from "./drafts";
import { ChangedElsewhere, NotFound, RecordingOpen, WrongState } from "./errors";
import { canonicalText, sha256Hex } from "./hash";
import { bytesOf } from "./recordings";
import type { RecordingRow } from "./schema";

export type Declared = components["schemas"]["AttachmentDeclaration"];

/** A story as it is delivered: frozen, so that every try sends the same. */
export interface SealedStory {
  id: string;
  enrolment: string;
  project: string;
  /** The body in its canonical form (RFC 8785): what is sent and what the hash is of. */
  canonical: string;
  /** SHA-256 of `canonical` in UTF-8, 64 lower-case hexadecimal digits. */
  sha256: string;
  attachments: Declared[];
}

type Content = Pick<SealedStory, "canonical" | "sha256" | "attachments">;

const TRIES = 3;
const place = (id: string): string => `sealed:${id}`;

/**
 * Freezes a draft with its recordings; from then on it is delivered. All or nothing. Errors: `WrongState` (no draft, or
 * something that every story has is missing), `RecordingOpen`, `ChangedElsewhere`, `StorageFull`, `NotFound`.
 */
export async function seal(context: Context, drafts: Drafts, id: string): Promise<void> {
  await drafts.inOrder(id, async () => {
    for (let tries = 0; tries < TRIES; tries += 1) {
      const found = await draftOf(drafts, id);
      const content = freeze(context, found);
      if (await keep(context, found, content)) return;
    }
    throw new ChangedElsewhere("another tab is changing this story");
  });
  context.changes.announce(id);
}

async function draftOf(drafts: Drafts, id: string): Promise<Found> {
  const found = await drafts.find(id);
  if (!found) throw new NotFound("there is no such draft");
  if (found.row.state !== "draft") throw new WrongState("this story is finished");
  if (found.recordings.some((row) => !row.finished)) throw new RecordingOpen("a recording is not finished");
  return found;
}

function freeze(context: Context, { draft, recordings }: Found): Content {
  const attachments = recordings.flatMap(declared);
  const { appVersion } = context;
  // Without `sentAt`: it would make another hash of every try.
  const device = { startedAt: draft.startedAt, finishedAt: isoNow(context), ...(appVersion ? { appVersion } : {}) };
  const canonical = canonicalText({ ...whole(draft.body), device, attachments });
  return { canonical, sha256: sha256Hex(canonical), attachments };
}

function declared(row: RecordingRow): Declared[] {
  const { id, sha256, mediaType } = row;
  return sha256 === null ? [] : [{ id, sha256, bytes: bytesOf(row), mediaType }];
}

function whole(body: Partial<StoryBody>): StoryBody {
  const { frameworkVersion, wave, perspective, language, placements = {} } = body;
  if (frameworkVersion === undefined || !wave || !perspective || !language) {
    throw new WrongState("a story needs a framework, a wave, a perspective and a language");
  }
  return { ...body, frameworkVersion, wave, perspective, language, placements };
}

/** Whether it was written: not when the draft or its recordings changed since they were read. */
async function keep(context: Context, found: Found, content: Content): Promise<boolean> {
  const { id } = found.row;
  const closed = await closeValue(await context.keys.ofStory(id), place(id), content);
  const changedAt = isoNow(context);
  const totalBytes = content.attachments.reduce((sum, a) => sum + a.bytes, 0);
  const nothingSent = { sentBytes: 0, problem: null, held: [], receivedAt: null };
  return context.db.write(["stories", "contents", "recordings"], async (tx) => {
    const row = await storyRow(tx, id);
    // Frozen already, by a first try whose answer was lost or by another tab.
    if (row.state === "sealed" && row.mark === found.row.mark) return true;
    if (row.state !== "draft") throw new WrongState("this story is finished");
    const recordings = await tx.objectStore("recordings").getAll(within(id));
    if (row.mark !== found.row.mark || signature(recordings) !== signature(found.recordings)) return false;
    await tx.objectStore("contents").put({ id, kind: "sealed", closed });
    await tx.objectStore("stories").put({ ...row, ...nothingSent, state: "sealed", changedAt, totalBytes });
    return true;
  });
}

function signature(recordings: RecordingRow[]): string {
  return JSON.stringify(recordings.map((row) => [row.id, row.sha256, row.finished, bytesOf(row)]).sort());
}

/** A story as it is delivered. Errors: `NotFound` when it is not frozen or was wiped, `Unreadable`. */
export async function sealedStory(context: Context, id: string): Promise<SealedStory> {
  const { row, content } = await context.db.read(["stories", "contents"], async (tx) => ({
    row: await storyRow(tx, id),
    content: await tx.objectStore("contents").get([id, "sealed"]),
  }));
  if (!content) throw new NotFound("this story is not finished, or its content is gone");
  const opened = await openValue<Content>(await context.keys.ofStory(id), place(id), content.closed);
  return { id, enrolment: row.enrolment, project: row.project, ...opened };
}

/**
 * Makes a draft of a refused story again, to correct it; a draft stays one. Throws `WrongState` for any other, and for one
 * of which the server has something under its id: another text would be refused for ever.
 */
export async function reopen(context: Context, id: string): Promise<void> {
  await context.db.write(["stories", "contents"], async (tx) => {
    const row = await storyRow(tx, id);
    if (row.state === "draft") return;
    const known = row.receivedAt !== null || row.problem?.code === "differentContent" || row.wipedAt !== null;
    if (row.state !== "rejected" || known) throw new WrongState("this story cannot be changed any more");
    await tx.objectStore("contents").delete([id, "sealed"]);
    const fresh = { problem: null, sentBytes: 0, totalBytes: 0, changedAt: isoNow(context) };
    await tx.objectStore("stories").put({ ...row, ...fresh, state: "draft" });
  });
  context.changes.announce(id);
}
