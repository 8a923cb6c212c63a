// Words of the explore area, in the language of the interface.

import { language } from "../language.svelte";
import { en } from "./explore.en";
import { type ExploreWords, nl } from "./explore.nl";

/** The words, in the language that is shown now. */
export const words = (): ExploreWords => (language.tag === "nl" ? nl : en);
