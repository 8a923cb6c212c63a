// Words of the framework editor, in the language of the interface.

import { language } from "../language.svelte";
import { en } from "./framework.en";
import { type FrameworkWords, nl } from "./framework.nl";

/** The words, in the language that is shown now. */
export const words = (): FrameworkWords => (language.tag === "nl" ? nl : en);
