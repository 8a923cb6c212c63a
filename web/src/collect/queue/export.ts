// Files of stories that could not be delivered, for somebody to carry to the server. Only the server can open them.

import type { Enrolment, StoryItem } from "../model";
import type { Bytes } from "../store/crypt";
import type { Declared, SealedStory } from "../store/sealing";
import type { Store } from "../store/store";
import { closeFor, type PublicKey } from "./closing";

/** A file to save or share. */
export interface ExportedFile {
  name: string;
  file: Blob;
  enrolment: string;
  /** Stories in it. */
  stories: string[];
}

/** What came of exporting. Stories stay on the device in any case. */
export interface Exported {
  files: ExportedFile[];
  /** Stories that are in no file as their project has no key, or of which something is in none as it cannot be read. */
  left: { story: string; why: "noKey" | "unreadable" }[];
  /** Recordings that are in no file, being larger than a file may be; their story is. */
  tooLarge: { story: string; recording: string }[];
}

/** Largest file: 48 MiB. */
export const MAX_FILE = 48 * 1024 * 1024;
/** Room for the first line, the token, and what closing adds. */
const ENVELOPE = 4096;
/** Room for the names around a story or a recording. */
const ENTRY = 200;

/** A story in a file, with those of its recordings that are in the same file. */
interface Entry {
  story: SealedStory;
  attachments: Declared[];
}

/** Puts all that is finished and not delivered, refused stories too, into files of at most 48 MiB. Drafts stay out. */
export async function exportUndelivered(store: Store, now: () => number, max = MAX_FILE): Promise<Exported> {
  const exported: Exported = { files: [], left: [], tooLarge: [] };
  for (const enrolment of await store.enrolments.list()) {
    const stories = await storiesOf(store, enrolment.id, exported);
    const key = enrolment.package.forwardKey;
    if (!key) {
      exported.left.push(...stories.map(({ id }) => ({ story: id, why: "noKey" as const })));
      continue;
    }
    const madeAt = new Date(now()).toISOString();
    for (const entries of planned(stories, max, exported)) {
      const number = exported.files.length + 1;
      const made = await fileOf(store, { enrolment, key, madeAt }, entries, exported);
      const name = `duiding-${madeAt.slice(0, 10)}-${enrolment.id.slice(0, 8)}-${number}.duiding`;
      if (made) exported.files.push({ name, ...made, enrolment: enrolment.id });
    }
  }
  return exported;
}

async function storiesOf(store: Store, enrolment: string, exported: Exported): Promise<SealedStory[]> {
  const items = (await store.items()).filter((item) => item.enrolment === enrolment);
  const stories: SealedStory[] = [];
  for (const item of items.filter(isToExport)) {
    try {
      stories.push(await store.delivery.sealedStory(item.id));
    } catch {
      if (await isStillHere(store, item.id)) addUnreadable(exported, item.id);
    }
  }
  return stories;
}

/** Whether a story is finished and not delivered. A withdrawn one has nothing left to export. */
function isToExport({ state, problem }: StoryItem): boolean {
  return state !== "draft" && state !== "confirmed" && problem?.code !== "gone";
}

/** Whether a story is still to be exported: the queue may have delivered and wiped it meanwhile. */
async function isStillHere(store: Store, id: string): Promise<boolean> {
  return (await store.items()).some((item) => item.id === id && isToExport(item));
}

/** Notes once that something of a story cannot be read. */
function addUnreadable({ left }: Exported, story: string): void {
  if (!left.some((known) => known.story === story)) left.push({ story, why: "unreadable" });
}

/** Which stories and recordings go into which file. A story may be in several, each with other recordings. */
function planned(stories: SealedStory[], max: number, exported: Exported): Entry[][] {
  const files: Entry[][] = [];
  let [file, size]: [Entry[], number] = [[], ENVELOPE];
  const next = (): void => {
    if (file.length > 0) files.push(file);
    [file, size] = [[], ENVELOPE];
  };
  for (const story of stories) {
    const text = new Blob([story.canonical]).size + ENTRY;
    if (size + text > max) next();
    let entry: Entry = { story, attachments: [] };
    file.push(entry);
    size += text;
    for (const attachment of story.attachments) {
      const bytes = attachment.bytes + ENTRY;
      if (ENVELOPE + text + bytes > max) {
        exported.tooLarge.push({ story: story.id, recording: attachment.id });
        continue;
      }
      if (size + bytes > max) {
        next();
        entry = { story, attachments: [] };
        file.push(entry);
        size += text;
      }
      entry.attachments.push(attachment);
      size += bytes;
    }
  }
  next();
  return files;
}

type Made = Pick<ExportedFile, "file" | "stories">;

interface Sender {
  enrolment: Enrolment;
  key: PublicKey;
  madeAt: string;
}

/** A file of these, and which stories are in it; null when nothing is left to put into one. */
async function fileOf(store: Store, sender: Sender, entries: Entry[], exported: Exported): Promise<Made | null> {
  if (entries.length === 0) return null;
  const { enrolment, key, madeAt } = sender;
  const line = new TextEncoder().encode(`${manifest(enrolment.token, madeAt, entries)}\n`);
  const files = entries.flatMap(({ story, attachments }) => attachments.map((file) => ({ story: story.id, file })));
  const plain = new Uint8Array(line.length + files.reduce((sum, { file }) => sum + file.bytes, 0));
  plain.set(line);
  const damaged = new Set<Declared>();
  let at = line.length;
  for (const { story, file } of files) {
    await copy(store, { story, file }, plain.subarray(at, at + file.bytes)).catch(() => damaged.add(file));
    at += file.bytes;
  }
  // One recording that cannot be read must not throw away all the others: the file is made again without it.
  if (damaged.size > 0) return fileOf(store, sender, await without(store, damaged, entries, exported), exported);
  const { header, closed } = await closeFor(key, enrolment.package.assignment.projectId, plain);
  const file = new Blob([header, "\n", closed], { type: "application/vnd.duiding.undelivered" });
  return { file, stories: entries.map((entry) => entry.story.id) };
}

/** The entries without recordings that cannot be read, and without stories that were delivered or withdrawn meanwhile. */
async function without(store: Store, damaged: Set<Declared>, entries: Entry[], exported: Exported): Promise<Entry[]> {
  const kept: Entry[] = [];
  for (const { story, attachments } of entries) {
    const whole = attachments.filter((file) => !damaged.has(file));
    const isDamaged = whole.length < attachments.length;
    if (isDamaged && !(await isStillHere(store, story.id))) continue;
    if (isDamaged) addUnreadable(exported, story.id);
    kept.push({ story, attachments: whole });
  }
  return kept;
}

/** One line of JSON with the bodies as they were hashed; offsets count from after this line. */
function manifest(token: string, madeAt: string, entries: Entry[]): string {
  let offset = 0;
  const stories = entries.map(({ story, attachments }) => {
    const placed = attachments.map(({ id, bytes }) => {
      const begins = offset;
      offset += bytes;
      return { id, offset: begins, bytes };
    });
    return `{"id":${JSON.stringify(story.id)},"body":${story.canonical},"attachments":${JSON.stringify(placed)}}`;
  });
  return `{"token":${JSON.stringify(token)},"madeAt":${JSON.stringify(madeAt)},"stories":[${stories.join(",")}]}`;
}

async function copy(store: Store, { story, file }: { story: string; file: Declared }, target: Bytes): Promise<void> {
  let filled = 0;
  for await (const chunk of store.readRecording(story, file.id)) {
    target.set(chunk, filled);
    filled += chunk.length;
  }
}
