// How much room there is, and whether the browser promised not to clear it.

/** Room on this device. */
export interface StorageState {
  /** The browser promised to keep what is here until somebody clears it. */
  persisted: boolean;
  /** Bytes in use by this app; null when the browser does not say. */
  usage: number | null;
  /** Bytes that this app may use; null when the browser does not say. */
  quota: number | null;
  /** Too little is left for a long recording. */
  low: boolean;
}

/** An hour of recording, twice over. */
const ENOUGH = 32 * 1024 * 1024;

type Manager = Partial<Pick<StorageManager, "persist" | "persisted" | "estimate">>;

/** Asks the browser to never clear what is here; whether it promised. Browsers that cannot say no. */
export async function persistStorage(manager: Manager | undefined = ours()): Promise<boolean> {
  const asked = await manager?.persisted?.().catch(() => false);
  return asked || ((await manager?.persist?.().catch(() => false)) ?? false);
}

/** How it stands with the room on this device. */
export async function storageState(manager: Manager | undefined = ours()): Promise<StorageState> {
  const persisted = (await manager?.persisted?.().catch(() => false)) ?? false;
  const estimate: StorageEstimate = (await manager?.estimate?.().catch(() => ({}))) ?? {};
  const { usage = null, quota = null } = estimate;
  const low = usage !== null && quota !== null && quota - usage < ENOUGH;
  return { persisted, usage, quota, low };
}

function ours(): Manager | undefined {
  return typeof navigator === "undefined" ? undefined : navigator.storage;
}
