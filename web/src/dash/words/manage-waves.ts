// Words of the waves, in the language of the interface.

import { language } from "../language.svelte";
import { en } from "./manage-waves.en";
import { type WavesWords, nl } from "./manage-waves.nl";

/** The words, in the language that is shown now. */
export const words = (): WavesWords => (language.tag === "nl" ? nl : en);
