// Changes of state while a story is delivered. Each is one transaction: a kill leaves the state before or the one after.

import type { Problem } from "../../framework/types";
import type { StoryState } from "../model";
import { isoNow, storyRow, type Context } from "./context";
import { WrongState } from "./errors";
import { OF_STORY, wipeIn } from "./items";
import { sealedStory, type SealedStory } from "./sealing";
import type { StoryRow } from "./schema";

/** A story that waits for the queue. */
export interface Waiting {
  id: string;
  enrolment: string;
  project: string;
  state: "sealed" | "stored" | "attachments";
  startedAt: string;
}

/** What the server said it has. */
export interface Echo {
  id: string;
  sha256: string;
  receivedAt: string;
  /** Why the server keeps it apart; the list may grow, and is only shown. */
  held: string[];
}

/** What only the queue does with stories. */
export interface Delivery {
  /** Stories that wait to be delivered or of which recordings are missing, longest waiting first. */
  waiting(): Promise<Waiting[]>;
  /** A story as it is delivered. Errors: `NotFound`, `Unreadable`. */
  sealedStory(id: string): Promise<SealedStory>;
  /** sealed -> sending. */
  sending(ids: string[]): Promise<void>;
  /** sending -> sealed: it did not arrive, as far as we know. */
  backToSealed(ids: string[]): Promise<void>;
  /** All that a killed tab left in sending -> sealed. Only who may send may call it. */
  recoverSending(): Promise<void>;
  /** The server has the text: sending (or refused before, and forwarded now) -> stored. Throws when the echo is wrong. */
  stored(id: string, receipt: Echo): Promise<void>;
  /** stored -> attachments. */
  attaching(id: string): Promise<void>;
  /** Bytes of recordings that the server has. */
  progress(id: string, sentBytes: number): Promise<void>;
  /** stored or attachments -> confirmed, and all that was told is wiped with it. */
  confirm(id: string): Promise<void>;
  /** Refused for good -> rejected; its content stays, to be exported. */
  reject(id: string, problem: Problem): Promise<void>;
  /** The story was withdrawn -> rejected, and all that was told is wiped with it. */
  withdrawn(id: string, problem: Problem): Promise<void>;
}

const FROM: Record<"sending" | "backToSealed" | "stored" | "attaching" | "confirm" | "reject" | "withdrawn", StoryState[]> = {
  sending: ["sealed"],
  backToSealed: ["sending"],
  stored: ["sending", "sealed", "rejected"],
  attaching: ["stored"],
  confirm: ["stored", "attachments"],
  reject: ["sending", "stored", "attachments"],
  withdrawn: ["sealed", "sending", "stored", "attachments", "rejected"],
};

/** The delivery part of a store. */
export function deliveryOf(context: Context): Delivery {
  return {
    waiting: () => waiting(context),
    sealedStory: (id) => sealedStory(context, id),
    sending: (ids) => move(context, ids, FROM.sending, () => ({ state: "sending" })),
    backToSealed: (ids) => move(context, ids, FROM.backToSealed, () => ({ state: "sealed" })),
    recoverSending: () => recoverSending(context),
    stored: (id, receipt) => stored(context, id, receipt),
    attaching: (id) => move(context, [id], FROM.attaching, () => ({ state: "attachments" })),
    progress: (id, sentBytes) => move(context, [id], ["attachments"], () => ({ sentBytes })),
    confirm: (id) => end(context, id, FROM.confirm, (row) => ({ state: "confirmed", sentBytes: row.totalBytes, problem: null })),
    reject: (id, problem) => move(context, [id], FROM.reject, () => ({ state: "rejected", problem })),
    withdrawn: (id, problem) => end(context, id, FROM.withdrawn, () => ({ state: "rejected", problem })),
  };
}

async function waiting(context: Context): Promise<Waiting[]> {
  const rows = await context.db.read(["stories"], (tx) => tx.objectStore("stories").getAll());
  const found = rows.flatMap(({ id, enrolment, project, state, startedAt, changedAt, wipedAt }) => {
    const due = state === "sealed" || state === "stored" || state === "attachments";
    return due && wipedAt === null ? [{ id, enrolment, project, state, startedAt, changedAt }] : [];
  });
  return found.sort((a, b) => (a.changedAt < b.changedAt ? -1 : 1));
}

type Moved = Partial<StoryRow>;

/** Moves stories on; those that are there already stay, as after a try whose answer was lost. */
async function move(context: Context, ids: string[], from: StoryState[], change: () => Moved): Promise<void> {
  await context.db.write(["stories"], async (tx) => {
    for (const id of ids) {
      const row = await storyRow(tx, id);
      const moved = { ...row, ...change() };
      allowed(row, moved.state, from);
      await tx.objectStore("stories").put(moved);
    }
  });
  for (const id of ids) context.changes.announce(id);
}

function allowed(row: StoryRow, to: StoryState, from: StoryState[]): void {
  if (row.state === to || from.includes(row.state)) return;
  throw new WrongState(`a story does not go from ${row.state} to ${to}`);
}

async function recoverSending(context: Context): Promise<void> {
  const rows = await context.db.read(["stories"], (tx) => tx.objectStore("stories").getAll());
  const ids = rows.filter((row) => row.state === "sending").map((row) => row.id);
  if (ids.length > 0) await move(context, ids, FROM.backToSealed, () => ({ state: "sealed" }));
}

async function stored(context: Context, id: string, receipt: Echo): Promise<void> {
  const { sha256 } = await sealedStory(context, id);
  if (receipt.id !== id || receipt.sha256 !== sha256) throw new WrongState("the server has something else");
  const known: Moved = { state: "stored", receivedAt: receipt.receivedAt, held: [...receipt.held], problem: null };
  await move(context, [id], FROM.stored, () => known);
}

/** The last change of state: what was told, and the key it was closed with, go in the same transaction. */
async function end(context: Context, id: string, from: StoryState[], change: (row: StoryRow) => Moved): Promise<void> {
  await context.db.write(OF_STORY, async (tx) => {
    const row = await storyRow(tx, id);
    const ended = { ...row, ...change(row), changedAt: isoNow(context) };
    allowed(row, ended.state, from);
    await wipeIn(tx, ended, context.now());
  });
  context.keys.forget(id);
  context.changes.announce(id);
}
