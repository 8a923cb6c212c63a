// Which stories an exhibit is about, in the words of the study.

import { groupOf, type Names, perspectiveOf, placeOf, questionOf, waveOf } from "../patterns/lookup";
import type { Lens } from "../types";
import type { Exhibit } from "./api";
import { comparedBy } from "./compared";

/** What a lens is called where it cannot be read from the study. */
interface AboutWords {
  all: string;
  area: (question: string) => string;
}

/** What a lens selects, most general first: waves, perspectives, attributes, areas. */
export function lensName(names: Names, lens: Lens, words: AboutWords): string {
  const parts = [
    (lens.waves ?? []).map((key) => waveOf(names, key)),
    (lens.perspectives ?? []).map((key) => perspectiveOf(names, key)),
    ...Object.entries(lens.attributes ?? {}).map(([key, options]) => options.map((option) => groupOf(names, key, option))),
    (lens.regions ?? []).map((region) => words.area(questionOf(names, region.signifier))),
  ];
  const chosen = parts.filter((part) => part.length > 0).map((part) => part.join(", "));
  return chosen.length === 0 ? words.all : chosen.join(" · ");
}

/** The same of an exhibit, which may be split into groups. */
interface ExhibitWords extends AboutWords {
  wave: string;
  perspective: string;
  compared: (by: string) => string;
}

/** Which stories an exhibit is about, and by what they are compared. */
export function aboutOf(names: Names, { finding, lens, compareBy }: Exhibit, words: ExhibitWords): string {
  if (finding) return placeOf(names, finding).join(" · ");
  const by = comparedBy(names, compareBy, words);
  return [lensName(names, lens ?? {}, words), ...(by === null ? [] : [words.compared(by)])].join(" · ");
}
