// The stories that a researcher goes through before others read them.

import type { Api } from "../../../api/client";
import { answer, type Failure, failureOf } from "../../failure";
import type { StoryItem } from "../../types";

/** Which stories are looked at. */
export const shows = ["waiting", "newer", "held", "released"] as const;
export type Show = (typeof shows)[number];

/** Narrows the list; empty means all. */
export interface Filter {
  show: Show;
  wave: string;
  perspective: string;
  language: string;
}

/** Where a story stands in the queue; null for one that was withdrawn. */
export function standOf(item: StoryItem): Show | null {
  if (item.status === "held") return "held";
  if (item.status === "withdrawn") return null;
  if (item.releasedVersion == null) return "waiting";
  return (item.version ?? 0) > item.releasedVersion ? "newer" : "released";
}

/** The stories that a filter leaves, the oldest first: who waits longest is next. */
export function listed(items: readonly StoryItem[], filter: Filter): StoryItem[] {
  return items
    .filter(
      (item) =>
        standOf(item) === filter.show &&
        (filter.wave === "" || item.wave === filter.wave) &&
        (filter.perspective === "" || item.perspective === filter.perspective) &&
        (filter.language === "" || item.language === filter.language),
    )
    .sort((a, b) => (a.receivedAt ?? "").localeCompare(b.receivedAt ?? "") || a.id.localeCompare(b.id));
}

/** The story before or after one in a list; null at the ends. */
export function neighbour(list: readonly { id: string }[], id: string, step: 1 | -1): string | null {
  const at = list.findIndex((item) => item.id === id);
  return at < 0 ? (step === 1 ? (list[0]?.id ?? null) : null) : (list[at + step]?.id ?? null);
}

const PAGE = 500;

/** All stories of a study without their texts, read page by page, and again after something changed. */
export class Queue {
  items = $state.raw<StoryItem[]>([]);
  isLoaded = $state(false);
  failure = $state.raw<Failure | null>(null);
  /** The ids of the list that somebody goes through: a story that is done stays in it until the list is opened again. */
  walk = $state.raw<string[]>([]);
  readonly #api: Api;
  readonly #projectId: string;

  constructor(api: Api, projectId: string) {
    this.#api = api;
    this.#projectId = projectId;
  }

  /** Reads all of it. */
  async load(): Promise<void> {
    this.failure = null;
    try {
      const items: StoryItem[] = [];
      let cursor: string | undefined;
      do {
        const params = { path: { projectId: this.#projectId }, query: { limit: PAGE, cursor } };
        const page = await answer(this.#api.GET("/v1/projects/{projectId}/stories", { params }));
        items.push(...page.items);
        cursor = page.next ?? undefined;
      } while (cursor !== undefined);
      this.items = items;
      this.isLoaded = true;
    } catch (cause) {
      this.failure = failureOf(cause);
    }
  }

  /** Takes over what is now known of one story; null when it is gone. */
  put(id: string, now: StoryItem | null): void {
    this.items = this.items.flatMap((item) => (item.id === id ? (now ?? []) : item));
  }
}
