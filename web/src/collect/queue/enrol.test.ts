// @vitest-environment node
import "fake-indexeddb/auto";

import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { enrolment, failure, ownName } from "../store/fixtures";
import { openStore, type Store } from "../store/store";
import { StorageFull } from "../store/errors";
import { enrol } from "./enrol";
import { Clock, FakeServer, json, portal, problem, wireTo } from "./fixtures";

const given = enrolment();
const { assignment } = given.package;
let [clock, server] = [new Clock(), new FakeServer()];
let store: Store;

beforeEach(async () => {
  [clock, server] = [new Clock(), new FakeServer()];
  store = await openStore(ownName(), { locks: null });
});

afterEach(async () => {
  vi.restoreAllMocks();
  await store.close();
});

function answering(response: () => Response): void {
  server.interfere = ({ path }) => (path.endsWith("_enrol") ? Promise.resolve(response()) : null);
}

const tryCode = () => enrol(store, wireTo(server, clock), "due_1", "1.4.0");

describe("a one-time code", () => {
  it("becomes an enrolment with its package", async () => {
    answering(() => json(201, { token: "dud_1", assignment }));
    server.package = { ...given.package, framework: { version: 2, document: {} } };
    const enrolled = await tryCode();
    expect(enrolled).toMatchObject({ kind: "ok", complete: true, enrolment: { token: "dud_1", etag: '"2"', package: { framework: { version: 2 } } } });
    expect(await store.enrolments.list()).toEqual(enrolled.kind === "ok" ? [enrolled.enrolment] : []);
    const [first, second] = server.asked;
    expect(first?.path).toBe("/v1/devices/_enrol");
    expect(JSON.parse(new TextDecoder().decode(first?.bytes))).toEqual({ code: "due_1", appVersion: "1.4.0" });
    expect([first?.token, second?.token]).toEqual(["", "dud_1"]);
  });

  it("is not lost with the package: the token is kept, and the package comes later", async () => {
    answering(() => json(201, { token: "dud_1", assignment }));
    server.package = "nothing";
    expect(await tryCode()).toMatchObject({ kind: "ok", complete: false });
    expect((await store.enrolments.list())[0]).toMatchObject({ token: "dud_1", package: { framework: null, assignment } });
  });

  it("may be used, wrong, or tried too often", async () => {
    answering(() => problem(410, "gone"));
    expect(await tryCode()).toEqual({ kind: "codeUsed" });
    answering(() => problem(400, "invalidInput"));
    expect(await tryCode()).toEqual({ kind: "codeUsed" });
    answering(() => problem(429, "tooMany", { "Retry-After": "90" }));
    expect(await tryCode()).toEqual({ kind: "tooManyTries", retryAfter: 90 });
    expect(await store.enrolments.list()).toEqual([]);
  });

  it("can be tried again when it was not our server that answered", async () => {
    for (const answer of [portal, () => json(200, { token: "x" }), () => problem(503, "unavailable"), () => new Response("", { status: 410 })]) {
      answering(answer);
      expect(await tryCode()).toEqual({ kind: "noConnection" });
    }
    server.interfere = () => Promise.reject(new TypeError("failed to fetch"));
    expect(await tryCode()).toEqual({ kind: "noConnection" });
  });

  it("tells when there is no room to keep the token", async () => {
    answering(() => json(201, { token: "dud_1", assignment }));
    vi.spyOn(IDBObjectStore.prototype, "put").mockImplementation(() => {
      throw new DOMException("no", "QuotaExceededError");
    });
    expect(await failure(tryCode())).toBeInstanceOf(StorageFull);
  });
});
