// The list of what is on this device, and taking things off it.

import type { StoryItem } from "../model";
import type { Transaction } from "./connection";
import { storyRow, within, type Context } from "./context";
import { openValue } from "./crypt";
import { WrongState } from "./errors";
import type { StoryRow } from "./schema";

/** Stores that hold anything of a story. */
export const OF_STORY: ("stories" | "contents" | "recordings" | "chunks" | "keys")[] = [
  "stories",
  "contents",
  "recordings",
  "chunks",
  "keys",
];

/** How long a delivered story stays in the list. */
const SHOWN_MS = 30 * 24 * 3600 * 1000;

/** What waits to be delivered. */
export interface Undelivered {
  /** Finished stories of which something is only here, refused ones too; drafts do not count. */
  count: number;
  /** When the oldest of them was begun, by this device's clock. */
  oldestAt: string | null;
}

/** Whether a finished story has anything that only this device has. */
export function waits(row: StoryRow): boolean {
  return row.state !== "draft" && row.state !== "confirmed" && row.wipedAt === null;
}

/** All stories on this device, newest first by its clock. */
export async function items(context: Context): Promise<StoryItem[]> {
  const rows = await context.db.read(["stories"], (tx) => tx.objectStore("stories").getAll());
  rows.sort((a, b) => (a.startedAt < b.startedAt ? 1 : -1));
  return Promise.all(rows.map((row) => itemOf(context, row)));
}

/** What waits to be delivered; with `project` only of that one. */
export async function undelivered(context: Context, project?: string): Promise<Undelivered> {
  const rows = await context.db.read(["stories"], (tx) => tx.objectStore("stories").getAll());
  const waiting = rows.filter((row) => waits(row) && (project === undefined || row.project === project));
  const oldestAt = waiting.map((row) => row.startedAt).sort().at(0) ?? null;
  return { count: waiting.length, oldestAt };
}

async function itemOf(context: Context, row: StoryRow): Promise<StoryItem> {
  const { id, enrolment, state, startedAt, changedAt, screen, sentBytes, totalBytes, problem, held, receivedAt } = row;
  const about = await aboutOf(context, row);
  return { id, enrolment, state, about, startedAt, changedAt, screen, sentBytes, totalBytes, problem, held, receivedAt };
}

/** Key of what closes `about`. */
export const aboutPlace = (id: string): string => `about:${id}`;

async function aboutOf(context: Context, row: StoryRow): Promise<string> {
  if (!row.about) return "";
  try {
    return await openValue<string>(await context.keys.ofStory(row.id), aboutPlace(row.id), row.about);
  } catch {
    return ""; // one that cannot be read must not hide the others
  }
}

/** Deletes all that was told and the key it was closed with; the row stays, as it is given. */
export async function wipeIn(tx: Transaction<"readwrite">, row: StoryRow, now: number): Promise<void> {
  await deleteContent(tx, row.id);
  await tx.objectStore("stories").put({ ...row, about: null, screen: "", wipedAt: row.wipedAt ?? now });
}

async function deleteContent(tx: Transaction<"readwrite">, id: string): Promise<void> {
  await tx.objectStore("contents").delete(within(id));
  await tx.objectStore("recordings").delete(within(id));
  await tx.objectStore("chunks").delete(within(id));
  await tx.objectStore("keys").delete(id);
}

/** Deletes the content of a confirmed story again, should any be left. Throws `WrongState` for any other. */
export async function wipe(context: Context, id: string): Promise<void> {
  await context.db.write(OF_STORY, async (tx) => {
    const row = await storyRow(tx, id);
    if (row.state !== "confirmed") throw new WrongState("only what the server has is wiped");
    await wipeIn(tx, row, context.now());
  });
  context.keys.forget(id);
  context.changes.announce(id);
}

/** Deletes a draft and all of it. Throws `WrongState` for a finished story. */
export async function deleteDraft(context: Context, id: string): Promise<void> {
  await context.db.write(OF_STORY, async (tx) => {
    if ((await storyRow(tx, id)).state !== "draft") throw new WrongState("only drafts are deleted");
    await deleteContent(tx, id);
    await tx.objectStore("stories").delete(id);
  });
  context.keys.forget(id);
  context.changes.announce(id);
}

/** Takes stories off the list of which the content was wiped 30 days ago. */
export async function prune(context: Context): Promise<void> {
  const before = context.now() - SHOWN_MS;
  const pruned = await context.db.write(["stories"], async (tx) => {
    const stories = tx.objectStore("stories");
    const old = (await stories.getAll()).filter((row) => row.wipedAt !== null && row.wipedAt < before);
    for (const row of old) await stories.delete(row.id);
    return old.length;
  });
  if (pruned > 0) context.changes.announce(null);
}
