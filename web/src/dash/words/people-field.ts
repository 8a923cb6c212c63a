// Words about collecting and response, in the language of the interface.

import { language } from "../language.svelte";
import { en } from "./people-field.en";
import { type FieldWords, nl } from "./people-field.nl";

/** The words, in the language that is shown now. */
export const words = (): FieldWords => (language.tag === "nl" ? nl : en);
