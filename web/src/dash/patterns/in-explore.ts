// Where Explore shows what a finding says: the same stories, the same comparison, and the figure of its question.

import type { Framework } from "../../framework/types";
import { type CompareBy, attributesOf } from "../explore/lens";
import type { Lens } from "../types";
import { lensOfLayer } from "./lens";
import type { Finding } from "./types";

/** A figure of Explore. */
export interface InExplore {
  /** Key of the signifier. */
  signifier: string;
  lens: Lens;
  compareBy: CompareBy | null;
}

/** The figure of a finding that was found with this lens; null where the framework does not ask its question any more. */
export function inExplore(lens: Lens, finding: Finding, framework: Framework): InExplore | null {
  // A stone or an option stands behind the question that it is of.
  const [name = "", split = ""] = finding.signifiers;
  const signifier = name.split("/")[0] ?? "";
  if (!framework.signifiers.some(({ key }) => key === signifier)) return null;
  const layer = lensOfLayer(lens, finding.layer);
  const { compared } = finding;
  switch (finding.kind) {
    case "perspective-gap":
      return { signifier, lens: { ...layer, perspectives: compared }, compareBy: "perspective" };
    case "change":
      return { signifier, lens: { ...layer, waves: compared }, compareBy: "wave" };
    case "contrast":
      return { signifier, ...byAttribute(layer, split, compared, framework) };
    default:
      return { signifier, lens: layer, compareBy: null };
  }
}

/** Split by an attribute. Groups that were too small to be compared are left out; where none was, nothing is narrowed. */
function byAttribute(lens: Lens, key: string, compared: string[], framework: Framework): Pick<InExplore, "lens" | "compareBy"> {
  const attribute = attributesOf(framework).find((one) => one.key === key);
  if (attribute === undefined) return { lens, compareBy: null };
  const isAll = attribute.options.every((option) => compared.includes(option.key));
  const narrowed = isAll ? lens : { ...lens, attributes: { ...lens.attributes, [key]: compared } };
  return { lens: narrowed, compareBy: `attribute:${key}` };
}
