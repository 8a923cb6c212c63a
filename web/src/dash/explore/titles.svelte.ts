// Titles of stories, for a list: read page by page until those that are wanted are known.

import { answer } from "../failure";
import { study } from "../study.svelte";
import type { StoryItem } from "../types";

const PAGE = 500;

/** Knows the titles of the stories that the reader may read. */
export class Titles {
  known = $state.raw<ReadonlyMap<string, StoryItem>>(new Map());
  #cursor: string | undefined;
  #isDone = false;
  #reading: Promise<void> | null = null;

  /** Reads on until these are known, or there is nothing more. Errors: `Failure`. */
  async ensure(ids: readonly string[]): Promise<void> {
    while (!this.#isDone && ids.some((id) => !this.known.has(id))) {
      this.#reading ??= this.#page().finally(() => {
        this.#reading = null;
      });
      await this.#reading;
    }
  }

  /** Keeps what a story that was read says of itself: only researchers get titles in the list. */
  learn(item: StoryItem): void {
    this.known = new Map(this.known).set(item.id, item);
  }

  async #page(): Promise<void> {
    const query = { limit: PAGE, ...(this.#cursor === undefined ? {} : { cursor: this.#cursor }) };
    const page = await answer(study.api.GET("/v1/projects/{projectId}/stories", { params: { path: study.path, query } }));
    const more = new Map(this.known);
    for (const item of page.items) more.set(item.id, item);
    this.known = more;
    this.#cursor = page.next ?? undefined;
    this.#isDone = page.next == null;
  }
}
