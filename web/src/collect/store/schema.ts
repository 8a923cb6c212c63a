// What is kept in IndexedDB, and the steps from each version of it to the next.

import type { DBSchema, IDBPDatabase, IDBPTransaction, StoreNames } from "idb";

import type { Problem } from "../../framework/types";
import type { StoryState } from "../model";
import type { Closed } from "./crypt";

/** Name under which a key is kept that is not of one story. */
export const DEVICE_KEY = "device";

/** A key that never leaves the browser; that of a story is deleted with it, so that nothing left on the disk can be read. */
export interface KeyRow {
  /** `device`, or id of the story. */
  id: string;
  key: CryptoKey;
}

/** An enrolment; token and package are closed. */
export interface EnrolmentRow {
  id: string;
  project: string;
  enrolledAt: string;
  closed: Closed;
}

/** A story in the list. Nothing of what was told is in it. */
export interface StoryRow {
  id: string;
  enrolment: string;
  project: string;
  state: StoryState;
  /** Code of the teller or perspective, closed; null once the content is gone. */
  about: Closed | null;
  startedAt: string;
  changedAt: string;
  screen: string;
  sentBytes: number;
  totalBytes: number;
  problem: Problem | null;
  held: string[];
  receivedAt: string | null;
  /** Changes with every save of the draft: how a tab sees that another one saved it. */
  mark: string;
  /** When the content was wiped, in milliseconds of this device's clock; null while it is here. */
  wipedAt: number | null;
}

/** The draft of a story, the framework that it was begun with, or what it became when it was sealed. */
export interface ContentRow {
  id: string;
  kind: ContentKind;
  closed: Closed;
}

export type ContentKind = "draft" | "framework" | "sealed";

/** A recording, without its sound. */
export interface RecordingRow {
  story: string;
  id: string;
  mediaType: string;
  /** From 0 on, in the order in which they were spoken; no clock, which may be set back. */
  order: number;
  seconds: number;
  /** Bytes of each chunk, in order; their sum is the size of the recording. */
  sizes: number[];
  sha256: string | null;
  finished: boolean;
}

/** Two seconds of sound. */
export interface ChunkRow {
  story: string;
  recording: string;
  index: number;
  closed: Closed;
}

/** Who may send, where the browser has no locks. */
export interface LeaseRow {
  name: string;
  owner: string;
  /** Milliseconds of this device's clock. */
  until: number;
}

export interface Schema extends DBSchema {
  keys: { key: string; value: KeyRow };
  enrolments: { key: string; value: EnrolmentRow };
  stories: { key: string; value: StoryRow };
  contents: { key: [string, string]; value: ContentRow };
  recordings: { key: [string, string]; value: RecordingRow };
  chunks: { key: [string, string, number]; value: ChunkRow };
  leases: { key: string; value: LeaseRow };
}

export type Database = IDBPDatabase<Schema>;
export type Upgrade = IDBPTransaction<Schema, StoreNames<Schema>[], "versionchange">;

/** Takes what is kept from one version to the next. Must keep every draft: people update the app halfway a story. */
export type Step = (db: Database, tx: Upgrade) => void | Promise<void>;

/** Step n makes version n + 1. Steps that were released are never changed: devices have gone through them. */
export const STEPS: readonly Step[] = [
  (db) => {
    db.createObjectStore("keys", { keyPath: "id" });
    db.createObjectStore("enrolments", { keyPath: "id" });
    db.createObjectStore("stories", { keyPath: "id" });
    db.createObjectStore("contents", { keyPath: ["id", "kind"] });
    db.createObjectStore("recordings", { keyPath: ["story", "id"] });
    db.createObjectStore("chunks", { keyPath: ["story", "recording", "index"] });
    db.createObjectStore("leases", { keyPath: "name" });
  },
];
