// @vitest-environment node
import "fake-indexeddb/auto";

import { afterEach, beforeEach, describe, expect, it } from "vitest";

import type { Enrolment } from "../model";
import { enrolment, FakeLocks, ownName, recorded, storeWith, told } from "../store/fixtures";
import { openStore, type Store } from "../store/store";
import { Clock, FakeServer, json, portal, problem, until } from "./fixtures";
import { startQueue, type Queue } from "./queue";

const MIB = 1024 * 1024;

let [name, given]: [string, Enrolment] = ["", enrolment()];
let [clock, server] = [new Clock(), new FakeServer()];
let store: Store;
const running: Queue[] = [];
const opened: Store[] = [];

beforeEach(async () => {
  [name, given, clock, server] = [ownName(), enrolment(), new Clock(), new FakeServer()];
  store = await storeWith(name, given, { now: clock.now });
  opened.push(store);
});

afterEach(async () => {
  for (const queue of running.splice(0)) queue.stop();
  await Promise.all(opened.splice(0).map((each) => each.close()));
});

function start(kept: Store = store): Queue {
  const options = { fetch: server.fetch, now: clock.now, random: () => 0.5, schedule: clock.schedule };
  const queue = startQueue({ store: kept, ...options, locks: new FakeLocks(), online: () => true, events: [] });
  running.push(queue);
  return queue;
}

async function spoken(...recordings: number[][]): Promise<string> {
  const { id } = await told(store, given);
  for (const sizes of recordings) await recorded(store, id, sizes);
  await store.seal(id);
  return id;
}

const idle = (queue: Queue) => until(() => !queue.state.busy);
const item = async (id: string) => (await store.items()).find((each) => each.id === id);
const offsets = () => server.of("PATCH", "attachments").map((each) => Number(each.headers.get("Upload-Offset")));
const complete = () => [...server.files.values()].every((file) => file.completedAt !== null);

describe("a recording", () => {
  it("is sent in parts of 1 MiB, and the story confirmed when all of them are complete", async () => {
    const id = await spoken([700_000, 700_000, 700_000, 400_000], [50]);
    await idle(start());
    expect(offsets()).toEqual([0, MIB, 2 * MIB, 0]);
    expect(server.of("PATCH", "attachments")[0]?.headers.get("Content-Type")).toBe("application/offset+octet-stream");
    expect(complete()).toBe(true);
    expect(await item(id)).toMatchObject({ state: "confirmed", sentBytes: 2_500_050, totalBytes: 2_500_050 });
  });

  it("goes on where a killed tab stopped", async () => {
    const id = await spoken([MIB, MIB, MIB]);
    server.interfere = (asked, answer) =>
      asked.headers.get("Upload-Offset") === String(MIB) ? answer().then(() => new Promise<Response>(() => undefined)) : null;
    start();
    await until(() => offsets().length === 2 && server.files.values().next().value?.received.length === 2 * MIB);
    expect((await item(id))?.state).toBe("attachments");
    running.splice(0);
    server.interfere = () => null;
    const after = await openStore(name, { locks: null, now: clock.now });
    opened.push(after);
    await idle(start(after));
    expect(offsets()).toEqual([0, MIB, 2 * MIB]);
    expect((await item(id))?.state).toBe("confirmed");
  });

  it("goes on from where the server says, when it has lost a part", async () => {
    const id = await spoken([MIB, MIB, 1000]);
    let lost = false;
    server.interfere = (asked) => {
      if (lost || asked.headers.get("Upload-Offset") !== String(2 * MIB)) return null;
      lost = true;
      for (const file of server.files.values()) file.received = file.received.subarray(0, 500);
      return null;
    };
    await idle(start());
    expect(offsets()).toEqual([0, MIB, 2 * MIB, 500, 500 + MIB, 500 + 2 * MIB]);
    expect((await item(id))?.state).toBe("confirmed");
  });

  it("is started again when the server finds another hash, and refused for good after three times", async () => {
    const id = await spoken([3000]);
    server.interfere = ({ method }) => (method === "PATCH" ? Promise.resolve(problem(409, "wrongHash")) : null);
    await idle(start());
    expect(offsets()).toEqual([0, 0, 0]);
    expect(await item(id)).toMatchObject({ state: "rejected", problem: { code: "wrongHash" } });
    const blob = await store.recordingBlob(id, (await store.delivery.sealedStory(id)).attachments[0]?.id ?? "");
    expect(blob.size).toBe(3000);
  });

  it("arrives when the server found another hash once", async () => {
    const id = await spoken([3000]);
    let first = true;
    server.interfere = ({ method }) => {
      if (method !== "PATCH" || !first) return null;
      first = false;
      return Promise.resolve(problem(409, "wrongHash"));
    };
    await idle(start());
    expect((await item(id))?.state).toBe("confirmed");
  });

  it("waits on the device after any other answer, and nothing of it is wiped", async () => {
    for (const answer of [portal, () => json(200, { id: "x" }), () => problem(503, "unavailable"), () => problem(409, "odd"), () => problem(404, "notFound")]) {
      server = new FakeServer();
      const id = await spoken([3000]);
      server.interfere = ({ path }) => (path.includes("attachments") ? Promise.resolve(answer()) : null);
      const queue = start();
      await idle(queue);
      expect((await item(id))?.state).toBe("attachments");
      expect(await store.undeliveredCount()).toBe(1);
      server.interfere = () => null;
      clock.advance(3600_000);
      await until(async () => (await item(id))?.state === "confirmed");
      expect(complete()).toBe(true);
      await idle(queue);
      queue.stop();
    }
  });

  it("of a story that was withdrawn meanwhile is wiped", async () => {
    const id = await spoken([3000]);
    server.interfere = ({ path }) => {
      if (!path.includes("attachments")) return null;
      server.judge = () => problem(410, "gone");
      return Promise.resolve(problem(404, "notFound"));
    };
    await idle(start());
    expect(await item(id)).toMatchObject({ state: "rejected", problem: { code: "gone" } });
    await expect(store.delivery.sealedStory(id)).rejects.toThrow();
  });

  it("arrives at a server that went back to an older copy of its data", async () => {
    const id = await spoken([3000]);
    let restored = false;
    server.interfere = ({ method }) => {
      if (method === "PATCH" && !restored) {
        restored = true;
        server.stories.clear();
        server.files.clear();
      }
      return null;
    };
    const queue = start();
    await idle(queue);
    clock.advance(10_000);
    await until(async () => (await item(id))?.state === "confirmed");
    expect(server.stories.has(id)).toBe(true);
    expect(complete()).toBe(true);
  });

  it("that fails does not keep back those of another story", async () => {
    const [bad, good] = [await spoken([3000]), await spoken([4000])];
    server.interfere = ({ path }) => (path.includes(`${bad}/attachments`) ? Promise.resolve(problem(500, "internal")) : null);
    await idle(start());
    expect((await item(bad))?.state).toBe("attachments");
    expect((await item(good))?.state).toBe("confirmed");
  });

  it("that the server does not take from us does not keep back those of another story", async () => {
    const [bad, good] = [await spoken([3000]), await spoken([4000])];
    server.interfere = ({ path }) => (path.includes(`${bad}/attachments`) ? Promise.resolve(problem(404, "notFound")) : null);
    await idle(start());
    expect((await item(bad))?.state).toBe("attachments");
    expect((await item(good))?.state).toBe("confirmed");
  });
});
