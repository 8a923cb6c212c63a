// What waves and perspectives are called, also those that are not in the newest framework any more.

import { language } from "../../language.svelte";
import { study } from "../../study.svelte";

/** The label of a wave; its key where the study has none of that key. */
export function nameOfWave(key: string): string {
  const wave = study.waves.find((one) => one.key === key);
  return wave ? language.text(wave.label) || key : key;
}

/** The label of a perspective; its key where the framework has none of that key. */
export function nameOfPerspective(key: string): string {
  const perspective = study.hasFramework ? study.framework.perspectives.find((one) => one.key === key) : undefined;
  return perspective ? language.text(perspective.label) || key : key;
}
