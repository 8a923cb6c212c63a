import { language } from "../language.svelte";
import { en } from "./read.en";
import { nl, type ReadWords } from "./read.nl";

/** Words of Read in the language of the dashboard. */
export const words = (): ReadWords => (language.tag === "nl" ? nl : en);
