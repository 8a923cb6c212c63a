// Saves a draft after every change, one save at a time and never an older one after a newer one.

/** What is known of the saving. */
export type Saving = "saved" | "saving" | "failed";

/** Milliseconds after which a save that failed is tried again. */
export const AGAIN_AFTER = 3000;

/**
 * Calls `save` after every `touch()`. Changes that come while a save is under way go into the next one. A save that fails
 * is tried again at the next change or call of `flush`, and by itself every few seconds where `mayPass` says that what it
 * failed of may pass (room was made on the device); the state says so until then.
 */
export class Saver {
  private dirty = false;
  private running: Promise<void> | null = null;
  private later: ReturnType<typeof setTimeout> | undefined;
  private closed = false;
  /** What the last save failed of. */
  cause: unknown = null;

  constructor(
    private readonly save: () => Promise<void>,
    private readonly told: (state: Saving) => void,
    private readonly mayPass: (cause: unknown) => boolean = () => false,
  ) {}

  /** Whether anything is not on the disk yet, or the last try to bring it there failed. */
  get isUnsaved(): boolean {
    return this.dirty || this.running !== null || this.cause !== null;
  }

  /** Something changed. */
  touch(): void {
    this.dirty = true;
    this.told("saving");
    this.running ??= this.run();
  }

  /** Resolves when everything is on the disk. Throws what the save failed of. */
  async flush(): Promise<void> {
    if (this.cause !== null && !this.running) {
      this.dirty = true;
      this.running = this.run();
    }
    await this.running;
    if (this.cause !== null) throw this.cause;
  }

  /** Tries nothing again by itself any more: the screen closes. */
  close(): void {
    clearTimeout(this.later);
    this.closed = true;
  }

  private async run(): Promise<void> {
    clearTimeout(this.later);
    // The change that called is finished first: several of one moment are one save.
    await Promise.resolve();
    try {
      while (this.dirty) {
        this.dirty = false;
        await this.save();
      }
      this.cause = null;
      this.told("saved");
    } catch (cause) {
      this.cause = cause;
      this.dirty = true;
      this.told("failed");
      if (this.mayPass(cause) && !this.closed) this.later = setTimeout(() => (this.running ??= this.run()), AGAIN_AFTER);
    } finally {
      this.running = null;
    }
  }
}
