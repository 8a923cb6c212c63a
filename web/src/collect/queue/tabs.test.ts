// @vitest-environment node
import "fake-indexeddb/auto";

import { openDB } from "idb";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

import type { Enrolment, StoryState } from "../model";
import { enrolment, FakeLocks, ownName, sealed, storeWith } from "../store/fixtures";
import type { Locks } from "../store/context";
import { openStore, type Store } from "../store/store";
import { Clock, FakeServer, problem, until } from "./fixtures";
import { startQueue, type Queue } from "./queue";

let [name, given]: [string, Enrolment] = ["", enrolment()];
let [clock, server, locks] = [new Clock(), new FakeServer(), new FakeLocks()];
let store: Store;
const running: Queue[] = [];
const opened: Store[] = [];

beforeEach(async () => {
  [name, given, clock, server, locks] = [ownName(), enrolment(), new Clock(), new FakeServer(), new FakeLocks()];
  store = await storeWith(name, given, { now: clock.now });
  opened.push(store);
});

afterEach(async () => {
  for (const queue of running.splice(0)) queue.stop();
  await Promise.all(opened.splice(0).map((each) => each.close()));
});

function start(kept: Store = store, shared: Locks | null = locks): Queue {
  const options = { fetch: server.fetch, now: clock.now, random: () => 0.5, schedule: clock.schedule };
  const queue = startQueue({ store: kept, ...options, locks: shared, online: () => true, events: [] });
  running.push(queue);
  return queue;
}

async function tab(): Promise<Store> {
  const another = await openStore(name, { locks: null, appVersion: "1.4.0", now: clock.now });
  opened.push(another);
  return another;
}

const idle = (queue: Queue) => until(() => !queue.state.busy);
const item = async (id: string) => (await store.items()).find((each) => each.id === id);
const stateOf = async (id: string): Promise<StoryState | undefined> => (await item(id))?.state;

describe("a device that the server does not know any more", () => {
  it("is marked, and its stories are tried each hour", async () => {
    const id = await sealed(store, given);
    server.tokens = [];
    const queue = start();
    await idle(queue);
    expect((await store.enrolments.list())[0]?.unknown).toBe(true);
    expect(queue.state.problem).toBe("unknownDevice");
    const before = server.asked.length;
    clock.advance(3500_000);
    await queue.poke();
    expect(server.asked.length).toBe(before);
    server.tokens = null;
    clock.advance(100_000);
    await until(async () => (await stateOf(id)) === "confirmed");
    await until(async () => (await store.enrolments.list())[0]?.unknown === false);
  });

  it("has its stories delivered by a new enrolment in the same project, as soon as there is one", async () => {
    const id = await sealed(store, given);
    server.tokens = [];
    const queue = start();
    await idle(queue);
    const elsewhere = enrolment({ enrolledAt: "2026-03-02T09:00:00Z" });
    elsewhere.package.assignment.projectId = "another";
    const fresh = enrolment({ enrolledAt: "2026-03-02T10:00:00Z" });
    server.tokens = [fresh.token, elsewhere.token];
    await store.enrolments.save(elsewhere);
    await store.enrolments.save(fresh);
    await queue.poke();
    expect(await stateOf(id)).toBe("confirmed");
    expect(server.of("PUT", `stories/${id}`).at(-1)?.token).toBe(fresh.token);
  });

  it("does not keep back another project", async () => {
    const other = enrolment();
    other.package.assignment.projectId = "another";
    await store.enrolments.save(other);
    const [mine, others] = [await sealed(store, given), await sealed(store, other)];
    server.tokens = [other.token];
    await idle(start());
    expect([await stateOf(mine), await stateOf(others)]).toEqual(["sealed", "confirmed"]);
  });
});

describe("a killed tab", () => {
  it("in the middle of sending loses nothing and sends the same again", async () => {
    const id = await sealed(store, given);
    server.interfere = ({ method }, answer) => (method === "PUT" ? answer().then(() => new Promise<Response>(() => undefined)) : null);
    start();
    await until(() => server.stories.size === 1);
    expect(await stateOf(id)).toBe("sending");
    running.splice(0); // nobody stops it: it is gone
    server.interfere = () => null;
    const queue = start(await tab(), new FakeLocks());
    await idle(queue);
    expect(await stateOf(id)).toBe("confirmed");
    expect(server.stories.get(id)?.deliveries).toBe(2);
  });
});

describe("a story that cannot be read any more", () => {
  it("stays, and keeps no other back", async () => {
    const [broken, whole] = [await sealed(store, given, "a"), await sealed(store, given, "b")];
    const db = await openDB(name);
    await db.delete("keys", broken);
    db.close();
    const kept = await tab();
    const queue = start(kept);
    await idle(queue);
    expect([await stateOf(broken), await stateOf(whole)]).toEqual(["sealed", "confirmed"]);
    expect(queue.state.undelivered).toBe(1);
  });
});

describe("what makes it try", () => {
  it("is signal coming back, the app coming to the front, or somebody pressing a button", async () => {
    const events = new EventTarget();
    let online = false;
    server.interfere = () => Promise.reject(new TypeError("failed to fetch"));
    const wire = { fetch: server.fetch, now: clock.now, random: () => 0.5, schedule: clock.schedule };
    const queue = startQueue({ store, ...wire, locks, online: () => online, events: [events] });
    running.push(queue);
    await sealed(store, given);
    await idle(queue);
    const tried = () => server.asked.length;
    let before = tried();
    events.dispatchEvent(new Event("offline"));
    expect([queue.state.online, queue.state.busy]).toEqual([false, false]);
    expect(tried()).toBe(before);
    online = true;
    for (const name of ["online", "visibilitychange"]) {
      events.dispatchEvent(new Event(name));
      await until(() => tried() > before);
      await idle(queue);
      before = tried();
    }
    await queue.poke();
    expect(tried()).toBeGreaterThan(before);
    expect(queue.state).toMatchObject({ online: true, problem: "noConnection", undelivered: 1 });
  });

  it("shows in a state that a screen can follow", async () => {
    await sealed(store, given);
    const queue = start();
    const heard: number[] = [];
    const stop = queue.subscribe((state) => heard.push(state.undelivered));
    await idle(queue);
    stop();
    expect([heard.includes(1), heard.at(-1)]).toEqual([true, 0]);
  });
});

describe("two tabs", () => {
  for (const [how, shared] of [["with locks", true], ["without", false]] as const) {
    it(`never send at the same time, ${how}`, async () => {
      const other = await tab();
      for (let i = 0; i < 30; i += 1) await sealed(store, given, `verhaal ${i}`);
      const queues = [start(store, shared ? locks : null), start(other, shared ? locks : null)];
      for (let i = 0; i < 5; i += 1) {
        await Promise.all(queues.map((queue) => queue.poke()));
        await sealed(store, given, `later ${i}`);
      }
      await Promise.all(queues.map((queue) => queue.poke()));
      for (const queue of queues) await idle(queue);
      clock.advance(10_000);
      await until(async () => (await store.undeliveredCount()) === 0);
      expect(server.mostUnderWay).toBe(1);
      expect([...server.stories.values()].every((story) => story.deliveries === 1)).toBe(true);
      expect(server.stories.size).toBe(35);
    });
  }

  it("without locks take over from a killed one after a minute", async () => {
    const id = await sealed(store, given);
    await store.leases.take("duiding-queue", "killed", 60_000);
    const queue = start(store, null);
    await idle(queue);
    expect(await stateOf(id)).toBe("sealed");
    clock.advance(61_000);
    await until(async () => (await stateOf(id)) === "confirmed");
  });
});

describe("what the server is asked besides", () => {
  it("is the package, at the start and each six hours, with its tag", async () => {
    const pack = { ...given.package, framework: { version: 3, document: { schema: 1 } }, wave: null };
    server.package = { ...pack, assignment: { ...pack.assignment, revoked: true } };
    const queue = start();
    await idle(queue);
    const [kept] = await store.enrolments.list();
    expect(kept).toMatchObject({ etag: '"2"', package: { framework: { version: 3 }, wave: { key: "2" }, assignment: { revoked: true } } });
    server.package = null;
    for (let hour = 0; hour < 6; hour += 1) {
      clock.advance(3600_000);
      await idle(queue);
    }
    await until(() => server.of("GET", "package").length === 2);
    await idle(queue);
    expect(server.of("GET", "package").map((each) => each.headers.get("If-None-Match"))).toEqual([null, '"2"']);
    expect((await store.enrolments.list())[0]?.package.framework?.version).toBe(3);
  });

  it("is not believed when it is of another device or no package", async () => {
    for (const wrong of [{ ...given.package, assignment: enrolment().package.assignment }, { ok: true }, []]) {
      server.package = wrong;
      const queue = start();
      await idle(queue);
      expect(queue.state.problem).toBe("notOurServer");
      queue.stop();
      expect((await store.enrolments.list())[0]?.package).toEqual(given.package);
    }
  });

  it("is told how many stories wait here", async () => {
    const [first] = [await sealed(store, given), await sealed(store, given, "goed")];
    server.judge = (id) => (id === first ? problem(400, "invalidInput") : null);
    await idle(start());
    const said = server.of("PUT", "status").map((each) => JSON.parse(new TextDecoder().decode(each.bytes)));
    expect(said.at(-1)).toEqual({
      appVersion: "1.4.0",
      undelivered: 1,
      undeliveredOldestAt: "2026-03-02T10:00:00.000Z",
      storagePersisted: false,
    });
  });

  it("is not told of stories of another project", async () => {
    const other = enrolment();
    other.package.assignment.projectId = crypto.randomUUID();
    await store.enrolments.save(other);
    await sealed(store, other);
    const project = `/v1/projects/${other.package.assignment.projectId}/`;
    server.interfere = ({ path }) => (path.startsWith(project) ? Promise.resolve(problem(503, "unavailable")) : null);
    await idle(start());
    const of = ({ token }: Enrolment) => server.of("PUT", "status").filter((each) => each.token === token);
    const said = of(given).map((each) => JSON.parse(new TextDecoder().decode(each.bytes)));
    expect(said.at(-1)).toEqual({ appVersion: "1.4.0", undelivered: 0, storagePersisted: false });
    expect(await store.undeliveredCount()).toBe(1);
  });

  it("stops when the queue stops", async () => {
    const queue = start();
    await idle(queue);
    queue.stop();
    await sealed(store, given);
    const before = server.asked.length;
    clock.advance(24 * 3600_000);
    await queue.poke();
    expect(server.asked.length).toBe(before);
  });
});
