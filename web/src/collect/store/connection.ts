// One open database, opened again when the browser closes it under us, as phones do with a tab in the background.

import { openDB, type IDBPTransaction, type StoreNames } from "idb";

import { NoStorage, nameOf, StoreError, typedError } from "./errors";
import { STEPS, type Database, type Schema, type Step } from "./schema";

type Names = StoreNames<Schema>[];
type Mode = "readonly" | "readwrite";
export type Transaction<M extends Mode> = IDBPTransaction<Schema, Names, M>;

/** Names of errors after which a fresh connection may well do it: the old one was closed. */
const CLOSED = ["InvalidStateError", "UnknownError"];

export class Connection {
  private opened: Promise<Database> | null = null;

  constructor(
    private readonly name: string,
    private readonly steps: readonly Step[] = STEPS,
  ) {}

  /** Runs `work` in a transaction that only reads. */
  read<T>(stores: Names, work: (tx: Transaction<"readonly">) => Promise<T>): Promise<T> {
    return this.retried((db) => inTransaction(db.transaction(stores, "readonly"), work));
  }

  /**
   * Runs `work` in a transaction that writes, and resolves when all of it is on the disk. When `work` throws, nothing of it
   * is. May run `work` twice: it must come to the same. Errors: `StorageFull`, `NewerVersion`, what `work` throws.
   */
  write<T>(stores: Names, work: (tx: Transaction<"readwrite">) => Promise<T>): Promise<T> {
    return this.retried((db) => inTransaction(db.transaction(stores, "readwrite", { durability: "strict" }), work));
  }

  /** Closes the database; the next use opens it again. */
  async close(): Promise<void> {
    const opened = this.opened;
    this.opened = null;
    (await opened?.catch(() => null))?.close();
  }

  private async retried<T>(attempt: (db: Database) => Promise<T>): Promise<T> {
    const first = this.open();
    try {
      return await attempt(await first);
    } catch (cause) {
      // An aborted transaction says why only by the connection being gone meanwhile.
      const closed = CLOSED.includes(nameOf(cause)) || (nameOf(cause) === "AbortError" && this.opened !== first);
      if (cause instanceof StoreError || !closed) throw typedError(cause);
      if (this.opened === first) await this.close();
    }
    try {
      return await attempt(await this.open());
    } catch (cause) {
      throw typedError(cause);
    }
  }

  private open(): Promise<Database> {
    this.opened ??= this.connect();
    return this.opened;
  }

  private async connect(): Promise<Database> {
    if (typeof indexedDB === "undefined") throw new NoStorage("this browser has no IndexedDB");
    const forget = (): void => {
      this.opened = null;
    };
    try {
      return await openDB<Schema>(this.name, this.steps.length, {
        upgrade: (db, from, _to, tx) => upgrade(this.steps, db, from, tx),
        // A newer version of the app waits in another tab: it may not wait for us.
        blocking: () => void this.close(),
        terminated: forget,
      });
    } catch (cause) {
      forget();
      throw cause;
    }
  }
}

async function upgrade(steps: readonly Step[], db: Database, from: number, tx: Parameters<Step>[1]): Promise<void> {
  for (const step of steps.slice(from)) await step(db, tx);
}

async function inTransaction<T, M extends Mode>(tx: Transaction<M>, work: (tx: Transaction<M>) => Promise<T>): Promise<T> {
  const done = tx.done;
  // Heard below; until then nobody listens.
  done.catch(() => undefined);
  try {
    const result = await work(tx);
    await done;
    return result;
  } catch (cause) {
    abort(tx);
    throw tx.error ?? cause;
  }
}

function abort(tx: { abort: () => void }): void {
  try {
    tx.abort();
  } catch {
    // It is over already.
  }
}
