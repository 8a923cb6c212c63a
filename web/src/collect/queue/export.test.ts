// @vitest-environment node
import "fake-indexeddb/auto";

import { createHash } from "node:crypto";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

import type { Enrolment } from "../model";
import { enrolment, noise, ownName, PROJECT, recorded, sealed, storeWith, told } from "../store/fixtures";
import type { Store } from "../store/store";
import { fromBase64Url, INFO, suite, toBase64Url } from "./closing";
import { exportUndelivered, MAX_FILE } from "./export";
import { Clock, FakeServer, json, portal, problem, wireTo } from "./fixtures";
import { forward } from "./forward";

const clock = new Clock();
let given: Enrolment = enrolment();
let pair: CryptoKeyPair;
let store: Store;

beforeEach(async () => {
  const hpke = suite();
  pair = await hpke.kem.generateKeyPair();
  const publicKey = toBase64Url(new Uint8Array(await hpke.kem.serializePublicKey(pair.publicKey)));
  given = enrolment();
  given.package.forwardKey = { id: "key-1", publicKey };
  store = await storeWith(ownName(), given, { now: clock.now });
});

afterEach(() => store.close());

async function open(file: Blob) {
  const bytes = new Uint8Array(await file.arrayBuffer());
  const end = bytes.indexOf(10);
  const header = bytes.slice(0, end);
  const { encapsulated, ...rest } = JSON.parse(new TextDecoder().decode(header));
  const enc = fromBase64Url(encapsulated).buffer;
  const info = new TextEncoder().encode(INFO).buffer;
  const recipient = await suite().createRecipientContext({ recipientKey: pair.privateKey, enc, info });
  const plain = new Uint8Array(await recipient.open(bytes.slice(end + 1).buffer, header.buffer));
  const line = plain.indexOf(10);
  return { header: rest, told: JSON.parse(new TextDecoder().decode(plain.slice(0, line))), files: plain.slice(line + 1) };
}

/** The store, where something happens just before this recording is read. */
function reading(recording: string, before: () => Promise<void>): Store {
  async function* read(...[story, id, from]: Parameters<Store["readRecording"]>) {
    if (id === recording) await before();
    yield* store.readRecording(story, id, from);
  }
  return { ...store, readRecording: read };
}

const PROBLEM = { type: "about:blank", title: "No", status: 400, code: "invalidInput", detail: "no" };

describe("a file of undelivered stories", () => {
  it("opens with the key of the project, and has the bodies as they are and the recordings", async () => {
    const { id } = await told(store, given, "mét klank");
    const recordings = [await recorded(store, id, [400, 300]), await recorded(store, id, [200])];
    await store.seal(id);
    const plain = await sealed(store, given, "zonder klank");
    const { files, left, tooLarge } = await exportUndelivered(store, clock.now);
    expect([files.length, left, tooLarge]).toEqual([1, [], []]);
    const { header, told: said, files: sound } = await open(files[0]?.file ?? new Blob());
    expect(header).toEqual({ format: "duiding-undelivered", version: 1, project: PROJECT, key: "key-1" });
    expect([said.token, said.madeAt]).toEqual([given.token, "2026-03-02T10:00:00.000Z"]);
    expect(said.stories.map((each: { id: string }) => each.id).sort()).toEqual([id, plain].sort());
    const spoken = said.stories.find((each: { id: string }) => each.id === id);
    const order = spoken.body.attachments.map((each: { id: string }) => each.id);
    expect(order.toSorted()).toEqual(recordings.toSorted());
    expect(spoken.body.text).toBe("mét klank");
    for (const { id: file, offset, bytes } of spoken.attachments) {
      const declared = spoken.body.attachments.find((each: { id: string }) => each.id === file);
      const hash = createHash("sha256").update(sound.slice(offset, offset + bytes)).digest("hex");
      expect([bytes, hash]).toEqual([declared.bytes, declared.sha256]);
    }
  });

  it("shows nothing of a story to who has only the file, and does not open when its first line was changed", async () => {
    await sealed(store, given, "geheim verhaal");
    const [exported] = (await exportUndelivered(store, clock.now)).files;
    const text = await (exported?.file ?? new Blob()).text();
    expect(text.split("\n")[0]).toMatch(/^\{"format":"duiding-undelivered","version":1,"project":"[^"]+","key":"key-1","encapsulated":"[\w-]{87}"\}$/);
    expect(text).not.toContain("geheim");
    const bytes = new Uint8Array(await (exported?.file ?? new Blob()).arrayBuffer());
    const changed = new TextEncoder().encode(new TextDecoder("latin1").decode(bytes.slice(0, 200)).replace("key-1", "key-2"));
    await expect(open(new Blob([changed, bytes.slice(200)]))).rejects.toThrow();
  });

  it("has refused and half delivered stories, and no drafts, delivered or withdrawn ones", async () => {
    const { delivery } = store;
    await told(store, given, "concept");
    const ids = [await sealed(store, given, "a"), await sealed(store, given, "b"), await sealed(store, given, "c"), await sealed(store, given, "d")];
    const [refused = "", stored = "", confirmed = "", withdrawn = ""] = ids;
    await delivery.sending(ids);
    await delivery.reject(refused, PROBLEM);
    for (const id of [stored, confirmed]) {
      const { sha256 } = await delivery.sealedStory(id);
      await delivery.stored(id, { id, sha256, receivedAt: "2026-03-02T10:05:00Z", held: [] });
    }
    await delivery.confirm(confirmed);
    await delivery.withdrawn(withdrawn, { ...PROBLEM, status: 410, code: "gone" });
    const { files, left } = await exportUndelivered(store, clock.now);
    expect(files.flatMap((file) => file.stories).sort()).toEqual([refused, stored].sort());
    expect(left).toEqual([]);
  });

  it("is never larger than may be: a story with many recordings is in several", async () => {
    const { id } = await told(store, given);
    for (let i = 0; i < 4; i += 1) await recorded(store, id, [4000]);
    const large = await recorded(store, id, [20_000]);
    await store.seal(id);
    const { files, tooLarge } = await exportUndelivered(store, clock.now, 15_000);
    expect(files.every(({ file }) => file.size <= 15_000)).toBe(true);
    const parts = await Promise.all(files.map(({ file }) => open(file)));
    const sent = parts.flatMap((part) => part.told.stories.flatMap((each: { attachments: unknown[] }) => each.attachments));
    expect([files.length, sent.length]).toEqual([2, 4]);
    expect(tooLarge).toEqual([{ story: id, recording: large }]);
    expect(MAX_FILE).toBe(48 * 1024 * 1024);
  });

  it("has all but a recording that cannot be read, and says so", async () => {
    const { id } = await told(store, given, "mét klank");
    const [bad, good] = [await recorded(store, id, [400, 300]), await recorded(store, id, [200])];
    await store.seal(id);
    const plain = await sealed(store, given, "zonder klank");
    const { files, left } = await exportUndelivered(reading(bad, () => Promise.reject(new Error("damaged"))), clock.now);
    expect([files.length, left]).toEqual([1, [{ story: id, why: "unreadable" }]]);
    const { told: said, files: sound } = await open(files[0]?.file ?? new Blob());
    expect(said.stories.map((each: { id: string }) => each.id).sort()).toEqual([id, plain].sort());
    const spoken = said.stories.find((each: { id: string }) => each.id === id);
    expect([spoken.attachments, sound.length]).toEqual([[{ id: good, offset: 0, bytes: 200 }], 200]);
  });

  it("is made without a story that arrives and is wiped while it is made", async () => {
    const { delivery } = store;
    const { id } = await told(store, given);
    const recording = await recorded(store, id, [400]);
    await store.seal(id);
    const { sha256 } = await delivery.sealedStory(id);
    const arrives = async (): Promise<void> => {
      await delivery.sending([id]);
      await delivery.stored(id, { id, sha256, receivedAt: "2026-03-02T10:05:00Z", held: [] });
      await delivery.confirm(id);
      await store.wipe(id);
    };
    const plain = await sealed(store, given, "zonder klank");
    const { files, left } = await exportUndelivered(reading(recording, arrives), clock.now);
    expect([files.map((file) => file.stories), left]).toEqual([[[plain]], []]);
    const { told: said } = await open(files[0]?.file ?? new Blob());
    expect(said.stories.map((each: { id: string }) => each.id)).toEqual([plain]);
  });

  it("is not made without a key, and says which stories are in none", async () => {
    await store.enrolments.update(given.id, { package: { ...given.package, forwardKey: null } });
    const id = await sealed(store, given);
    expect(await exportUndelivered(store, clock.now)).toEqual({ files: [], left: [{ story: id, why: "noKey" }], tooLarge: [] });
  });
});

describe("handing such a file to the server", () => {
  const server = new FakeServer();
  const file = new Blob([noise(100, 1)]);
  const send = () => forward(file, given, wireTo(server, clock), store);

  it("marks the stories of this device that the server echoes with our hash", async () => {
    const [mine, other] = [await sealed(store, given, "a"), crypto.randomUUID()];
    const wrong = await sealed(store, given, "b");
    const { sha256 } = await store.delivery.sealedStory(mine);
    const receivedAt = "2026-03-02T10:05:00Z";
    const results = [
      { id: mine, status: 201, receipt: { id: mine, sha256, receivedAt, held: [] } },
      { id: other, status: 201, receipt: { id: other, sha256: "1".repeat(64), receivedAt, held: [] } },
      { id: wrong, status: 201, receipt: { id: wrong, sha256: "2".repeat(64), receivedAt, held: [] } },
      { status: 400, problem: PROBLEM },
    ];
    server.interfere = () => Promise.resolve(json(200, { results }));
    const sent = await send();
    expect(sent).toEqual({ kind: "ok", taken: [mine, other, wrong], refused: [{ problem: PROBLEM }], marked: [mine] });
    const states = new Map((await store.items()).map((item) => [item.id, item.state]));
    expect([states.get(mine), states.get(wrong)]).toEqual(["stored", "sealed"]);
    const asked = server.asked.at(-1);
    expect([asked?.path, asked?.headers.get("Content-Type")]).toEqual([
      `/v1/projects/${PROJECT}/stories/_forward`,
      "application/vnd.duiding.undelivered",
    ]);
    expect(asked?.bytes).toEqual(noise(100, 1));
  });

  it("says why recordings of a story that arrived were refused", async () => {
    const id = crypto.randomUUID();
    const wrongHash = { ...PROBLEM, status: 409, code: "wrongHash" };
    const whole = { id: crypto.randomUUID(), state: { completedAt: "2026-03-02T10:05:00Z" }, problem: null };
    const attachments = [whole, { id: crypto.randomUUID(), state: null, problem: wrongHash }, "no answer"];
    const receipt = { id, sha256: "1".repeat(64), receivedAt: "2026-03-02T10:05:00Z", held: [] };
    server.interfere = () => Promise.resolve(json(200, { results: [{ status: 201, receipt, problem: null, attachments }] }));
    expect(await send()).toEqual({ kind: "ok", taken: [id], refused: [{ problem: wrongHash }], marked: [] });
  });

  it("is refused for good, or to be tried later", async () => {
    server.interfere = () => Promise.resolve(problem(400, "wrongKey"));
    expect(await send()).toMatchObject({ kind: "refused", problem: { code: "wrongKey" } });
    server.interfere = () => Promise.resolve(portal());
    expect(await send()).toEqual({ kind: "later", why: "noConnection", retryAfter: null });
    server.interfere = () => Promise.resolve(problem(503, "unavailable", { "Retry-After": "7" }));
    expect(await send()).toEqual({ kind: "later", why: "tooBusy", retryAfter: 7 });
    server.interfere = () => Promise.resolve(problem(401, "unauthorised"));
    expect(await send()).toEqual({ kind: "later", why: "unknownDevice", retryAfter: null });
  });
});
