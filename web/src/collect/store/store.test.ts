// @vitest-environment node
import "fake-indexeddb/auto";

import { createHash } from "node:crypto";
import { openDB } from "idb";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { reference } from "../../framework/reference.testing";
import type { Enrolment } from "../model";
import { ChangedElsewhere, NotFound, RecordingOpen, WrongState } from "./errors";
import { enrolment, failure, ownName, recorded, sealed, storeWith, told } from "./fixtures";
import { openStore, type Store } from "./store";

let [name, given]: [string, Enrolment] = ["", enrolment()];
let store: Store;
let now = 0;
const opened: Store[] = [];

async function tab(): Promise<Store> {
  const another = await openStore(name, { locks: null, appVersion: "1.4.0", now: () => now });
  opened.push(another);
  return another;
}

beforeEach(async () => {
  [name, given, now] = [ownName(), enrolment(), Date.parse("2026-03-02T10:00:00Z")];
  store = await storeWith(name, given, { now: () => now });
  opened.push(store);
});

afterEach(async () => {
  await Promise.all(opened.splice(0).map((each) => each.close()));
});

async function rawText(): Promise<string> {
  const db = await openDB(name);
  const rows = await Promise.all([...db.objectStoreNames].map((each) => db.getAll(each)));
  db.close();
  return JSON.stringify(rows, (_, value: unknown) =>
    value instanceof ArrayBuffer || ArrayBuffer.isView(value)
      ? Buffer.from(value instanceof ArrayBuffer ? value : value.buffer).toString("latin1")
      : value,
  );
}

const stateOf = async (id: string) => (await store.items()).find((item) => item.id === id)?.state;

describe("a draft", () => {
  it("is read again by a tab that opens after this one was killed", async () => {
    const draft = await told(store, given);
    await store.saveDraft({ ...draft, screen: "title", notes: { passed: ["tone"] } });
    const again = await (await tab()).draft(draft.id);
    expect(again).toMatchObject({ id: draft.id, screen: "title", notes: { passed: ["tone"] }, body: draft.body });
  });

  it("takes wave, facilitator and framework from the enrolment", async () => {
    expect((await told(store, given)).body).toMatchObject({ wave: "2", collectedBy: "facilitator 3", schema: 1 });
  });

  it("keeps the last of many saves that nobody waited for", async () => {
    const draft = await told(store, given);
    await Promise.all([1, 2, 3, 4, 5, 6].map((n) => store.saveDraft({ ...draft, body: { ...draft.body, title: `t${n}` } })));
    expect((await (await tab()).draft(draft.id))?.body.title).toBe("t6");
  });

  it("keeps what was there when the save was asked, not what is changed later", async () => {
    const draft = await told(store, given);
    const saving = store.saveDraft(draft);
    draft.screen = "later";
    await saving;
    expect((await store.draft(draft.id))?.screen).toBe("story");
  });

  it("is not overwritten by a tab that did not see the newest text", async () => {
    const draft = await told(store, given);
    const other = await tab();
    const seen = await other.draft(draft.id);
    await store.saveDraft({ ...draft, screen: "newer" });
    expect(await failure(other.saveDraft(seen ?? draft))).toBeInstanceOf(ChangedElsewhere);
    await other.saveDraft({ ...draft, ...(await other.draft(draft.id)), screen: "newest" });
    expect((await store.draft(draft.id))?.screen).toBe("newest");
  });

  it("is not overwritten after its recordings were read again while another window saved it", async () => {
    const draft = await told(store, given);
    const other = await tab();
    const seen = await other.draft(draft.id);
    await other.saveDraft({ ...(seen ?? draft), screen: "newer" });
    const recording = await recorded(other, draft.id, [30]);
    expect((await store.recordingsOfDraft(draft.id))?.map((each) => each.id)).toEqual([recording]);
    expect(await failure(store.saveDraft({ ...draft, screen: "old" }))).toBeInstanceOf(ChangedElsewhere);
    expect((await (await tab()).draft(draft.id))?.screen).toBe("newer");
  });

  it("has its recordings read only while it is one", async () => {
    expect(await store.recordingsOfDraft(await sealed(store, given))).toBeNull();
    expect(await store.recordingsOfDraft(crypto.randomUUID())).toBeNull();
  });

  it("is not taken for another window's when it is read while it is saved", async () => {
    const draft = await told(store, given);
    const decrypt = crypto.subtle.decrypt.bind(crypto.subtle);
    // What was read takes long to decrypt: longer than a save, if that does not wait for it.
    const slow = vi.spyOn(crypto.subtle, "decrypt").mockImplementation(async (...asked) => {
      for (let turn = 0; turn < 30; turn += 1) await new Promise((go) => setTimeout(go));
      return decrypt(...asked);
    });
    const reading = store.draft(draft.id);
    await store.saveDraft({ ...draft, screen: "newer" });
    await reading;
    slow.mockRestore();
    await store.saveDraft({ ...draft, screen: "newest" });
    expect((await store.draft(draft.id))?.screen).toBe("newest");
  });

  it("keeps the framework that it was begun with when the device gets a newer one", async () => {
    const withVersion = (version: number, project: Enrolment = given): Enrolment => ({
      ...project,
      package: { ...project.package, framework: { version, document: reference } },
    });
    await store.enrolments.save(withVersion(1));
    const draft = await told(store, given);
    await store.enrolments.save(withVersion(2));
    await store.saveDraft({ ...draft, screen: "later" });
    expect(await (await tab()).frameworkOf(draft.id)).toEqual({ version: 1, document: reference });
    expect(await store.frameworkOf((await told(store, given)).id)).toMatchObject({ version: 2 });
    expect(await rawText()).not.toContain(reference.signifiers[0]?.key);
    await store.deleteDraft(draft.id);
    expect(await store.frameworkOf(draft.id)).toBeNull();
    expect(await rawText()).not.toContain(draft.id);
  });

  it("has no framework of its own where the device had none", async () => {
    expect(await store.frameworkOf((await told(store, given)).id)).toBeNull();
  });

  it("is gone with all of it when it is deleted", async () => {
    const { id } = await told(store, given);
    await recorded(store, id, [300]);
    await store.deleteDraft(id);
    expect(await store.items()).toEqual([]);
    expect(await rawText()).not.toContain(id);
    expect(await failure(store.saveDraft({ ...(await told(store, given)), id }))).toBeInstanceOf(NotFound);
  });
});

describe("what is on the disk", () => {
  it("shows neither words, nor codes of tellers, nor tokens", async () => {
    const { id } = await told(store, given);
    await recorded(store, id, [200]);
    await store.seal(id);
    const raw = await rawText();
    expect(raw).toContain(id);
    for (const secret of ["zelf de bus", "7K3M-PX2C", given.token, "Werk en verhaal"]) expect(raw).not.toContain(secret);
  });

  it("is closed with keys that cannot be read", async () => {
    await told(store, given);
    const db = await openDB(name);
    const keys: { key: CryptoKey }[] = await db.getAll("keys");
    db.close();
    expect(keys).toHaveLength(2);
    for (const { key } of keys) {
      expect(key.extractable).toBe(false);
      await expect(crypto.subtle.exportKey("raw", key)).rejects.toThrow();
    }
  });

  it("does not open in another place", async () => {
    const [one, two] = [await told(store, given, "one"), await told(store, given, "two")];
    const db = await openDB(name);
    const [a, b] = [await db.get("contents", [one.id, "draft"]), await db.get("contents", [two.id, "draft"])];
    await db.put("contents", { ...a, closed: b.closed });
    db.close();
    expect(await failure(store.draft(one.id))).toMatchObject({ name: "Unreadable" });
  });
});

describe("a recording that the teller does not want", () => {
  const sound = (size: number): Uint8Array<ArrayBuffer> => new Uint8Array(size).fill(7);

  async function recordedStory() {
    const draft = await told(store, given);
    const [kept, dropped] = [await store.startRecording(draft.id, "audio/webm"), await store.startRecording(draft.id, "audio/webm")];
    for (const { id } of [kept, dropped]) {
      await store.appendChunk(draft.id, id, 0, sound(500));
      await store.appendChunk(draft.id, id, 1, sound(300));
      await store.finishRecording(draft.id, id, 2);
    }
    await store.deleteRecording(draft.id, dropped.id);
    return { draft, kept, dropped };
  }

  it("is gone from the disk: no row and no chunk of it is left, and the others are whole", async () => {
    const { draft, kept, dropped } = await recordedStory();
    const db = await openDB(name);
    const rows: { id: string }[] = await db.getAll("recordings");
    const chunks: { recording: string }[] = await db.getAll("chunks");
    db.close();
    expect(rows.map((row) => row.id)).toEqual([kept.id]);
    expect(chunks.map((chunk) => chunk.recording)).toEqual([kept.id, kept.id]);
    expect(await rawText()).not.toContain(dropped.id);
    expect((await store.recordingBlob(draft.id, kept.id)).size).toBe(800);
  });

  it("does not come back by a chunk that was under way, nor by another tab that recovers what was left open", async () => {
    const { draft, dropped } = await recordedStory();
    expect(await failure(store.appendChunk(draft.id, dropped.id, 2, sound(10)))).toMatchObject({ name: "NotFound" });
    expect(await failure(store.finishRecording(draft.id, dropped.id))).toMatchObject({ name: "NotFound" });
    expect(await store.recoverRecordings()).toEqual([]);
    expect((await store.draft(draft.id))?.recordings).toHaveLength(1);
  });

  it("is not part of what is sealed and sent", async () => {
    const { draft, kept, dropped } = await recordedStory();
    await store.seal(draft.id);
    const sealed = await store.delivery.sealedStory(draft.id);
    expect(sealed.attachments.map((file) => file.id)).toEqual([kept.id]);
    expect(sealed.canonical).not.toContain(dropped.id);
  });
});

describe("a sealed story", () => {
  it("has the hash of its canonical body, with its recordings and times", async () => {
    const { id } = await told(store, given);
    const recording = await recorded(store, id, [1000, 500]);
    now += 60_000;
    await store.seal(id);
    const story = await store.delivery.sealedStory(id);
    expect(createHash("sha256").update(story.canonical).digest("hex")).toBe(story.sha256);
    const body = JSON.parse(story.canonical);
    expect(Object.keys(body)).toEqual(Object.keys(body).sort());
    expect(body.device).toEqual({
      startedAt: "2026-03-02T10:00:00.000Z",
      finishedAt: "2026-03-02T10:01:00.000Z",
      appVersion: "1.4.0",
    });
    expect(body.attachments).toEqual([{ id: recording, sha256: expect.any(String), bytes: 1500, mediaType: "audio/webm;codecs=opus" }]);
    expect((await store.items())[0]).toMatchObject({ state: "sealed", about: "7K3M-PX2C", totalBytes: 1500, sentBytes: 0 });
  });

  it("has half a character replaced, which would make the server refuse it", async () => {
    const id = await sealed(store, given, "bus \ud83d rijdt");
    expect(JSON.parse((await store.delivery.sealedStory(id)).canonical).text).toBe("bus \ufffd rijdt");
  });

  it("is not changed, deleted, opened or shown any more", async () => {
    const draft = await told(store, given);
    await store.seal(draft.id);
    expect(await failure(store.saveDraft(draft))).toBeInstanceOf(WrongState);
    for (const attempt of [store.seal, store.deleteDraft, store.reopen, store.wipe]) {
      expect(await failure(attempt(draft.id))).toBeInstanceOf(WrongState);
    }
    expect(await store.draft(draft.id)).toBeNull();
    expect(await failure(store.startRecording(draft.id, "audio/mp4"))).toBeInstanceOf(WrongState);
  });

  it("needs a perspective and a language, and finished recordings", async () => {
    const bare = await store.createDraft(given.id, { screen: "who", language: "nl" });
    expect(await failure(store.seal(bare.id))).toBeInstanceOf(WrongState);
    const { id } = await told(store, given);
    const { id: recording } = await store.startRecording(id, "audio/mp4");
    await store.appendChunk(id, recording, 0, new Uint8Array(5));
    expect(await failure(store.seal(id))).toBeInstanceOf(RecordingOpen);
    expect(await stateOf(id)).toBe("draft");
  });
});
