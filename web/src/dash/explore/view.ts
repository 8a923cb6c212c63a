// What the server answers for one lens, as groups that plots draw.

import type { Group, StoneDots } from "../../plots/types";
import { type PlacedPlot, type PlacementsAnswer, searchPlacements } from "../lenses";
import { answer } from "../failure";
import { study } from "../study.svelte";
import type { Lens, SummaryAnswer } from "../types";

/** Everything about one lens. */
export interface Selection {
  key: string;
  label: string;
  summary: SummaryAnswer;
  placements: PlacementsAnswer;
}

/** How many answers a figure in the gallery draws one by one. */
export const GALLERY_DOTS = 1000;
/** The same of a figure that is shown alone. */
export const LARGE_DOTS = 10_000;

/** Asks for the numbers and the dots at the same time. Errors: `Failure`, `AbortError`. */
export async function select(key: string, label: string, lens: Lens, signal: AbortSignal): Promise<Selection> {
  const { path } = study;
  const [summary, placements] = await Promise.all([
    answer(study.api.POST("/v1/projects/{projectId}/summaries/_search", { params: { path }, body: lens, signal })),
    searchPlacements(path, lens, { dots: GALLERY_DOTS }, signal),
  ]);
  return { key, label, summary, placements };
}

/** A selection as the group of one signifier. */
export function groupOf(selection: Selection, signifier: string): Group {
  const plots = selection.placements.plots.filter((plot) => plot.signifier === signifier);
  const summary = selection.summary.summaries.find((one) => one.signifier === signifier);
  const group: Group = { key: selection.key, label: selection.label, ...(summary ? { summary } : {}) };
  const stones = plots.filter((plot) => plot.stone !== null);
  if (stones.length > 0) return { ...group, stones: stones.map(stoneOf) };
  const [only] = plots;
  return only ? { ...group, ...placed(only) } : group;
}

function stoneOf(plot: PlacedPlot): StoneDots {
  return { stone: plot.stone ?? "", ...placed(plot) };
}

function placed(plot: PlacedPlot): Pick<Group, "dots" | "bins"> {
  return {
    ...(plot.dots ? { dots: { at: plot.dots, ids: plot.ids } } : {}),
    ...(plot.bins ? { bins: plot.bins } : {}),
  };
}

/** The stories behind the dots of a figure, or of all figures; each once. */
export function storiesOf(selections: readonly Selection[], signifier: string | null): string[] {
  const plots = selections.flatMap(({ placements }) => placements.plots);
  const ids = plots.filter((plot) => signifier === null || plot.signifier === signifier).flatMap((plot) => plot.ids ?? []);
  return [...new Set(ids.filter((id) => id !== null))];
}
