// Words of the plots, in the language that is shown.

import { language } from "../dash/language.svelte";
import { en } from "./words.en";
import { nl, type PlotWords } from "./words.nl";

export type { PlotWords };

/** The words, in the language that is shown now. */
export const words = (): PlotWords => (language.tag === "nl" ? nl : en);
