// What signifiers, groups, waves and perspectives of a finding are called.

import type { Framework, Signifier, Texts } from "../../framework/types";
import type { Wave } from "../types";
import type { Finding, LayerName } from "./types";

/** What names are looked up in: the study that is open. */
export interface Names {
  framework: Framework;
  waves: Wave[];
  text(texts: Texts): string;
}

/** A variable of a finding: a signifier, or the stone or option of it after `/`. */
export function variableOf(names: Names, name: string): { signifier: Signifier | null; part: string | null } {
  const [key, part] = name.split("/");
  return { signifier: names.framework.signifiers.find((signifier) => signifier.key === key) ?? null, part: part ?? null };
}

/** The question of a variable as a perspective was asked it, with the stone or option behind it; of an attribute its name. */
export function questionOf(names: Names, variable: string, perspective?: string | null): string {
  const { signifier, part } = variableOf(names, variable);
  if (signifier === null) {
    const attribute = (names.framework.attributes ?? []).find((a) => a.key === variable);
    return attribute ? names.text(attribute.label) : variable;
  }
  const asked = perspective ? signifier.questionFor?.[perspective] : undefined;
  const question = names.text(asked ?? signifier.question);
  const label = part === null ? null : labelIn(names, signifier, part);
  return label === null ? question : `${question}: ${label}`;
}

/** The indicator that a variable belongs to; empty where it has none. */
export function indicatorOf(names: Names, variable: string): string {
  const { signifier } = variableOf(names, variable);
  const indicator = (names.framework.indicators ?? []).find((i) => i.key === signifier?.indicator);
  return indicator ? names.text(indicator.label) : "";
}

/** The label of an anchor, stone, point or option of a signifier; null where there is none with this key. */
export function labelIn(names: Names, signifier: Signifier, key: string): string | null {
  const lists = [signifier.anchors, signifier.stones, signifier.points, signifier.options];
  const found = lists.flatMap((list) => list ?? []).find((anchor) => anchor.key === key);
  return found ? names.text(found.label) : null;
}

/** The name of a group of an attribute or background question. */
export function groupOf(names: Names, variable: string, group: string): string {
  const attribute = (names.framework.attributes ?? []).find((a) => a.key === variable);
  const option = attribute?.options.find((o) => o.key === group);
  if (option) return names.text(option.label);
  const { signifier } = variableOf(names, variable);
  return (signifier && labelIn(names, signifier, group)) ?? group;
}

/** The name of a wave. */
export function waveOf(names: Names, key: string): string {
  const wave = names.waves.find((w) => w.key === key);
  return wave ? names.text(wave.label) : key;
}

/** The name of a perspective. */
export function perspectiveOf(names: Names, key: string): string {
  const found = names.framework.perspectives.find((p) => p.key === key);
  return found ? names.text(found.label) : key;
}

/** What a finding is about, in a few words: its subjects, wave and perspective. */
export function placeOf(names: Names, finding: Finding): string[] {
  const subjects = finding.kind === "contrast" ? finding.signifiers.slice(0, 1) : finding.signifiers;
  const indicators = [...new Set(subjects.map((name) => indicatorOf(names, name)).filter((label) => label !== ""))];
  const compared = finding.kind === "change" ? [finding.compared.map((key) => waveOf(names, key)).join(" → ")] : [];
  const seen = finding.kind === "perspective-gap" ? [finding.compared.map((key) => perspectiveOf(names, key)).join(" – ")] : [];
  return [...indicators, ...compared, ...layerOf(names, finding.layer), ...seen];
}

/** The wave and perspective of a layer. */
export function layerOf(names: Names, layer: LayerName): string[] {
  const wave = layer.wave ? [waveOf(names, layer.wave)] : [];
  return layer.perspective ? [...wave, perspectiveOf(names, layer.perspective)] : wave;
}

/** Every question that a finding names, in all wordings that its sentence may have. */
export function questionsIn(names: Names, finding: Finding): string[] {
  return finding.signifiers.map((name) => questionOf(names, name));
}
