// Words of the frame of the manage area, in the language of the interface.

import { language } from "../language.svelte";
import { en } from "./manage.en";
import { type ManageWords, nl } from "./manage.nl";

/** The words, in the language that is shown now. */
export const words = (): ManageWords => (language.tag === "nl" ? nl : en);
