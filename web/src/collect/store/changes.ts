// Tells all tabs that something on this device changed.

/** What changed: the stories, or one of them (its id). */
export interface Change {
  story: string | null;
}

export type Listener = (change: Change) => void;

/** Listeners in this tab, and a channel to the others. */
export class Changes {
  private readonly listeners = new Set<Listener>();
  private readonly channel: BroadcastChannel | null;

  constructor(name: string) {
    this.channel = typeof BroadcastChannel === "undefined" ? null : new BroadcastChannel(name);
    this.channel?.addEventListener("message", (event: MessageEvent<unknown>) => this.tell(changeOf(event.data)));
  }

  /** Calls `listener` at every change from now on; answers how to stop that. */
  subscribe(listener: Listener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Tells this tab and the others. */
  announce(story: string | null): void {
    this.channel?.postMessage({ story });
    this.tell({ story });
  }

  /** Stops hearing other tabs. */
  close(): void {
    this.listeners.clear();
    this.channel?.close();
  }

  private tell(change: Change): void {
    for (const listener of [...this.listeners]) {
      try {
        listener(change);
      } catch (cause) {
        // A screen that fails must not make a save fail that has succeeded.
        reportError(cause);
      }
    }
  }
}

function changeOf(data: unknown): Change {
  const story = typeof data === "object" && data !== null && "story" in data ? data.story : null;
  return { story: typeof story === "string" ? story : null };
}

function reportError(cause: unknown): void {
  console.error(cause instanceof Error ? cause.name : "a listener failed");
}
