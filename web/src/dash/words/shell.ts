import { language } from "../language.svelte";
import { en } from "./shell.en";
import { nl, type ShellWords } from "./shell.nl";

/** Words of the shell in the language of the dashboard. */
export const words = (): ShellWords => (language.tag === "nl" ? nl : en);
