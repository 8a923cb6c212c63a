// Words of the workshop in the language of the dashboard.

import { language } from "../language.svelte";
import { en } from "./workshop.en";
import { nl, type WorkshopWords } from "./workshop.nl";

/** The words in the language that is shown. */
export const words = (): WorkshopWords => (language.tag === "nl" ? nl : en);
