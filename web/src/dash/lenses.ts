// Dots of a lens, and lenses that are kept.

import type { components } from "../api/schema";
import { answer } from "./failure";
import { session } from "./session.svelte";
import type { Lens } from "./types";

type Schemas = components["schemas"];

// The server sends every member. The document calls those that may be null optional, hence `Required`.

/**
 * The placements on one figure, or of one stone on it: dots, or bins where there are more than asked for. `ids`: the story
 * behind each dot, null where the reader may not open it.
 */
export type PlacedPlot = Required<Schemas["Places"]>;

/** The placements of the stories that a lens selects. With `suppressed` there are none to show. */
export type PlacementsAnswer = Required<Omit<Schemas["PlacesAnswer"], "plots">> & { plots: PlacedPlot[] };

/** A lens that was kept. */
export type SavedLens = Required<Schemas["SavedLens"]>;

/** What a lens to keep is made of. `compareBy`: what every plot is split by, such as `wave` or `attribute:KEY`. */
export type NewLens = Required<Schemas["NewLens"]>;

/** Whose calls these are. */
export interface InProject {
  projectId: string;
}

/**
 * Dots of the stories that a lens selects.
 * @param asked `signifiers`: only these, all when absent; `dots`: figures with more answers come as bins
 * Errors: `Failure`, also when the signal breaks it off.
 */
export async function searchPlacements(
  path: InProject,
  lens: Lens,
  asked: { signifiers?: string[]; dots?: number },
  signal?: AbortSignal,
): Promise<PlacementsAnswer> {
  const query = {
    ...(asked.signifiers ? { signifiers: asked.signifiers.join(",") } : {}),
    ...(asked.dots === undefined ? {} : { dots: asked.dots }),
  };
  const call = { params: { path, query }, body: lens, ...(signal ? { signal } : {}) };
  return (await answer(session.api.POST("/v1/projects/{projectId}/placements/_search", call))) as PlacementsAnswer;
}

/** Keeps a lens. Errors: `Failure`. */
export async function saveLens(path: InProject, body: NewLens): Promise<SavedLens> {
  return (await answer(session.api.POST("/v1/projects/{projectId}/lenses", { params: { path }, body }))) as SavedLens;
}

/** The lenses that are kept with a name, all of them. Errors: `Failure`. */
export async function listLenses(path: InProject): Promise<SavedLens[]> {
  const all: SavedLens[] = [];
  let cursor: string | null | undefined;
  do {
    const query = { limit: 500, ...(cursor ? { cursor } : {}) };
    const page = await answer(session.api.GET("/v1/projects/{projectId}/lenses", { params: { path, query } }));
    all.push(...(page.items as SavedLens[]));
    cursor = page.next;
  } while (cursor);
  return all;
}

/** One lens. Errors: `Failure`. */
export async function getLens({ projectId }: InProject, lensId: string): Promise<SavedLens> {
  const path = { projectId, lensId };
  return (await answer(session.api.GET("/v1/projects/{projectId}/lenses/{lensId}", { params: { path } }))) as SavedLens;
}
