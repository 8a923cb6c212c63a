// @vitest-environment node
import "fake-indexeddb/auto";

import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";

import { enrolment, FakeLocks, noise, ownName, storeWith, told } from "../store/fixtures";
import { openStore, type Store } from "../store/store";
import { Clock, FakeServer, json, portal, problem, seeded, until, type Interference } from "./fixtures";
import { startQueue } from "./queue";

/** A network and a server that fail in every way that we know of. */
function chaos(random: () => number): Interference {
  return (_, answer) => {
    const roll = random();
    if (roll < 0.1) return Promise.reject(new TypeError("no network"));
    if (roll < 0.2) return answer().then(() => Promise.reject(new TypeError("cut after it was stored")));
    if (roll < 0.26) return Promise.resolve(portal());
    if (roll < 0.3) return answer().then(() => portal());
    if (roll < 0.36) return Promise.resolve(problem(503, "unavailable", { "Retry-After": "3" }));
    if (roll < 0.4) return answer().then(() => problem(500, "internal"));
    if (roll < 0.44) return Promise.resolve(json(200, { id: "x", results: [] }));
    if (roll < 0.48) return answer().then(answer); // it comes twice
    if (roll < 0.52) return answer().then((it) => new Response(it.body, { status: 502 }));
    return null;
  };
}

async function tell(store: Store, given: ReturnType<typeof enrolment>, count: number): Promise<Map<string, string>> {
  const hashes = new Map<string, string>();
  for (let i = 0; i < count; i += 1) {
    const { id } = await told(store, given, `verhaal ${i}`);
    if (i % 5 === 0) {
      const { id: recording } = await store.startRecording(id, "audio/mp4");
      for (const index of [0, 1, 2]) await store.appendChunk(id, recording, index, noise(500_000, i + index));
      await store.finishRecording(id, recording);
    }
    await store.seal(id);
    hashes.set(id, (await store.delivery.sealedStory(id)).sha256);
  }
  return hashes;
}

describe("a hundred stories over a network that fails in every way", () => {
  for (const seed of [1, 20260302]) {
    it(`arrive whole, each exactly once, while tabs are killed (seed ${seed})`, { timeout: 120_000 }, async () => {
      const [clock, server, name, given, random] = [new Clock(), new FakeServer(), ownName(), enrolment(), seeded(seed)];
      let store = await storeWith(name, given, { now: clock.now });
      const hashes = await tell(store, given, 100);
      server.interfere = chaos(random);
      let queue = startQueue(options());

      function options() {
        const wire = { fetch: server.fetch, now: clock.now, random, schedule: clock.schedule };
        return { store, ...wire, locks: new FakeLocks(), online: () => true, events: [] };
      }

      for (let rounds = 0; (await store.undeliveredCount()) > 0; rounds += 1) {
        expect(rounds).toBeLessThan(1000);
        await until(() => !queue.state.busy);
        if (random() < 0.2) {
          queue.stop();
          await store.close();
          store = await openStore(name, { locks: null, now: clock.now });
          queue = startQueue(options());
        }
        clock.advance(900_000);
      }
      await until(() => !queue.state.busy);
      queue.stop();
      expect(new Map([...server.stories].map(([id, story]) => [id, story.sha256]))).toEqual(hashes);
      expect((await store.items()).map((item) => item.state)).toEqual(Array(100).fill("confirmed"));
      expect(server.files.size).toBe(20);
      for (const file of server.files.values()) {
        expect(createHash("sha256").update(file.received).digest("hex")).toBe(file.sha256);
      }
      await store.close();
    });
  }
});
