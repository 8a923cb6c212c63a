// Words about consent, withdrawal and the rights of people, in the language of the interface.

import { language } from "../language.svelte";
import { en } from "./people-rights.en";
import { nl, type PersonRightsWords } from "./people-rights.nl";

/** The words, in the language that is shown now. */
export const words = (): PersonRightsWords => (language.tag === "nl" ? nl : en);
