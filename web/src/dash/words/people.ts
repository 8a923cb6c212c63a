// Words about participants and tellers, in the language of the interface.

import { language } from "../language.svelte";
import { en } from "./people.en";
import { nl, type PeopleWords } from "./people.nl";

/** The words, in the language that is shown now. */
export const words = (): PeopleWords => (language.tag === "nl" ? nl : en);
