// What all parts of the store share: the database, the keys, the clock, and who is told of changes.

import type { Changes } from "./changes";
import type { Connection, Transaction } from "./connection";
import { newKey } from "./crypt";
import { NotFound, Unreadable } from "./errors";
import { DEVICE_KEY, type StoryRow } from "./schema";

/** Web Locks, as far as they are used here. */
export type Locks = Pick<LockManager, "request">;

export interface Context {
  db: Connection;
  changes: Changes;
  keys: Keys;
  /** Milliseconds of this device's clock. */
  now: () => number;
  /** Version of the app, for the stories it makes. */
  appVersion: string;
  locks: Locks | null;
}

/** The keys, as they were read from the database. */
export class Keys {
  private readonly known = new Map<string, CryptoKey>();

  constructor(private readonly db: Connection) {}

  /** Key of a story. Throws `NotFound` when its content was wiped. */
  async ofStory(story: string): Promise<CryptoKey> {
    const key = this.known.get(story) ?? (await this.stored(story));
    if (!key) throw new NotFound("the content of this story is not here");
    this.known.set(story, key);
    return key;
  }

  /** Key of what belongs to no story; made at first use. */
  async ofDevice(): Promise<CryptoKey> {
    const known = this.known.get(DEVICE_KEY) ?? (await this.stored(DEVICE_KEY));
    const key = known ?? (await this.makeDeviceKey());
    this.known.set(DEVICE_KEY, key);
    return key;
  }

  /** Forgets the key of a story whose content is wiped. */
  forget(story: string): void {
    this.known.delete(story);
  }

  private async stored(id: string): Promise<CryptoKey | undefined> {
    return (await this.db.read(["keys"], (tx) => tx.objectStore("keys").get(id)))?.key;
  }

  private async makeDeviceKey(): Promise<CryptoKey> {
    const made = await newKey();
    return this.db.write(["keys", "enrolments"], async (tx) => {
      const keys = tx.objectStore("keys");
      const there = await keys.get(DEVICE_KEY); // another tab may have been first
      if (there) return there.key;
      if ((await tx.objectStore("enrolments").count()) > 0) throw new Unreadable("the key of this device is gone");
      await keys.put({ id: DEVICE_KEY, key: made });
      return made;
    });
  }
}

/** Row of a story. Throws `NotFound`. */
export async function storyRow(tx: Transaction<"readonly"> | Transaction<"readwrite">, id: string): Promise<StoryRow> {
  const row = await tx.objectStore("stories").get(id);
  if (!row) throw new NotFound("there is no such story on this device");
  return row;
}

/** All keys of the records that belong to a story, in stores whose keys begin with its id. */
export function within(...start: string[]): IDBKeyRange {
  // A list is after every text and number in the order of keys.
  return IDBKeyRange.bound(start, [...start, []]);
}

/** This device's clock as ISO 8601. */
export function isoNow(context: Pick<Context, "now">): string {
  return new Date(context.now()).toISOString();
}
