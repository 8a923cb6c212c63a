// Delivers what is sealed, whenever there is signal; one tab at a time.

import { latest } from "../latest";
import type { Locks } from "../store/context";
import type { Store } from "../store/store";
import { Backoff } from "./backoff";
import { byLease, byLocks, type Exclusive } from "./exclusive";
import { nextDue, round, type Memory, type Rounded } from "./round";
import type { Schedule, Trouble, Wire } from "./wire";

/** How it stands with delivering. Times are ISO 8601 by this device's clock. */
export interface QueueState {
  online: boolean;
  busy: boolean;
  nextTryAt: string | null;
  lastContactAt: string | null;
  /** Finished stories of which anything is only here. */
  undelivered: number;
  /** What stopped it last; null when nothing did. */
  problem: Trouble | null;
}

/** The queue of this tab. */
export interface Queue {
  readonly state: QueueState;
  /** Calls `listener` with every new state; answers how to stop that. */
  subscribe(listener: (state: QueueState) => void): () => void;
  /** Tries now, unless the server asked to wait. Resolves when there is nothing more to do now. */
  poke(): Promise<void>;
  /** Ends what is under way; nothing is lost by it. */
  stop(): void;
}

/** What the queue needs; all but the store has a default in a browser. */
export interface QueueOptions {
  store: Store;
  fetch?: typeof fetch;
  /** Milliseconds of this device's clock. */
  now?: () => number;
  /** From 0 to 1. */
  random?: () => number;
  schedule?: Schedule;
  locks?: Locks | null;
  online?: () => boolean;
  /** Where `online`, `offline` and `visibilitychange` are heard. */
  events?: EventTarget[];
}

const LONGEST_TIMER_MS = 3600_000;
/** Another tab is sending: this one looks again after so long. */
const OTHER_TAB_MS = 5_000;
const SHORTEST_MS = 250;

/** Starts delivering, at once and from then on. */
export function startQueue(options: QueueOptions): Queue {
  return new Runner(options);
}

class Runner implements Queue {
  state: QueueState;
  private readonly memory: Memory;
  private readonly exclusive: Exclusive;
  private readonly schedule: Schedule;
  private readonly random: () => number;
  private readonly online: () => boolean;
  private readonly listeners = new Set<(state: QueueState) => void>();
  private readonly stopped = new AbortController();
  private running: Promise<void> | null = null;
  private again = false;
  /** The last number that is told is never an old one. Where it cannot be counted, the one that was shown stays. */
  private readonly count = latest(async () => {
    const undelivered = await this.memory.store.undeliveredCount().catch(() => this.state.undelivered);
    this.set({ undelivered });
  });
  private cancelTimer: () => void = () => undefined;

  constructor({ store, ...options }: QueueOptions) {
    const now = options.now ?? Date.now;
    this.schedule = options.schedule ?? byTimeout;
    this.random = options.random ?? Math.random;
    this.online = options.online ?? (() => navigator.onLine);
    const fetched = options.fetch ?? fetch.bind(globalThis);
    const wire: Wire = { fetch: fetched, schedule: this.schedule, now, signal: this.stopped.signal };
    this.memory = { store, wire, backoff: new Backoff(now, this.random), failures: new Map(), refreshedAt: new Map() };
    const locks = options.locks === undefined ? store.locks : options.locks;
    this.exclusive = locks ? byLocks(locks) : byLease(store.leases, this.schedule);
    this.state = { online: this.online(), busy: false, nextTryAt: null, lastContactAt: null, undelivered: 0, problem: null };
    this.listen(options.events ?? ourEvents());
    void this.poke();
  }

  subscribe(listener: (state: QueueState) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  poke(): Promise<void> {
    this.memory.backoff.hurry();
    return this.run();
  }

  stop(): void {
    this.stopped.abort();
    this.cancelTimer();
    this.listeners.clear();
  }

  private listen(targets: EventTarget[]): void {
    const { signal } = this.stopped;
    const hear = (): void => {
      this.set({ online: this.online() });
      if (this.online()) void this.poke();
    };
    for (const target of targets) {
      for (const name of ["online", "offline", "visibilitychange"]) target.addEventListener(name, hear, { signal });
    }
    const unsubscribe = this.memory.store.subscribe(({ story }) => {
      void this.count();
      // A new enrolment, perhaps; what the queue itself changes is seen in its own round.
      if (story === null && !this.running) void this.run();
    });
    signal.addEventListener("abort", unsubscribe);
  }

  /** Rounds until there is nothing to do now; asked again meanwhile, it does one more. */
  private run(): Promise<void> {
    this.again = true;
    this.running ??= this.rounds().finally(() => {
      this.running = null;
    });
    return this.running;
  }

  private async rounds(): Promise<void> {
    this.cancelTimer();
    this.set({ busy: true, online: this.online() });
    while (this.again && !this.stopped.signal.aborted) {
      this.again = false;
      await this.once();
    }
    this.set({ busy: false });
  }

  private async once(): Promise<void> {
    let done: Rounded = { trouble: null, reached: false };
    let free = true;
    try {
      free = await this.exclusive(async () => {
        done = await round(this.memory);
      });
    } catch {
      done = { trouble: "storage", reached: false };
    }
    if (this.stopped.signal.aborted) return;
    if (free) this.noteRound(done);
    await this.count();
    await this.plan(free);
  }

  private noteRound(done: Rounded): void {
    const contact = done.reached ? { lastContactAt: this.iso(this.memory.wire.now()) } : {};
    this.set({ problem: done.trouble, ...contact });
  }

  /** Sets the timer for the next round. */
  private async plan(free: boolean): Promise<void> {
    const now = this.memory.wire.now();
    const jitter = 0.5 + this.random();
    const due = await nextDue(this.memory).catch(() => now + OTHER_TAB_MS);
    if (this.stopped.signal.aborted || due === null) return this.set({ nextTryAt: null });
    const wanted = free ? due - now : Math.max(due - now, OTHER_TAB_MS * jitter);
    const wait = Math.min(LONGEST_TIMER_MS, Math.max(SHORTEST_MS, wanted));
    this.cancelTimer();
    this.cancelTimer = this.schedule(wait, () => void this.run());
    this.set({ nextTryAt: this.iso(now + wait) });
  }

  private set(changed: Partial<QueueState>): void {
    if (this.stopped.signal.aborted) return;
    this.state = { ...this.state, ...changed };
    for (const listener of [...this.listeners]) listener(this.state);
  }

  private iso(ms: number): string {
    return new Date(ms).toISOString();
  }
}

/** Timers of the browser. */
export const byTimeout: Schedule = (ms, work) => {
  const timer = setTimeout(work, ms);
  return () => clearTimeout(timer);
};

function ourEvents(): EventTarget[] {
  return typeof window === "undefined" ? [] : [window, document];
}
