// Hears what changes in a workshop for as long as somebody looks at it, and connects again when the line breaks.

import { Failure } from "../failure";
import { type StreamEvent, EventParser } from "./event-stream";

/** What a listener is told. */
export interface Heard {
  /** Something changed: the board is to be read again. */
  onchange(): void;
  /** So many people look at it. */
  onpresent(count: number): void;
  /** Whether the line is there. */
  online(isOn: boolean): void;
  /** It ended for good: the workshop is gone, or it is not for this reader. */
  onend(failure: Failure): void;
}

/** How a stream is begun; the id is that of the last event that was heard. */
export type Begin = (lastId: string | null, signal: AbortSignal) => Promise<Response>;

const SILENCE = 40_000;
const FOR_GOOD = [401, 403, 404, 410];

/** Milliseconds to wait before trying for the nth time (from 0): longer each time, and not all tablets at once. */
export function backOff(attempt: number, random: () => number = Math.random): number {
  const most = Math.min(30_000, 1000 * 2 ** attempt);
  return most / 2 + (random() * most) / 2;
}

/** Listens until what it returns is called. */
export function listen(begin: Begin, heard: Heard): () => void {
  const abort = new AbortController();
  void run(begin, heard, abort.signal);
  return () => abort.abort();
}

async function run(begin: Begin, heard: Heard, signal: AbortSignal): Promise<void> {
  const parser = { lastId: null as string | null };
  for (let attempt = 0; !signal.aborted; attempt += 1) {
    try {
      const isHeard = await hear(begin, heard, parser, signal);
      if (isHeard) attempt = -1;
    } catch (cause) {
      if (signal.aborted) return;
      if (cause instanceof Failure && FOR_GOOD.includes(cause.status)) return heard.onend(cause);
      const wait = cause instanceof Failure && cause.retryAfter !== null ? cause.retryAfter * 1000 : 0;
      heard.online(false);
      await pause(Math.max(wait, backOff(attempt)), signal);
      continue;
    }
    heard.online(false);
    await pause(backOff(0), signal);
  }
}

/** One connection until it ends; whether anything was heard on it. */
async function hear(begin: Begin, heard: Heard, last: { lastId: string | null }, signal: AbortSignal): Promise<boolean> {
  const abort = new AbortController();
  const stop = () => abort.abort();
  signal.addEventListener("abort", stop);
  let silence: ReturnType<typeof setTimeout> | undefined;
  const wake = () => {
    clearTimeout(silence);
    silence = setTimeout(stop, SILENCE);
  };
  try {
    wake();
    const response = await begin(last.lastId, abort.signal);
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    if (!reader) return false;
    heard.online(true);
    const parser = new EventParser();
    for (let read = await reader.read(); !read.done; read = await reader.read()) {
      wake();
      for (const event of parser.push(read.value)) tell(event, heard);
      last.lastId = parser.lastId ?? last.lastId;
    }
    return true;
  } finally {
    clearTimeout(silence);
    signal.removeEventListener("abort", stop);
  }
}

function tell({ event, data }: StreamEvent, heard: Heard): void {
  if (event === "change") heard.onchange();
  if (event !== "present") return;
  const said: unknown = JSON.parse(data);
  if (typeof said === "object" && said !== null && "present" in said && typeof said.present === "number") heard.onpresent(said.present);
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener("abort", done, { once: true });
  });
}
