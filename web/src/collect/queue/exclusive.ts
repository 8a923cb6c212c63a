// One writer over all tabs.

import type { Locks } from "../store/context";
import type { Leases } from "../store/lease";
import type { Schedule } from "./wire";

/** Does `work` unless another tab is doing such; whether it was done. */
export type Exclusive = (work: () => Promise<void>) => Promise<boolean>;

const NAME = "duiding-queue";
const LEASE_MS = 60_000;
const RENEW_MS = 15_000;

/** By Web Locks: the browser frees them when a tab dies. */
export function byLocks(locks: Locks): Exclusive {
  return async (work) =>
    await locks.request(NAME, { ifAvailable: true }, async (lock) => {
      if (lock) await work();
      return lock !== null;
    });
}

/**
 * By a lease in the database, for browsers without Web Locks: that of a dead tab runs out after a minute. Two tabs could
 * send at once when one slept longer than that; then a story is sent twice, which the server acknowledges twice.
 */
export function byLease(leases: Leases, schedule: Schedule): Exclusive {
  const owner = crypto.randomUUID();
  return async (work) => {
    if (!(await leases.take(NAME, owner, LEASE_MS))) return false;
    const stop = repeatedly(schedule, RENEW_MS, () => leases.take(NAME, owner, LEASE_MS));
    try {
      await work();
    } finally {
      stop();
      await leases.release(NAME, owner);
    }
    return true;
  };
}

function repeatedly(schedule: Schedule, ms: number, work: () => Promise<unknown>): () => void {
  let stopped = false;
  let cancel: () => void = () => undefined;
  const next = (): void => {
    if (!stopped) cancel = schedule(ms, () => void work().then(next, next));
  };
  next();
  return () => {
    stopped = true;
    cancel();
  };
}
