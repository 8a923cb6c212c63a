// Labels of the open study: its waves, perspectives and attributes, in the language of the interface.

import { language } from "../../../language.svelte";
import { study } from "../../../study.svelte";
import type { Attribute, Framework, Wave } from "./types";

/** The newest published framework; null while there is none. */
export function framework(): Framework | null {
  return study.hasFramework ? study.framework : null;
}

/** What a wave is called; its key when it is not one of this study. */
export function waveLabel(key: string | null | undefined): string {
  const wave = study.waves.find((one) => one.key === key);
  return wave ? labelOf(wave) : (key ?? "");
}

/** What a wave is called. */
export function labelOf(wave: Wave): string {
  return language.text(wave.label) || wave.key;
}

/** What a perspective is called. */
export function perspectiveLabel(key: string): string {
  const found = framework()?.perspectives.find((one) => one.key === key);
  return found ? language.text(found.label) : key;
}

/** What the options that somebody has are called, as one line. */
export function attributesInWords(attributes: Record<string, string>, known: readonly Attribute[]): string {
  return known
    .filter((attribute) => attributes[attribute.key] !== undefined)
    .map((attribute) => optionLabel(attribute, attributes[attribute.key] ?? ""))
    .join(" · ");
}

/** What an option of an attribute is called. */
export function optionLabel(attribute: Attribute, key: string): string {
  const option = attribute.options.find((one) => one.key === key);
  return option ? language.text(option.label) : key;
}
