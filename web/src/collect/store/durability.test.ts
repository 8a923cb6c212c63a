// @vitest-environment node
import "fake-indexeddb/auto";

import { createHash } from "node:crypto";
import forceCloseDatabase from "fake-indexeddb/lib/forceCloseDatabase";
import { openDB, unwrap } from "idb";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import type { Enrolment } from "../model";
import { NewerVersion, StorageFull, StoreError, WrongState } from "./errors";
import { enrolment, failure, FakeLocks, noise, ownName, recorded, storeWith, told } from "./fixtures";
import { recordingLock } from "./recordings";
import { STEPS, type Step } from "./schema";
import { persistStorage, storageState } from "./storage";
import { openStore, type Store, type StoreOptions } from "./store";

let [name, given]: [string, Enrolment] = ["", enrolment()];
let store: Store;
const opened: Store[] = [];

async function tab(options: StoreOptions = {}): Promise<Store> {
  const another = await openStore(name, { locks: null, ...options });
  opened.push(another);
  return another;
}

beforeEach(async () => {
  [name, given] = [ownName(), enrolment()];
  store = await storeWith(name, given);
  opened.push(store);
});

afterEach(async () => {
  vi.restoreAllMocks();
  await Promise.all(opened.splice(0).map((each) => each.close()));
});

/** Makes the next `times` writes to a store fail as a full device does. */
function noRoom(storeName: string, times = Infinity, error = "QuotaExceededError"): void {
  const put = IDBObjectStore.prototype.put;
  let left = times;
  vi.spyOn(IDBObjectStore.prototype, "put").mockImplementation(function (this: IDBObjectStore, ...args) {
    if (this.name !== storeName || left <= 0) return put.apply(this, args);
    left -= 1;
    throw new DOMException("no", error);
  });
}

async function bytesOf(reader: Store, story: string, recording: string, from?: number): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const part of reader.readRecording(story, recording, from)) parts.push(part);
  return Buffer.concat(parts);
}

describe("a full device", () => {
  it("says so when a draft is saved, and keeps what was saved before", async () => {
    const draft = await told(store, given);
    noRoom("contents");
    expect(await failure(store.saveDraft({ ...draft, screen: "later" }))).toBeInstanceOf(StorageFull);
    expect((await store.draft(draft.id))?.screen).toBe("story");
    vi.restoreAllMocks();
    await store.saveDraft({ ...draft, screen: "later" });
    expect((await store.draft(draft.id))?.screen).toBe("later");
  });

  it("says so when sound is saved, and keeps the chunks before", async () => {
    const { id } = await told(store, given);
    const { id: recording } = await store.startRecording(id, "audio/mp4");
    await store.appendChunk(id, recording, 0, noise(100, 0));
    noRoom("chunks");
    expect(await failure(store.appendChunk(id, recording, 1, noise(100, 1)))).toBeInstanceOf(StorageFull);
    vi.restoreAllMocks();
    expect((await store.finishRecording(id, recording))?.bytes).toBe(100);
    expect(await bytesOf(store, id, recording)).toEqual(Buffer.from(noise(100, 0)));
  });

  it("leaves a draft a draft when there is no room to seal it", async () => {
    const { id } = await told(store, given);
    noRoom("stories");
    expect(await failure(store.seal(id))).toBeInstanceOf(StorageFull);
    vi.restoreAllMocks();
    expect((await store.items())[0]?.state).toBe("draft");
    await store.seal(id);
  });
});

describe("a database that the browser closes", () => {
  it("is opened again when an operation finds it closed", async () => {
    const draft = await told(store, given);
    noRoom("contents", 1, "InvalidStateError");
    await store.saveDraft({ ...draft, screen: "after" });
    expect((await store.draft(draft.id))?.screen).toBe("after");
  });

  it("is given up after one more try", async () => {
    const draft = await told(store, given);
    noRoom("contents", 2, "UnknownError");
    expect(await failure(store.saveDraft(draft))).toMatchObject({ name: "UnknownError" });
    expect((await store.draft(draft.id))?.screen).toBe("story");
  });

  it("is opened again after it was closed by force", async () => {
    const { id } = await told(store, given);
    const open = IDBFactory.prototype.open;
    const seen: IDBDatabase[] = [];
    vi.spyOn(IDBFactory.prototype, "open").mockImplementation(function (this: IDBFactory, ...args) {
      const request = open.apply(this, args);
      request.addEventListener("success", () => seen.push(request.result));
      return request;
    });
    const other = await tab();
    await other.draft(id);
    for (const db of seen) forceCloseDatabase(db);
    expect((await other.draft(id))?.id).toBe(id);
    expect(seen.length).toBe(2);
  });

  it("saves once, not twice, when only the answer was lost", async () => {
    const { id } = await told(store, given);
    const { id: recording } = await store.startRecording(id, "audio/mp4");
    for (const index of [0, 0, 1, 1]) await store.appendChunk(id, recording, index, noise(50, index));
    expect((await store.finishRecording(id, recording))?.bytes).toBe(100);
    const gap = await failure(store.appendChunk(id, recording, 3, noise(50, 3)));
    expect(gap).toBeInstanceOf(StoreError);
  });
});

describe("a newer version of the app", () => {
  it("reads a draft that version 1 saved", async () => {
    const old = ownName();
    const id = await savedByVersion1(old);
    const newest = await openStore(old, { locks: null });
    opened.push(newest);
    const draft = await newest.draft(id);
    expect(draft).toMatchObject({ id, screen: "title", body: { text: "oud verhaal" }, recordings: [] });
    expect((await newest.items())[0]?.about).toBe("candidate");
    expect(await newest.frameworkOf(id)).toBeNull();
    if (draft) await newest.saveDraft({ ...draft, screen: "review" });
    expect((await newest.draft(id))?.screen).toBe("review");
  });

  it("keeps drafts over a further step, while an old tab is open, and the old tab says that it is old", async () => {
    const draft = await told(store, given);
    const another: Step = (db) => {
      unwrap(db).createObjectStore("extra");
    };
    const steps = [...STEPS, another];
    const newer = await tab({ steps });
    expect((await newer.draft(draft.id))?.body).toEqual(draft.body);
    expect(await failure(store.saveDraft(draft))).toBeInstanceOf(NewerVersion);
  });
});

/** As version 1 wrote it: this code never changes, devices have gone through it. */
async function savedByVersion1(database: string): Promise<string> {
  const db = await openDB(database, 1, {
    upgrade(made) {
      made.createObjectStore("keys", { keyPath: "id" });
      made.createObjectStore("enrolments", { keyPath: "id" });
      made.createObjectStore("stories", { keyPath: "id" });
      made.createObjectStore("contents", { keyPath: ["id", "kind"] });
      made.createObjectStore("recordings", { keyPath: ["story", "id"] });
      made.createObjectStore("chunks", { keyPath: ["story", "recording", "index"] });
      made.createObjectStore("leases", { keyPath: "name" });
    },
  });
  const id = "22222222-2222-4222-8222-222222222222";
  const key = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
  const close = async (place: string, value: unknown) => {
    const iv = crypto.getRandomValues(new Uint8Array(12));
    const additionalData = new TextEncoder().encode(`${place}:${id}`);
    const text = new TextEncoder().encode(JSON.stringify(value));
    return { iv, data: await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData }, key, text) };
  };
  const at = "2026-03-02T10:00:00.000Z";
  const draft = { id, enrolment: "e", startedAt: at, changedAt: at, screen: "title", language: "nl", body: { text: "oud verhaal" }, notes: {} };
  const content = { id, kind: "draft", closed: await close("draft", draft) };
  const about = await close("about", "candidate");
  const row = { id, enrolment: "e", project: "p", state: "draft", about, startedAt: at, changedAt: at, screen: "title", sentBytes: 0 };
  await db.put("keys", { id, key });
  await db.put("contents", content);
  await db.put("stories", { ...row, totalBytes: 0, problem: null, held: [], receivedAt: null, mark: "m", wipedAt: null });
  db.close();
  return id;
}

describe("a recording", () => {
  it("is there up to the last chunk after the tab was killed, and is finished then", async () => {
    const { id } = await told(store, given);
    const { id: recording } = await store.startRecording(id, "audio/webm;codecs=opus");
    for (const index of [0, 1, 2]) await store.appendChunk(id, recording, index, new Blob([noise(400, index)]), index * 2 + 2);
    const after = await tab();
    const [recovered] = await after.recoverRecordings();
    const whole = Buffer.concat([0, 1, 2].map((index) => noise(400, index)));
    const sha256 = createHash("sha256").update(whole).digest("hex");
    expect(recovered).toEqual({ id: recording, mediaType: "audio/webm;codecs=opus", seconds: 6, bytes: 1200, sha256, finished: true });
    expect((await after.draft(id))?.recordings).toEqual([recovered]);
    expect(await bytesOf(after, id, recording)).toEqual(whole);
    expect(await bytesOf(after, id, recording, 650)).toEqual(whole.subarray(650));
    const blob = await after.recordingBlob(id, recording);
    expect([blob.type, blob.size]).toEqual(["audio/webm;codecs=opus", 1200]);
    expect(await after.recoverRecordings()).toEqual([]);
  });

  /** Two recordings that a killed tab left, each of one chunk. */
  async function twoLeft(): Promise<{ story: string; left: string[] }> {
    const { id: story } = await told(store, given);
    const left: string[] = [];
    for (const size of [10, 20]) {
      const { id } = await store.startRecording(story, "audio/mp4");
      await store.appendChunk(story, id, 0, noise(size, 0));
      left.push(id);
    }
    return { story, left };
  }

  it("that cannot be finished because the device is full does not keep the app from opening, and is finished later", async () => {
    const { left } = await twoLeft();
    noRoom("recordings");
    expect(await store.recoverRecordings()).toEqual([]);
    vi.restoreAllMocks();
    expect((await store.recoverRecordings()).map((each) => each.id).sort()).toEqual(left.sort());
  });

  it("that is damaged does not keep the others from being finished, and stays as it is", async () => {
    for (const damaged of [0, 1]) {
      const { story, left } = await twoLeft();
      const db = await openDB(name);
      await db.delete("chunks", [story, left[damaged] ?? "", 0]);
      db.close();
      expect((await store.recoverRecordings()).map((each) => each.id)).toEqual([left[1 - damaged]]);
      const rows = (await store.draft(story))?.recordings.map((each) => [each.id, each.finished]);
      expect(rows).toEqual(left.map((id, i) => [id, i !== damaged]));
    }
  });

  it("without any sound is gone", async () => {
    const { id } = await told(store, given);
    const { id: recording } = await store.startRecording(id, "audio/mp4");
    expect(await store.finishRecording(id, recording)).toBeNull();
    await store.startRecording(id, "audio/mp4");
    expect(await store.recoverRecordings()).toEqual([]);
    expect((await store.draft(id))?.recordings).toEqual([]);
  });

  it("is left alone while another tab is at it", async () => {
    const locks = new FakeLocks();
    const other = await tab({ locks });
    const { id } = await told(store, given);
    const { id: recording } = await store.startRecording(id, "audio/mp4");
    await store.appendChunk(id, recording, 0, noise(10, 0));
    let release = (): void => undefined;
    const held = locks.request(recordingLock(recording), () => new Promise<void>((resolve) => (release = resolve)));
    expect(await other.recoverRecordings()).toEqual([]);
    release();
    await held;
    expect(await other.recoverRecordings()).toHaveLength(1);
  });

  it("goes on when another tab took it for unfinished", async () => {
    const { id } = await told(store, given);
    const { id: recording } = await store.startRecording(id, "audio/mp4");
    await store.appendChunk(id, recording, 0, noise(10, 0));
    await store.recoverRecordings();
    await store.appendChunk(id, recording, 1, noise(10, 1));
    expect((await store.finishRecording(id, recording))?.bytes).toBe(20);
  });

  it("that the teller does not want is gone, and the others stay in their order", async () => {
    const { id } = await told(store, given);
    const made: string[] = [];
    let clock = 9000;
    const later = await tab({ now: () => (clock -= 1000) }); // a clock that goes back
    for (const size of [10, 20, 30]) made.push(await recorded(later, id, [size]));
    await store.deleteRecording(id, made[1] ?? "");
    expect((await store.draft(id))?.recordings.map((each) => each.bytes)).toEqual([10, 30]);
    await store.seal(id);
    expect((await store.delivery.sealedStory(id)).attachments.map((each) => each.id)).toEqual([made[0], made[2]]);
  });

  it("is of a type that the server takes in, and not the 21st", async () => {
    const { id } = await told(store, given);
    expect(await failure(store.startRecording(id, "video/webm"))).toBeInstanceOf(StoreError);
    for (let i = 0; i < 20; i += 1) await store.startRecording(id, "audio/mp4");
    expect(await failure(store.startRecording(id, "audio/mp4"))).toBeInstanceOf(WrongState);
  });
});

describe("room on the device", () => {
  it("is asked to be kept, and is low when an hour of recording would not fit", async () => {
    const manager = { persisted: async () => false, persist: async () => true, estimate: async () => ({ usage: 90e6, quota: 100e6 }) };
    expect(await persistStorage(manager)).toBe(true);
    expect(await storageState(manager)).toEqual({ persisted: false, usage: 90e6, quota: 100e6, low: true });
    expect(await storageState({ estimate: async () => ({ usage: 1, quota: 1e9 }) })).toMatchObject({ low: false });
  });

  it("is unknown where the browser does not say", async () => {
    expect(await persistStorage({})).toBe(false);
    const refusing = { estimate: () => Promise.reject(new Error("no")) };
    expect(await storageState(refusing)).toEqual({ persisted: false, usage: null, quota: null, low: false });
  });
});
