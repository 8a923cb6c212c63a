// @vitest-environment node
import "fake-indexeddb/auto";

import { openDB } from "idb";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

import type { Enrolment } from "../model";
import { NotFound, StillUndelivered, WrongState } from "./errors";
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

async function move(id: string, ...steps: ("sending" | "stored" | "attaching")[]): Promise<void> {
  const { delivery } = store;
  for (const step of steps) {
    if (step === "sending") await delivery.sending([id]);
    if (step === "attaching") await delivery.attaching(id);
    if (step === "stored") await delivery.stored(id, await receipt(id));
  }
}

async function receipt(id: string) {
  const { sha256 } = await store.delivery.sealedStory(id);
  return { id, sha256, receivedAt: "2026-03-02T10:05:00Z", held: [] };
}

const stateOf = async (id: string) => (await store.items()).find((item) => item.id === id)?.state;
const PROBLEM = { type: "about:blank", title: "Bad Request", status: 400, code: "invalidInput", detail: "wrong" };

describe("states of a story", () => {
  it("go from draft to confirmed in the order of delivery, and then nothing of it is left but a line in the list", async () => {
    const { id } = await told(store, given);
    await recorded(store, id, [700]);
    const seen = [await stateOf(id)];
    await store.seal(id);
    for (const step of ["sending", "stored", "attaching"] as const) {
      seen.push(await stateOf(id));
      await move(id, step);
    }
    seen.push(await stateOf(id));
    await store.delivery.progress(id, 350);
    expect((await store.items())[0]?.sentBytes).toBe(350);
    await store.delivery.confirm(id);
    seen.push(await stateOf(id));
    expect(seen).toEqual(["draft", "sealed", "sending", "stored", "attachments", "confirmed"]);
    expect((await store.items())[0]).toMatchObject({ about: "", receivedAt: "2026-03-02T10:05:00Z", sentBytes: 700 });
    const db = await openDB(name);
    for (const each of ["contents", "recordings", "chunks"]) expect(await db.count(each)).toBe(0);
    expect(await db.getKey("keys", id)).toBeUndefined();
    db.close();
    expect(await failure(store.delivery.sealedStory(id))).toBeInstanceOf(NotFound);
    await store.wipe(id);
  });

  it("do not skip a step or go back from the end", async () => {
    const { delivery } = store;
    const id = await sealed(store, given);
    const echo = await receipt(id);
    for (const attempt of [delivery.attaching, delivery.confirm, (it: string) => delivery.reject(it, PROBLEM)]) {
      expect(await failure(attempt(id))).toBeInstanceOf(WrongState);
    }
    expect(await stateOf(id)).toBe("sealed");
    await move(id, "sending", "stored");
    expect(await failure(delivery.sending([id]))).toBeInstanceOf(WrongState);
    await delivery.confirm(id);
    expect(await failure(delivery.stored(id, echo))).toBeInstanceOf(NotFound);
    expect(await failure(delivery.reject(id, PROBLEM))).toBeInstanceOf(WrongState);
    expect(await stateOf(id)).toBe("confirmed");
  });

  it("go back to sealed when a tab was killed while sending", async () => {
    const id = await sealed(store, given);
    await move(id, "sending");
    const other = await tab();
    await other.delivery.recoverSending();
    expect(await stateOf(id)).toBe("sealed");
  });

  it("never become stored with another hash than ours", async () => {
    const id = await sealed(store, given);
    await move(id, "sending");
    const wrong = { ...(await receipt(id)), sha256: "0".repeat(64) };
    expect(await failure(store.delivery.stored(id, wrong))).toBeInstanceOf(WrongState);
    expect(await stateOf(id)).toBe("sending");
  });

  it("let a refused story be corrected and sealed again", async () => {
    const id = await sealed(store, given, "te kort");
    await move(id, "sending");
    await store.delivery.reject(id, PROBLEM);
    expect((await store.items())[0]?.problem).toEqual(PROBLEM);
    await store.reopen(id);
    const draft = await store.draft(id);
    expect(draft?.body.text).toBe("te kort");
    if (draft) await store.saveDraft({ ...draft, body: { ...draft.body, text: "lang genoeg" } });
    await store.seal(id);
    expect(JSON.parse((await store.delivery.sealedStory(id)).canonical).text).toBe("lang genoeg");
    expect((await store.items())[0]).toMatchObject({ state: "sealed", problem: null });
  });

  it("do not let a story be corrected of which the server has the text", async () => {
    const id = await sealed(store, given);
    await move(id, "sending", "stored");
    await store.delivery.reject(id, PROBLEM);
    expect(await failure(store.reopen(id))).toBeInstanceOf(WrongState);
  });

  it("leave nothing of a withdrawn story", async () => {
    const id = await sealed(store, given);
    await move(id, "sending");
    await store.delivery.withdrawn(id, { ...PROBLEM, status: 410, code: "gone" });
    expect(await failure(store.delivery.sealedStory(id))).toBeInstanceOf(NotFound);
    expect(await failure(store.reopen(id))).toBeInstanceOf(WrongState);
    expect((await store.items())[0]).toMatchObject({ state: "rejected", problem: { code: "gone" }, about: "" });
    expect(await store.undeliveredCount()).toBe(0);
  });
});

describe("the list", () => {
  it("counts finished stories that are only here, and since when", async () => {
    await told(store, given);
    now += 1000;
    const first = await sealed(store, given);
    now += 1000;
    const second = await sealed(store, given);
    expect(await store.undelivered()).toEqual({ count: 2, oldestAt: "2026-03-02T10:00:01.000Z" });
    await move(first, "sending", "stored");
    await store.delivery.confirm(first);
    await move(second, "sending");
    await store.delivery.reject(second, PROBLEM);
    expect(await store.undeliveredCount()).toBe(1);
  });

  it("forgets delivered stories after 30 days, and nothing else", async () => {
    const id = await sealed(store, given);
    await move(id, "sending", "stored");
    await store.delivery.confirm(id);
    const waiting = await sealed(store, given);
    now += 29 * 24 * 3600_000;
    await store.prune();
    expect(await store.items()).toHaveLength(2);
    now += 2 * 24 * 3600_000;
    await tab();
    expect((await store.items()).map((item) => item.id)).toEqual([waiting]);
  });

  it("tells every tab of a change", async () => {
    const other = await tab();
    const heard = new Promise<string | null>((resolve) => {
      other.subscribe(({ story }) => story !== null && resolve(story));
    });
    const here: (string | null)[] = [];
    const stop = store.subscribe(({ story }) => here.push(story));
    const { id } = await told(store, given);
    expect(await heard).toBe(id);
    expect(here).toEqual([id]);
    stop();
    await told(store, given);
    expect(here).toEqual([id]);
  });
});

describe("an enrolment", () => {
  it("stays while a story or draft of it is only here", async () => {
    const draft = await told(store, given);
    expect(await failure(store.enrolments.remove(given.id))).toBeInstanceOf(StillUndelivered);
    await store.seal(draft.id);
    expect(await failure(store.enrolments.remove(given.id))).toBeInstanceOf(StillUndelivered);
    await move(draft.id, "sending", "stored");
    await store.delivery.confirm(draft.id);
    await store.enrolments.remove(given.id);
    expect(await store.enrolments.list()).toEqual([]);
  });

  it("is not made again by a change that came too late", async () => {
    await store.enrolments.remove(given.id);
    await store.enrolments.update(given.id, { unknown: true });
    expect(await store.enrolments.list()).toEqual([]);
    expect(await failure(told(store, given))).toBeInstanceOf(NotFound);
  });

  it("is read by another tab as it was saved", async () => {
    await store.enrolments.update(given.id, { etag: '"1"', unknown: true });
    expect(await (await tab()).enrolments.list()).toEqual([{ ...given, etag: '"1"', unknown: true }]);
  });
});
