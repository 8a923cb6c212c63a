// Which of the ten stories were opened, and whether somebody went on to the patterns: kept for as long as the page is open.

import { SvelteSet } from "svelte/reactivity";

/** Ids of stories that were opened. */
export const opened = new SvelteSet<string>();

/** Ids of studies of which the patterns were asked for after the invitation to read. */
export const readFirst = new SvelteSet<string>();
