// Words of the release queue, in the language of the interface.

import { language } from "../language.svelte";
import { en } from "./release.en";
import { type ReleaseWords, nl } from "./release.nl";

/** The words, in the language that is shown now. */
export const words = (): ReleaseWords => (language.tag === "nl" ? nl : en);
