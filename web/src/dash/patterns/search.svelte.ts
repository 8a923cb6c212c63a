// The findings for a lens: asked once, kept while the page is open, given up when nobody waits any more.

import { failureOf, type Failure } from "../failure";
import { study } from "../study.svelte";
import type { Lens } from "../types";
import { findings } from "./load";
import type { FindingsAnswer } from "./types";

/** What is known of a search. */
export class Search {
  found = $state.raw<FindingsAnswer | null>(null);
  failure = $state.raw<Failure | null>(null);
  /** Seconds since it was asked. */
  seconds = $state(0);

  /** Looks; returns what gives it up. */
  begin(lens: Lens): () => void {
    const key = JSON.stringify([study.project.id, study.role, lens]);
    this.failure = null;
    this.found = kept?.key === key ? kept.found : null;
    if (this.found) return () => undefined;
    const abort = new AbortController();
    this.seconds = 0;
    const clock = setInterval(() => (this.seconds += 1), 1000);
    findings(lens, abort.signal)
      .then(
        (found) => {
          kept = { key, found };
          if (!abort.signal.aborted) this.found = found;
        },
        (cause: unknown) => {
          if (!abort.signal.aborted) this.failure = failureOf(cause);
        },
      )
      .finally(() => clearInterval(clock));
    return () => {
      clearInterval(clock);
      abort.abort();
    };
  }
}

let kept: { key: string; found: FindingsAnswer } | null = null;
