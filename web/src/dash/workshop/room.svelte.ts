// A workshop that is open on this screen: its board, kept up to date, and what is done on it.

import { Failure, failureOf } from "../failure";
import { session } from "../session.svelte";
import * as api from "./api";
import { Drafts } from "./drafts.svelte";
import { listen } from "./live";
import { offsetOf } from "./timer";

/** One workshop. */
export class Room {
  readonly id: string;
  readonly drafts: Drafts;
  board = $state.raw<api.Board | null>(null);
  failure = $state.raw<Failure | null>(null);
  /** People who look at it; null when not known. */
  present = $state<number | null>(null);
  isOnline = $state(true);
  /** What this device's clock is behind the server's, in milliseconds. */
  offset = $state(0);
  #etag: string | null = null;
  #reading: Promise<void> | null = null;
  #isAgain = false;
  readonly #abort = new AbortController();

  constructor(id: string) {
    this.id = id;
    this.drafts = new Drafts(`${session.me?.id ?? ""}.${id}`, storage());
  }

  /** Reads the board and listens; returns what ends it. */
  open(): () => void {
    void this.refresh();
    const stop = listen((lastId, signal) => api.events(this.id, lastId, signal), {
      onchange: () => void this.refresh(),
      onpresent: (count) => (this.present = count),
      online: (isOn) => {
        // What changed while the line was away is not told again.
        if (isOn && !this.isOnline) void this.refresh();
        this.isOnline = isOn;
      },
      onend: (failure) => (this.failure = failure),
    });
    return () => {
      stop();
      this.#abort.abort();
    };
  }

  /** Whether anything may be written. */
  get isOpen(): boolean {
    return this.board?.workshop.state === "open";
  }

  /** Whether a place to write is shown: a text that was not sent stays in sight when the workshop is closed. */
  canWriteAt(place: string): boolean {
    return this.isOpen || this.hasDraftAt(place);
  }

  /** Whether something is being written there. */
  hasDraftAt(place: string): boolean {
    return (this.drafts.at(place)?.text.trim() ?? "") !== "";
  }

  /** Reads the board again. Who asks while it is being read is answered by one more reading. */
  refresh(): Promise<void> {
    if (this.#reading) {
      this.#isAgain = true;
      return this.#reading;
    }
    this.#reading = this.#read().finally(() => {
      this.#reading = null;
      if (!this.#isAgain) return;
      this.#isAgain = false;
      void this.refresh();
    });
    return this.#reading;
  }

  async #read(): Promise<void> {
    try {
      const found = await api.board(this.id, this.#etag, this.#abort.signal);
      this.failure = null;
      if (found === null) return;
      // An answer that was overtaken does not bring back what was.
      if (this.board && found.data.change < this.board.change) return;
      this.#etag = found.etag;
      if (found.at !== null) this.offset = offsetOf(found.at, Date.now());
      this.board = found.data;
    } catch (cause) {
      if (!this.#abort.signal.aborted) this.failure = failureOf(cause);
    }
  }

  /** Does something and reads the board again. Errors: `Failure`. */
  async act<T>(done: Promise<T>): Promise<T> {
    try {
      return await done;
    } finally {
      await this.refresh();
    }
  }
}

function storage(): Storage | null {
  try {
    return sessionStorage;
  } catch {
    return null;
  }
}
