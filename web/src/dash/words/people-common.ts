// Words that the sections about people and rights share, in the language of the interface.

import { language } from "../language.svelte";
import { en } from "./people-common.en";
import { type CommonWords, nl } from "./people-common.nl";

/** The words, in the language that is shown now. */
export const words = (): CommonWords => (language.tag === "nl" ? nl : en);
