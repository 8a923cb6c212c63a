// Who may send, for browsers without Web Locks: one writer over all tabs, by a note in the database that runs out.

import type { Context } from "./context";

/** Takes or renews a lease. */
export interface Leases {
  /** Whether `owner` has the lease from now on, for `ms` milliseconds. */
  take(name: string, owner: string, ms: number): Promise<boolean>;
  /** Gives it back. */
  release(name: string, owner: string): Promise<void>;
}

/** The leases of a store. */
export function leasesOf(context: Context): Leases {
  return {
    take: (name, owner, ms) => take(context, { name, owner, until: context.now() + ms }, ms),
    release: (name, owner) => release(context, name, owner),
  };
}

function take(context: Context, wanted: { name: string; owner: string; until: number }, ms: number): Promise<boolean> {
  return context.db.write(["leases"], async (tx) => {
    const leases = tx.objectStore("leases");
    const held = await leases.get(wanted.name);
    // One that runs longer than any does was made before the clock was set back.
    const running = held !== undefined && held.until > context.now() && held.until <= context.now() + ms;
    if (running && held.owner !== wanted.owner) return false;
    await leases.put(wanted);
    return true;
  });
}

function release(context: Context, name: string, owner: string): Promise<void> {
  return context.db.write(["leases"], async (tx) => {
    const leases = tx.objectStore("leases");
    if ((await leases.get(name))?.owner === owner) await leases.delete(name);
  });
}
