import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Enrolment } from "./model";
import { fetchRecorded, recorded } from "./recorded";

const sound = new TextEncoder().encode("a question, spoken");
const asset = { name: "moment.nl.mp3", sha256: bytesToHex(sha256(sound)), bytes: sound.length, mediaType: "audio/mpeg" };

function enrolment(): Enrolment {
  const assignment = {
    deviceId: "d", projectId: "p", projectTitle: "t", facilitator: "f", wave: "1", perspectives: [], revoked: false,
  };
  const pkg = { assignment, framework: null, wave: { key: "1", ordinal: 1 }, consentTexts: [], forwardKey: null, assets: [asset] };
  return { id: "d", token: "dud_x", package: pkg, etag: null, enrolledAt: "", contactAt: null, unknown: false };
}

beforeEach(() => {
  const kept = new Map<string, Response>();
  const cache = {
    match: async (key: string) => kept.get(key)?.clone(),
    put: async (key: string, value: Response) => void kept.set(key, value),
  };
  vi.stubGlobal("caches", { open: async () => cache });
});

afterEach(() => vi.unstubAllGlobals());

test("a recorded question is fetched once, and played without signal", async () => {
  const ask = vi.fn(async () => new Response(sound));
  await fetchRecorded([enrolment()], ask);
  await fetchRecorded([enrolment()], ask);
  expect(ask).toHaveBeenCalledTimes(1);
  expect(ask).toHaveBeenCalledWith("/v1/projects/p/framework-assets/moment.nl.mp3", { headers: { Authorization: "Bearer dud_x" } });
  const found = await recorded([asset], "moment.nl.mp3");
  expect(found?.size).toBe(sound.length);
  expect(await recorded([asset], "other.mp3")).toBeNull();
});

test("what a portal answers is not kept as a question", async () => {
  await fetchRecorded([enrolment()], async () => new Response("<h1>Free wifi</h1>"));
  expect(await recorded([asset], "moment.nl.mp3")).toBeNull();
});
