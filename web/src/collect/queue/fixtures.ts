// For tests of the queue: a server that behaves, or not, and a clock that is turned by hand.

import { createHash } from "node:crypto";

import type { Schedule, Wire } from "./wire";

/** A clock that only moves when it is told to. */
export class Clock {
  ms = Date.parse("2026-03-02T10:00:00Z");
  private timers: { at: number; work: () => void }[] = [];

  now = (): number => this.ms;

  schedule: Schedule = (ms, work) => {
    const timer = { at: this.ms + ms, work };
    this.timers.push(timer);
    return () => {
      this.timers = this.timers.filter((each) => each !== timer);
    };
  };

  /** Moves on, and rings what is due on the way. */
  advance(ms: number): void {
    const end = this.ms + ms;
    for (let next = this.due(end); next; next = this.due(end)) {
      this.ms = Math.max(this.ms, next.at);
      this.timers = this.timers.filter((each) => each !== next);
      next.work();
    }
    this.ms = end;
  }

  private due(end: number) {
    return this.timers.filter((each) => each.at <= end).sort((a, b) => a.at - b.at)[0];
  }
}

/** Waits until something is so. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  const end = performance.now() + 20_000;
  while (!(await condition())) {
    if (performance.now() > end) throw new Error("it never came to be so");
    await new Promise((next) => setImmediate(next));
  }
}

/** Random numbers that are the same each time. */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1664525 + 1013904223) % 4294967296;
    return state / 4294967296;
  };
}

export interface Asked {
  method: string;
  path: string;
  token: string;
  headers: Headers;
  bytes: Uint8Array<ArrayBuffer>;
}

interface File {
  sha256: string;
  bytes: number;
  received: Uint8Array;
  completedAt: string | null;
}

export type Interference = (asked: Asked, answer: () => Promise<Response>) => Promise<Response> | null;

/** JSON as our server answers it. */
export function json(status: number, value: unknown, headers: Record<string, string> = {}): Response {
  return new Response(JSON.stringify(value), { status, headers: { "Content-Type": "application/json", ...headers } });
}

/** A problem as our server answers it. */
export function problem(status: number, code: string, headers: Record<string, string> = {}): Response {
  const body = JSON.stringify({ type: "about:blank", title: "No", status, code, detail: "no" });
  return new Response(body, { status, headers: { "Content-Type": "application/problem+json", ...headers } });
}

/** What a hotel answers to everything. */
export function portal(): Response {
  return new Response("<html>Welcome</html>", { status: 200, headers: { "Content-Type": "text/html" } });
}

/** Stories, recordings and packages, as the server keeps them. */
export class FakeServer {
  stories = new Map<string, { sha256: string; deliveries: number }>();
  files = new Map<string, File>();
  asked: Asked[] = [];
  /** Requests that are being answered. */
  underWay = 0;
  mostUnderWay = 0;
  interfere: Interference = () => null;
  /** What the server says about one story; null to keep it. */
  judge: (id: string) => Response | null = () => null;
  package: unknown = null;
  tokens: string[] | null = null;

  fetch: typeof fetch = async (input, init) => {
    const body = init?.body;
    const bytes = new Uint8Array(await new Response(body).arrayBuffer());
    const headers = new Headers(init?.headers);
    const token = (headers.get("Authorization") ?? "").replace("Bearer ", "");
    const asked: Asked = { method: init?.method ?? "GET", path: String(input), token, headers, bytes };
    if (init?.signal?.aborted) throw new DOMException("stopped", "AbortError");
    this.asked.push(asked);
    this.underWay += 1;
    this.mostUnderWay = Math.max(this.mostUnderWay, this.underWay);
    try {
      const answer = () => this.answer(asked);
      const given = this.interfere(asked, answer) ?? answer();
      return await Promise.race([given, aborted(init?.signal)]);
    } finally {
      this.underWay -= 1;
    }
  };

  /** Requests of a kind, such as `PUT /stories/`. */
  of(method: string, part: string): Asked[] {
    return this.asked.filter((each) => each.method === method && each.path.includes(part));
  }

  private async answer(asked: Asked): Promise<Response> {
    if (this.tokens && !this.tokens.includes(asked.token)) return problem(401, "unauthorised");
    const { path } = asked;
    if (path.endsWith("/package")) return this.package === null ? new Response(null, { status: 304 }) : json(200, this.package, { ETag: '"2"' });
    if (path.endsWith("/status")) return new Response(null, { status: 204 });
    if (path.includes("/attachments/")) return this.attachment(asked);
    if (path.endsWith("/_batch")) return this.batch(asked);
    const id = path.split("/").at(-1) ?? "";
    return this.keep(id, new TextDecoder().decode(asked.bytes));
  }

  private async batch(asked: Asked): Promise<Response> {
    const { stories } = JSON.parse(new TextDecoder().decode(asked.bytes));
    const results = [];
    for (const { id, body } of stories) {
      const answer = this.keep(id, JSON.stringify(body));
      const value = await answer.json();
      results.push(answer.ok ? { status: answer.status, receipt: value } : { status: answer.status, problem: value });
    }
    return json(200, { results });
  }

  /** The canonical body is what a device sends, so its bytes are hashed as they are. */
  private keep(id: string, text: string): Response {
    const judged = this.judge(id);
    if (judged) return judged;
    const sha256 = createHash("sha256").update(text).digest("hex");
    const known = this.stories.get(id);
    if (known && known.sha256 !== sha256) return problem(409, "differentContent");
    this.stories.set(id, { sha256, deliveries: (known?.deliveries ?? 0) + 1 });
    for (const file of JSON.parse(text).attachments ?? []) this.declare(id, file);
    return json(known ? 200 : 201, { id, sha256, receivedAt: "2026-03-02T10:05:00Z", held: [] });
  }

  private declare(story: string, { id, sha256, bytes }: { id: string; sha256: string; bytes: number }): void {
    const key = `${story}/${id}`;
    if (!this.files.has(key)) this.files.set(key, { sha256, bytes, received: new Uint8Array(0), completedAt: null });
  }

  private attachment({ method, path, headers, bytes }: Asked): Response {
    const [story = "", , id = ""] = path.split("/stories/")[1]?.split("/") ?? [];
    const file = this.files.get(`${story}/${id}`);
    if (!file) return problem(404, "notFound");
    const state = () => ({ id, sha256: file.sha256, bytes: file.bytes, mediaType: "audio/webm", receivedBytes: file.received.length, completedAt: file.completedAt });
    if (method === "GET") return json(200, state());
    const [offset, have] = [Number(headers.get("Upload-Offset")), file.received.length];
    if (offset > have) return problem(409, "wrongOffset", { "upload-offset": String(have) });
    if (!file.completedAt && offset + bytes.length > have) file.received = Buffer.concat([file.received.subarray(0, offset), bytes]);
    if (!file.completedAt && file.received.length >= file.bytes) {
      if (createHash("sha256").update(file.received).digest("hex") !== file.sha256) {
        file.received = new Uint8Array(0);
        return problem(409, "wrongHash");
      }
      file.completedAt = "2026-03-02T10:06:00Z";
    }
    return json(200, state());
  }
}

function aborted(signal: AbortSignal | null | undefined): Promise<never> {
  return new Promise((_, fail) => {
    signal?.addEventListener("abort", () => fail(new DOMException("stopped", "AbortError")), { once: true });
  });
}

/** A wire to a fake server. */
export function wireTo(server: FakeServer, clock: Clock): Wire {
  return { fetch: server.fetch, schedule: clock.schedule, now: clock.now };
}
