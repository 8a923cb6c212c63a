// When to try again, for each enrolment apart: a project that is unreachable does not keep back another.

const FIRST_MS = 2_000;
const LONGEST_MS = 15 * 60_000;
const HOUR_MS = 3600_000;

interface Wait {
  failures: number;
  /** When the next try is due, in milliseconds of this device's clock. */
  at: number;
  /** Before this nobody may try, not even somebody who presses a button: the server asked so. */
  notBefore: number;
}

export class Backoff {
  private readonly waits = new Map<string, Wait>();

  constructor(
    private readonly now: () => number,
    private readonly random: () => number,
  ) {}

  /** When the next try is due; 0 for at once. */
  dueAt(key: string): number {
    return this.waits.get(key)?.at ?? 0;
  }

  /** Whether it may be tried now. A wait that is longer than any was made before the clock was set back. */
  isDue(key: string): boolean {
    const wait = this.dueAt(key) - this.now();
    return wait <= 0 || wait > 2 * HOUR_MS;
  }

  /** It did not work: waits twice as long as the last time, give or take half, and as long as the server asked. */
  failed(key: string, retryAfter: number | null): void {
    const failures = (this.waits.get(key)?.failures ?? 0) + 1;
    const step = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(failures - 1, 20));
    const notBefore = this.now() + (retryAfter ?? 0);
    const at = Math.max(notBefore, this.now() + step * (0.5 + this.random()));
    this.waits.set(key, { failures, at, notBefore });
  }

  /** The server does not know this device: asked again each hour. */
  waitAnHour(key: string): void {
    const at = this.now() + HOUR_MS;
    this.waits.set(key, { failures: 0, at, notBefore: at });
  }

  /** It worked. */
  worked(key: string): void {
    this.waits.delete(key);
  }

  /**
   * There is reason to believe that it works now, such as signal: tries at once, unless the server asked to wait. What failed
   * before, such as all day without signal, says nothing about the tries to come.
   */
  hurry(): void {
    for (const wait of this.waits.values()) Object.assign(wait, { failures: 0, at: wait.notBefore });
  }
}
