import { language } from "../language.svelte";
import { en } from "./overview.en";
import { nl, type OverviewWords } from "./overview.nl";

/** Words of Overview in the language of the dashboard. */
export const words = (): OverviewWords => (language.tag === "nl" ? nl : en);
