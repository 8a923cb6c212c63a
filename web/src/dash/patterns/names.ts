// The names of the study that is open, in the language of the dashboard.

import { language } from "../language.svelte";
import { study } from "../study.svelte";
import type { Names } from "./lookup";

/** Looks names up in the open study; read it where a change of language is to be followed. */
export function names(): Names {
  return { framework: study.framework, waves: study.waves, text: (texts) => language.text(texts) };
}
