// Words of what is printed for the fieldwork, in the language of the interface.

import { language } from "../language.svelte";
import { en } from "./people-sheets.en";
import { nl, type SheetWords } from "./people-sheets.nl";

/** The words, in the language that is shown now. */
export const words = (): SheetWords => (language.tag === "nl" ? nl : en);
