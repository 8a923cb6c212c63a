// Words of the patterns in the language of the dashboard.

import { language } from "../language.svelte";
import { en } from "./patterns.en";
import { nl, type PatternsWords } from "./patterns.nl";

/** The words in the language that is shown. */
export const words = (): PatternsWords => (language.tag === "nl" ? nl : en);
