// The selection of stories that patterns are looked for in, and the layer of it that a finding is about.

import type { Lens } from "../types";
import type { Finding } from "./types";

/** What somebody chooses in the form. */
export interface Choice {
  waves: string[];
  perspectives: string[];
  attributes: Record<string, string[]>;
  /** Whether it was agreed before anybody looked. */
  isPlanned: boolean;
}

/** Nothing chosen: all stories. */
export const everything: Lens = {};

/** A lens of a choice. Who chooses by attributes after looking, explores: then nothing is called clear. */
export function lensOf(choice: Choice): Lens {
  const attributes = Object.fromEntries(Object.entries(choice.attributes).filter(([, options]) => options.length > 0));
  const lens: Lens = {};
  if (choice.waves.length > 0) lens.waves = choice.waves;
  if (choice.perspectives.length > 0) lens.perspectives = choice.perspectives;
  if (Object.keys(attributes).length > 0) {
    lens.attributes = attributes;
    if (!choice.isPlanned) lens.exploratory = true;
  }
  return lens;
}

/** The choice behind a lens. Nobody is taken to have planned what was not chosen yet. */
export function choiceOf(lens: Lens): Choice {
  const hasAttributes = Object.keys(lens.attributes ?? {}).length > 0;
  return {
    waves: lens.waves ?? [],
    perspectives: lens.perspectives ?? [],
    attributes: lens.attributes ?? {},
    isPlanned: hasAttributes && !lens.exploratory,
  };
}

/** Whether a lens selects anything. */
export function isEverything(lens: Lens): boolean {
  const chosen = [lens.waves, lens.perspectives, lens.regions, Object.keys(lens.attributes ?? {})];
  return chosen.every((list) => (list ?? []).length === 0);
}

/** The lens of the stories that a finding is about: its layer within the lens that it was found with. */
export function lensOfLayer(lens: Lens, layer: Finding["layer"]): Lens {
  return {
    ...lens,
    ...(layer.wave ? { waves: [layer.wave] } : {}),
    ...(layer.perspective ? { perspectives: [layer.perspective] } : {}),
  };
}

/** A group that a finding compares, and the lens of its stories. */
export interface ComparedGroup {
  key: string;
  lens: Lens;
}

/** At most so many groups are drawn in one figure. */
export const MOST_GROUPS = 4;

/** The groups that a contrast or gap compares. */
export function groupsOf(lens: Lens, finding: Finding): ComparedGroup[] {
  const layer = lensOfLayer(lens, finding.layer);
  const attribute = finding.signifiers[1];
  return finding.compared.slice(0, MOST_GROUPS).map((key) => {
    if (finding.kind === "perspective-gap") return { key, lens: { ...layer, perspectives: [key] } };
    if (finding.kind === "change") return { key, lens: { ...layer, waves: [key] } };
    return { key, lens: { ...layer, attributes: { ...layer.attributes, ...(attribute ? { [attribute]: [key] } : {}) } } };
  });
}
