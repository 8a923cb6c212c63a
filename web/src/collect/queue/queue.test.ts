// @vitest-environment node
import "fake-indexeddb/auto";

import { afterEach, beforeEach, describe, expect, it } from "vitest";

import type { Enrolment, StoryState } from "../model";
import { enrolment, FakeLocks, ownName, PROJECT, recorded, sealed, storeWith, told } from "../store/fixtures";
import type { Locks } from "../store/context";
import type { Store } from "../store/store";
import { Clock, FakeServer, json, portal, problem, until } from "./fixtures";
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

const idle = (queue: Queue) => until(() => !queue.state.busy);
const item = async (id: string) => (await store.items()).find((each) => each.id === id);
const stateOf = async (id: string): Promise<StoryState | undefined> => (await item(id))?.state;

describe("a story without recordings", () => {
  it("is delivered, echoed, confirmed and wiped", async () => {
    const id = await sealed(store, given);
    const queue = start();
    await idle(queue);
    expect(await item(id)).toMatchObject({ state: "confirmed", about: "", receivedAt: "2026-03-02T10:05:00Z" });
    expect(server.of("PUT", `/v1/projects/${PROJECT}/stories/${id}`)).toHaveLength(1);
    expect(server.asked[0]?.token).toBe(given.token);
    expect(queue.state).toMatchObject({ busy: false, undelivered: 0, problem: null, lastContactAt: "2026-03-02T10:00:00.000Z" });
  });

  it("goes through every state on the way, as each tab can see", async () => {
    const { id } = await told(store, given);
    await recorded(store, id, [100]);
    const seen: (StoryState | undefined)[] = [];
    server.interfere = (asked, answer) => {
      if (!asked.path.includes(id)) return null;
      return (async () => {
        seen.push(await stateOf(id));
        return answer();
      })();
    };
    await store.seal(id);
    seen.push(await stateOf(id));
    await idle(start());
    expect([...seen, await stateOf(id)]).toEqual(["sealed", "sending", "attachments", "attachments", "confirmed"]);
  });

  it("goes with others in batches of twenty", async () => {
    for (let i = 0; i < 45; i += 1) await sealed(store, given, `verhaal ${i}`);
    await idle(start());
    const sizes = server.of("POST", "_batch").map((each) => JSON.parse(new TextDecoder().decode(each.bytes)).stories.length);
    expect(sizes).toEqual([20, 20, 5]);
    expect(await store.undeliveredCount()).toBe(0);
  });

  it("goes in smaller batches when stories are long", async () => {
    for (let i = 0; i < 5; i += 1) await sealed(store, given, "a".repeat(400_000));
    await idle(start());
    expect(server.asked.every((each) => each.bytes.length < 1.1e6)).toBe(true);
    expect(await store.undeliveredCount()).toBe(0);
  });
});

describe("an answer that does not settle anything", () => {
  const cases: Record<string, () => Response | Promise<Response>> = {
    "a captive portal": portal,
    "JSON that is not ours": () => json(200, { ok: true }),
    "another story's echo": () => json(201, { id: crypto.randomUUID(), sha256: "0".repeat(64), receivedAt: "x", held: [] }),
    "nobody": () => Promise.reject(new TypeError("failed to fetch")),
    "a busy server": () => problem(503, "unavailable"),
    "a server that asks to wait": () => problem(429, "tooMany", { "Retry-After": "120" }),
    "a proxy's 400": () => new Response("bad", { status: 400 }),
    "a proxy's 410": () => new Response("gone", { status: 410, headers: { "Content-Type": "text/html" } }),
    "a proxy's 413": () => new Response("too large", { status: 413 }),
    "a redirect": () => new Response(null, { status: 302, headers: { Location: "https://elsewhere.example/" } }),
    "a refusal of ours that heals": () => problem(403, "forbidden"),
    "not found": () => problem(404, "notFound"),
    "a body that came too slowly": () => problem(408, "tooSlow"),
    "an unknown device": () => problem(401, "unauthorised"),
    "an empty answer": () => new Response(null, { status: 204 }),
  };

  for (const [what, answer] of Object.entries(cases)) {
    it(`keeps the story sealed, and delivers it later: ${what}`, async () => {
      const id = await sealed(store, given);
      server.interfere = () => Promise.resolve(answer());
      const queue = start();
      await idle(queue);
      expect(await stateOf(id)).toBe("sealed");
      expect(queue.state.problem).not.toBeNull();
      expect(queue.state.undelivered).toBe(1);
      server.interfere = () => null;
      clock.advance(3600_000);
      await until(async () => (await stateOf(id)) === "confirmed");
      expect(server.stories.size).toBe(1);
    });
  }

  it("is waited out longer and longer, with a limit", async () => {
    await sealed(store, given);
    server.interfere = () => Promise.reject(new TypeError("failed to fetch"));
    const queue = start();
    const waits: number[] = [];
    for (let i = 0; i < 12; i += 1) {
      await idle(queue);
      const wait = Date.parse(queue.state.nextTryAt ?? "") - clock.now();
      waits.push(wait / 1000);
      clock.advance(wait);
    }
    expect(waits).toEqual([2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900]);
  });

  it("is waited out as long as the server asks, whoever is in a hurry", async () => {
    await sealed(store, given);
    server.interfere = () => Promise.resolve(problem(503, "unavailable", { "Retry-After": "300" }));
    const queue = start();
    await idle(queue);
    const before = server.asked.length;
    await queue.poke();
    expect(server.asked.length).toBe(before);
    server.interfere = () => null;
    clock.advance(300_000);
    await until(() => server.stories.size === 1);
  });

  it("is given up on after half a minute", async () => {
    const id = await sealed(store, given);
    server.interfere = () => new Promise<Response>(() => undefined);
    const queue = start();
    await until(() => server.underWay === 1);
    clock.advance(29_000);
    expect(queue.state.busy).toBe(true);
    clock.advance(3_000);
    await idle(queue);
    expect(await stateOf(id)).toBe("sealed");
    expect(queue.state.problem).toBe("noConnection");
  });
});

describe("a refusal that cannot heal", () => {
  for (const [status, code] of [[400, "invalidInput"], [409, "differentContent"], [413, "tooLarge"], [415, "wrongType"], [422, "unprocessable"]] as const) {
    it(`is shown with its reason, and the story kept: ${status} ${code}`, async () => {
      const id = await sealed(store, given);
      server.judge = () => problem(status, code);
      const queue = start();
      await idle(queue);
      expect(await item(id)).toMatchObject({ state: "rejected", problem: { status, code } });
      expect((await store.delivery.sealedStory(id)).canonical).toContain("zelf de bus");
      clock.advance(24 * 3600_000);
      await idle(queue);
      expect(server.of("PUT", id)).toHaveLength(1);
      expect(queue.state.undelivered).toBe(1);
    });
  }

  it("wipes a story that was withdrawn", async () => {
    const id = await sealed(store, given);
    server.judge = () => problem(410, "gone");
    await idle(start());
    expect(await item(id)).toMatchObject({ state: "rejected", problem: { code: "gone" }, about: "" });
    await expect(store.delivery.sealedStory(id)).rejects.toThrow();
    expect(await store.undeliveredCount()).toBe(0);
  });

  it("of one story in a batch does not keep back the others", async () => {
    const ids: string[] = [];
    for (let i = 0; i < 6; i += 1) ids.push(await sealed(store, given, `verhaal ${i}`));
    server.judge = (id) => (id === ids[2] ? problem(400, "invalidInput") : null);
    await idle(start());
    const states = await Promise.all(ids.map(stateOf));
    expect(states).toEqual(["confirmed", "confirmed", "rejected", "confirmed", "confirmed", "confirmed"]);
  });

  it("of a whole batch is split until the bad story is alone", async () => {
    const ids: string[] = [];
    for (let i = 0; i < 9; i += 1) ids.push(await sealed(store, given, `verhaal ${i}`));
    const bad = ids[5] ?? "";
    server.interfere = ({ bytes, path }) => {
      const has = path.includes(bad) || new TextDecoder().decode(bytes).includes(bad);
      return has && path.includes("/stories/") ? Promise.resolve(problem(400, "invalidJson")) : null;
    };
    await idle(start());
    expect(await stateOf(bad)).toBe("rejected");
    expect(server.stories.size).toBe(8);
  });

  it("is not what a story is that the server stumbles over: the others pass it", async () => {
    const ids: string[] = [];
    for (let i = 0; i < 5; i += 1) ids.push(await sealed(store, given, `verhaal ${i}`));
    const bad = ids[0] ?? "";
    server.interfere = ({ bytes, path }) => {
      const has = path.includes(bad) || new TextDecoder().decode(bytes).includes(bad);
      return has ? Promise.resolve(problem(500, "internal")) : null;
    };
    const queue = start();
    for (let i = 0; i < 12 && server.stories.size < 4; i += 1) {
      await idle(queue);
      clock.advance(900_000);
    }
    await until(() => server.stories.size === 4);
    await idle(queue);
    expect(await stateOf(bad)).toBe("sealed");
  });
});
