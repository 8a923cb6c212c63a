// Words about members, tokens, thresholds and retention, in the language of the interface.

import { language } from "../language.svelte";
import { en } from "./rights.en";
import { nl, type RightsWords } from "./rights.nl";

/** The words, in the language that is shown now. */
export const words = (): RightsWords => (language.tag === "nl" ? nl : en);
