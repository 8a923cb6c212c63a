// What the story form keeps on a device.

import type { components } from "../api/schema";
import type { Framework, Problem, StoryBody } from "../framework/types";

export type Assignment = components["schemas"]["Assignment"];

/** Everything that a device needs to collect without signal, as the server gives it at `GET /v1/devices/current/package`. */
export interface DevicePackage {
  assignment: Assignment;
  framework: { version: number; document: Framework } | null;
  wave: { key: string; ordinal: number; label?: Record<string, string> | string | null };
  /** Texts that people agree to; the newest version of each. */
  consentTexts: { key: string; version: number; texts: Record<string, string> }[];
  /** The project's public key (P-256, uncompressed point, base64url), for files of stories that could not be delivered. */
  forwardKey: { id: string; publicKey: string } | null;
  /** Recorded speech that the framework names. */
  assets: { name: string; sha256: string; bytes: number; mediaType: string }[];
}

/** A device of a project: this phone may have several, one for each assignment. */
export interface Enrolment {
  /** Id of the device at the server. */
  id: string;
  /** Device token; kept encrypted. */
  token: string;
  package: DevicePackage;
  etag: string | null;
  enrolledAt: string;
  /** When the server was last reached with this enrolment, by this device's clock. */
  contactAt: string | null;
  /** The server does not know this device any more (401): stories wait, and can be exported. */
  unknown: boolean;
}

/**
 * Where a story stands: being told; finished and frozen; under way; the server has its text and has echoed its hash; its
 * recordings are under way; everything is there; refused for a reason that trying again cannot heal.
 */
export type StoryState = "draft" | "sealed" | "sending" | "stored" | "attachments" | "confirmed" | "rejected";

/** A recording, in the order in which it was spoken. */
export interface Recording {
  id: string;
  mediaType: string;
  /** Seconds, as recorded. */
  seconds: number;
  bytes: number;
  /** Of the whole; known when the recording is finished. */
  sha256: string | null;
  finished: boolean;
}

/** A story that is being told, as it is autosaved. */
export interface Draft {
  id: string;
  enrolment: string;
  /** Device clock, ISO 8601. */
  startedAt: string;
  changedAt: string;
  /** Key of the screen that was open, to come back to. */
  screen: string;
  /** Language of the interface while the teller answers. */
  language: string;
  /** What will be delivered, as far as it is there. */
  body: Partial<StoryBody>;
  recordings: Recording[];
  /** What the screens remember that is no part of the story, such as which questions were passed. */
  notes: Record<string, unknown>;
}

/** A story in the list of what is on this device. Nothing of what was told is in it. */
export interface StoryItem {
  id: string;
  enrolment: string;
  state: StoryState;
  /** Code of the teller or perspective, for the facilitator to know which one it is; empty once it is confirmed. */
  about: string;
  startedAt: string;
  changedAt: string;
  /** Whether the draft was answered to the end and only waits to be finished. */
  screen: string;
  /** Bytes of recordings that the server has, and all. */
  sentBytes: number;
  totalBytes: number;
  /** Why it was refused. */
  problem: Problem | null;
  /** Questions of administration: the server keeps the story, a researcher decides. */
  held: string[];
  /** When the server had it, by the server's clock. */
  receivedAt: string | null;
}
