// A lens while somebody changes it: pure functions, so that what is on the screen and what is asked are the same.

import type { Attribute, Lens, Region, Wave } from "../types";
import type { Framework } from "../../framework/types";

/** A lens with every member, as screens keep it. */
export interface FullLens {
  waves: string[];
  perspectives: string[];
  attributes: Record<string, string[]>;
  regions: Region[];
}

/** A lens that selects everything. */
export const everything: FullLens = { waves: [], perspectives: [], attributes: {}, regions: [] };

/** A lens of the API with every member. */
export function full(lens: Lens): FullLens {
  return {
    waves: lens.waves ?? [],
    perspectives: lens.perspectives ?? [],
    attributes: lens.attributes ?? {},
    regions: lens.regions ?? [],
  };
}

/** The lens as it is asked. Who draws a region has looked at the data. */
export function asked(lens: FullLens, brush: Region | null = null): Lens {
  const regions = brush === null ? lens.regions : [...lens.regions, brush];
  return { ...lens, regions, exploratory: regions.length > 0 };
}

/** A list with a value added, or taken away when it is there. */
export function toggled(list: readonly string[], value: string): string[] {
  return list.includes(value) ? list.filter((one) => one !== value) : [...list, value];
}

/** The lens with an option of an attribute added or taken away; an attribute without options is left out. */
export function withOption(lens: FullLens, attribute: string, option: string): FullLens {
  const options = toggled(lens.attributes[attribute] ?? [], option);
  const { [attribute]: _, ...others } = lens.attributes;
  return { ...lens, attributes: options.length === 0 ? others : { ...others, [attribute]: options } };
}

/** Whether a lens selects everything. */
export function isEverything(lens: FullLens): boolean {
  return lens.waves.length + lens.perspectives.length + lens.regions.length + Object.keys(lens.attributes).length === 0;
}

/** Whether two regions are the same part. */
export function isSame(a: Region, b: Region): boolean {
  const list = ({ signifier, stone, polygon, interval }: Region) => JSON.stringify([signifier, stone ?? null, polygon ?? null, interval ?? null]);
  return list(a) === list(b);
}

/** What every plot is split by: `wave`, `perspective` or `attribute:KEY`. */
export type CompareBy = string;

/** One of the groups that are compared. */
export interface Part {
  key: string;
  label: string;
  lens: FullLens;
}

/** What can be compared: waves and perspectives where there are two or more, and attributes. */
export function comparisons(framework: Framework, waves: readonly Wave[], names: { wave: string; perspective: string }, text: Text): { key: CompareBy; label: string }[] {
  return [
    ...(waves.length > 1 ? [{ key: "wave", label: names.wave }] : []),
    ...(framework.perspectives.length > 1 ? [{ key: "perspective", label: names.perspective }] : []),
    ...attributesOf(framework).map(({ key, label }) => ({ key: `attribute:${key}`, label: text(label) })),
  ];
}

type Text = (texts: Record<string, string>) => string;

/** What stories can be told apart by: attributes, then background questions with one answer. */
export function attributesOf(framework: Framework): Pick<Attribute, "key" | "label" | "options">[] {
  const background = framework.signifiers.filter((one) => one.background && one.kind === "choice" && !one.multiple && !one.sensitive);
  return [
    ...(framework.attributes ?? []),
    ...background.map(({ key, question, options = [] }) => ({ key, label: question, options })),
  ];
}

/** The groups of a comparison: one for each value, within the lens. Empty when there is nothing to compare. */
export function partsOf(lens: FullLens, by: CompareBy | null, framework: Framework, waves: readonly Wave[], text: Text): Part[] {
  const within = (chosen: readonly string[], key: string): boolean => chosen.length === 0 || chosen.includes(key);
  if (by === "wave") {
    const kept = waves.filter((wave) => wave.state !== "planned" && within(lens.waves, wave.key));
    return kept.map((wave) => ({ key: wave.key, label: text(wave.label), lens: { ...lens, waves: [wave.key] } }));
  }
  if (by === "perspective") {
    const kept = framework.perspectives.filter(({ key }) => within(lens.perspectives, key));
    return kept.map(({ key, label }) => ({ key, label: text(label), lens: { ...lens, perspectives: [key] } }));
  }
  const attribute = attributesOf(framework).find(({ key }) => by === `attribute:${key}`);
  if (attribute === undefined) return [];
  const kept = attribute.options.filter(({ key }) => within(lens.attributes[attribute.key] ?? [], key));
  return kept.map(({ key, label }) => ({
    key,
    label: text(label),
    lens: { ...lens, attributes: { ...lens.attributes, [attribute.key]: [key] } },
  }));
}
