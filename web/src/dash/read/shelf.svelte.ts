// The stories that the reader may read, page by page, and those that were opened.

import { answer, type Failure, failureOf } from "../failure";
import { session } from "../session.svelte";
import { study } from "../study.svelte";
import type { Story, StoryItem } from "../types";
import { type InRegion, storiesInRegion } from "./in-region";

const PAGE = 30;

/** Which stories are asked for. */
export interface Asked {
  /** BCP 47 tag; empty for all languages. */
  language: string;
  /** Id of a kept region; empty for all stories. */
  region: string;
  /** Ids of stories that somebody chose; empty for all. */
  chosen: string[];
}

/** One story in the list. */
export interface Line {
  id: string;
  /** What the list of the server says; null where only the id is known. */
  item: StoryItem | null;
}

/** What is asked for by the query of an address. */
export function askedBy(query: URLSearchParams): Asked {
  const chosen = (query.get("stories") ?? "").split(",").filter((id) => id !== "");
  return { language: query.get("language") ?? "", region: query.get("region") ?? "", chosen };
}

class Shelf {
  lines = $state.raw<Line[]>([]);
  /** Name of the region whose stories these are; empty for others. */
  regionName = $state("");
  /** The stories that lie in the region; null without one. */
  region = $state.raw<InRegion | null>(null);
  hasMore = $state(false);
  isLoading = $state(false);
  failure = $state.raw<Failure | null>(null);
  #of = "";
  #cursor: string | null = null;
  /** Stories that are on their way. */
  #asked = new Map<string, Promise<Story>>();

  /** Shows the stories that are asked for, from the beginning unless they are there already. */
  async show(asked: Asked): Promise<void> {
    const of = JSON.stringify([session.me?.id, study.role, study.project.id, study.project.change, asked]);
    if (of === this.#of && !this.failure) return;
    this.#of = of;
    [this.lines, this.#cursor, this.hasMore, this.regionName, this.region] = [[], null, false, "", null];
    await this.#read(of, () => this.#first(asked));
  }

  /** Reads the next page. */
  async more(asked: Asked): Promise<void> {
    await this.#read(this.#of, () => (this.region === null ? this.#page(asked) : Promise.resolve(this.#nextOf(this.region))));
  }

  /** One story as the reader may see it, with the placement of the signifier that it was opened from. */
  story(storyId: string, signifier: string | null): Promise<Story> {
    const key = [study.project.id, storyId, signifier ?? ""].join(" ");
    const known = this.#asked.get(key);
    if (known) return known;
    const query = signifier === null ? {} : { signifier };
    const path = { ...study.path, storyId };
    const asked = answer(study.api.GET("/v1/projects/{projectId}/stories/{storyId}", { params: { path, query } }));
    this.#asked.set(key, asked);
    // It is not kept: what is withdrawn or redacted a moment later is not shown from before.
    const isThere = (): boolean => this.#asked.delete(key);
    asked.then(isThere, isThere);
    return asked;
  }

  /** The ids before and after a story in the list; null where there is none. */
  around(storyId: string): { at: number; before: string | null; after: string | null } {
    const at = this.lines.findIndex((line) => line.id === storyId);
    if (at < 0) return { at, before: null, after: null };
    return { at, before: this.lines[at - 1]?.id ?? null, after: this.lines[at + 1]?.id ?? null };
  }

  async #read(of: string, run: () => Promise<Line[]>): Promise<void> {
    this.isLoading = true;
    this.failure = null;
    try {
      const found = await run();
      if (of === this.#of) this.lines = [...this.lines, ...found];
    } catch (cause) {
      if (of === this.#of) this.failure = failureOf(cause);
    } finally {
      if (of === this.#of) this.isLoading = false;
    }
  }

  #first(asked: Asked): Promise<Line[]> {
    if (asked.chosen.length > 0) return Promise.resolve(asked.chosen.map((id) => ({ id, item: null })));
    return asked.region === "" ? this.#page(asked) : this.#inRegion(asked.region);
  }

  async #page(asked: Asked): Promise<Line[]> {
    const query = {
      limit: PAGE,
      ...(this.#cursor === null ? {} : { cursor: this.#cursor }),
      ...(asked.language === "" ? {} : { language: asked.language }),
    };
    const page = await answer(study.api.GET("/v1/projects/{projectId}/stories", { params: { path: study.path, query } }));
    this.#cursor = page.next ?? null;
    this.hasMore = this.#cursor !== null;
    return page.items.filter((item) => item.status !== "withdrawn").map((item) => ({ id: item.id, item }));
  }

  async #inRegion(regionId: string): Promise<Line[]> {
    const path = { ...study.path, regionId };
    const kept = await answer(study.api.GET("/v1/projects/{projectId}/regions/{regionId}", { params: { path } }));
    this.regionName = kept.name;
    this.region = await storiesInRegion(kept.region);
    return this.#nextOf(this.region);
  }

  /** A page of them: each story in the list is asked for. */
  #nextOf({ ids }: InRegion): Line[] {
    const end = this.lines.length + PAGE;
    this.hasMore = end < ids.length;
    return ids.slice(this.lines.length, end).map((id) => ({ id, item: null }));
  }
}

/** The stories that are read. */
export const shelf = new Shelf();
