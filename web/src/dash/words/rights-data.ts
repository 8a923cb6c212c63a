// Words about the audit trail, files, webhooks and the register of processing, in the language of the interface.

import { language } from "../language.svelte";
import { en } from "./rights-data.en";
import { nl, type DataWords } from "./rights-data.nl";

/** The words, in the language that is shown now. */
export const words = (): DataWords => (language.tag === "nl" ? nl : en);
