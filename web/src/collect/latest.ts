// Work that reads how things are now: asked for many times at once it is done once, and then once more.

/**
 * Wraps `work` so that one call is under way at a time, and every call resolves after a run that began after it: what is read
 * last is never old.
 */
export function latest(work: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | null = null;
  let waiting: Promise<void> | null = null;
  const begin = (): Promise<void> => {
    waiting = null;
    running = work().finally(() => {
      running = null;
    });
    return running;
  };
  return () => {
    if (!running) return begin();
    waiting ??= running.then(begin, begin);
    return waiting;
  };
}
