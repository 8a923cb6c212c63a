// What the story form keeps on a device, in IndexedDB; all that was told and the tokens are closed with keys that never
// leave the browser.

import type { Draft, Recording, StoryItem } from "../model";
import { Changes, type Listener } from "./changes";
import { Connection } from "./connection";
import { Keys, type Context, type Locks } from "./context";
import { deliveryOf, type Delivery } from "./delivery";
import { Drafts, type DraftStart, type OwnFramework } from "./drafts";
import { enrolmentsOf, type Enrolments } from "./enrolments";
import { NotFound } from "./errors";
import { deleteDraft, items, prune, undelivered, wipe, type Undelivered } from "./items";
import { leasesOf, type Leases } from "./lease";
import { recordingsOf, type Recordings } from "./recordings";
import { STEPS, type Step } from "./schema";
import { reopen, seal } from "./sealing";

/** Everything on this device. Methods that write resolve when it is on the disk; see `errors.ts` for what they throw. */
export interface Store extends Recordings {
  enrolments: Enrolments;
  /** All stories on this device, newest first. */
  items(): Promise<StoryItem[]>;
  /** Begins a story of an enrolment. Errors: `NotFound`, `StorageFull`. */
  createDraft(enrolment: string, start: DraftStart): Promise<Draft>;
  /** A draft; null when there is none or it is finished. */
  draft(id: string): Promise<Draft | null>;
  /** The recordings of a draft as they are now, without taking over its text; null when there is none or it is finished. */
  recordingsOfDraft(id: string): Promise<Recording[] | null>;
  /** The framework that a draft was begun with; null when there was none, and for a draft of an older app. */
  frameworkOf(id: string): Promise<OwnFramework | null>;
  /**
   * Saves a draft, without `recordings`: those change by their own calls only. Errors: `StorageFull`, `WrongState`,
   * `ChangedElsewhere`, `NotFound`.
   */
  saveDraft(draft: Draft): Promise<void>;
  /** Freezes a draft for delivery. Errors: `WrongState`, `RecordingOpen`, `ChangedElsewhere`, `StorageFull`. */
  seal(id: string): Promise<void>;
  /** A refused story becomes a draft again. Throws `WrongState`. */
  reopen(id: string): Promise<void>;
  /** Deletes a draft. Throws `WrongState` for a finished story. */
  deleteDraft(id: string): Promise<void>;
  /** Deletes the content of a confirmed story; it stays in the list. Throws `WrongState` for any other. */
  wipe(id: string): Promise<void>;
  /** Takes what was wiped 30 days ago off the list. */
  prune(): Promise<void>;
  /** Finished stories of which anything is only here. */
  undeliveredCount(): Promise<number>;
  /** What waits to be delivered; with `project` only of that one. */
  undelivered(project?: string): Promise<Undelivered>;
  /** Calls `listener` after every change, in whichever tab; answers how to stop that. */
  subscribe(listener: Listener): () => void;
  /** For the queue only. */
  delivery: Delivery;
  leases: Leases;
  /** Web Locks of this browser; null where it has none. */
  locks: Locks | null;
  appVersion: string;
  /** Lets go of the database and of other tabs. */
  close(): Promise<void>;
}

/** What a store needs; for tests to replace. */
export interface StoreOptions {
  appVersion?: string;
  now?: () => number;
  locks?: Locks | null;
  steps?: readonly Step[];
}

/** Opens what is kept on this device. Errors: `NoStorage`, `NewerVersion`, `StorageFull`. */
export async function openStore(name = "duiding", options: StoreOptions = {}): Promise<Store> {
  const db = new Connection(name, options.steps ?? STEPS);
  const { appVersion = "", now = Date.now, locks = ourLocks() } = options;
  const context: Context = { db, changes: new Changes(name), keys: new Keys(db), now, appVersion, locks };
  try {
    await items(context);
  } catch (cause) {
    context.changes.close();
    throw cause;
  }
  // A list that is not tidied, as when the device is full, is no reason not to open.
  await prune(context).catch(() => undefined);
  return storeOf(context);
}

function storeOf(context: Context): Store {
  const drafts = new Drafts(context);
  const enrolments = enrolmentsOf(context);
  return {
    ...recordingsOf(context),
    enrolments,
    items: () => items(context),
    createDraft: (enrolment, start) => createDraft(drafts, enrolments, enrolment, start),
    draft: (id) => drafts.get(id),
    recordingsOfDraft: (id) => drafts.recordings(id),
    frameworkOf: (id) => drafts.framework(id),
    saveDraft: (draft) => drafts.save(draft),
    seal: (id) => seal(context, drafts, id),
    reopen: (id) => reopen(context, id),
    deleteDraft: (id) => drafts.inOrder(id, () => deleteDraft(context, id)),
    wipe: (id) => wipe(context, id),
    prune: () => prune(context),
    undeliveredCount: async () => (await undelivered(context)).count,
    undelivered: (project) => undelivered(context, project),
    subscribe: (listener) => context.changes.subscribe(listener),
    delivery: deliveryOf(context),
    leases: leasesOf(context),
    locks: context.locks,
    appVersion: context.appVersion,
    close: () => close(context),
  };
}

async function createDraft(drafts: Drafts, enrolments: Enrolments, id: string, start: DraftStart): Promise<Draft> {
  const enrolment = (await enrolments.list()).find((e) => e.id === id);
  if (!enrolment) throw new NotFound("there is no such enrolment on this device");
  return drafts.create(enrolment, start);
}

async function close(context: Context): Promise<void> {
  context.changes.close();
  await context.db.close();
}

function ourLocks(): Locks | null {
  return typeof navigator === "undefined" ? null : (navigator.locks ?? null);
}
