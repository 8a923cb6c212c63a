// What is shown of participants: their states in words, and which of them fit a filter.

import type { Attribute, AttributeOf, Framework, Participant, ParticipationState, Wave } from "../kit/types";

/** How somebody takes part in a wave, as it is shown; the last two are no state of the server. */
export type ShownState = ParticipationState | "lateJoiner" | "unset";

/** States that a coordinator may set; `withdrawn` comes from a withdrawal only. */
export const SETTABLE: readonly ParticipationState[] = ["notApplicable", "expected", "started", "completed", "missed", "declined"];

/**
 * How a participant takes part in a wave. Whoever began at a later wave was not there yet, which is something else than not
 * telling. `unset` when nothing is known.
 */
export function stateOf(participant: Participant, wave: Wave, waves: readonly Wave[]): ShownState {
  const known = participant.participations?.find((one) => one.wave === wave.key)?.state;
  const first = waves.find((one) => one.key === participant.firstWave);
  const later = first !== undefined && first.ordinal > wave.ordinal;
  if (known === undefined) return later ? "lateJoiner" : "unset";
  return known === "notApplicable" && later ? "lateJoiner" : known;
}

/** Which participants to show; what is empty filters nothing. */
export interface Filter {
  /** Part of a code, as typed. */
  code: string;
  status: string;
  /** Key of a wave, for `state`. */
  wave: string;
  state: string;
  /** Key of the attribute to key of the option. */
  attributes: Record<string, string>;
}

/** A filter through which everybody passes. */
export function noFilter(): Filter {
  return { code: "", status: "", wave: "", state: "", attributes: {} };
}

/** The filter that an address asks for (`wave`, `state`, `status`): never a code, which would stay in the history. */
export function filterOf(query: URLSearchParams): Filter {
  const of = (key: string): string => query.get(key) ?? "";
  return { ...noFilter(), wave: of("wave"), state: of("state"), status: of("status") };
}

/** The participants that fit, in the order of their codes, which tells nothing about them. */
export function fitting(people: readonly Participant[], filter: Filter, waves: readonly Wave[]): Participant[] {
  const code = bare(filter.code);
  const wave = waves.find((one) => one.key === filter.wave);
  return people
    .filter((one) => code === "" || bare(one.code).includes(code))
    .filter((one) => filter.status === "" || one.status === filter.status)
    .filter((one) => Object.entries(filter.attributes).every(([key, option]) => option === "" || one.attributes[key] === option))
    .filter((one) => filter.state === "" || wave === undefined || stateOf(one, wave, waves) === filter.state)
    .toSorted((a, b) => (a.code < b.code ? -1 : 1));
}

/** A code without its hyphen and in capitals, to compare what was typed. */
function bare(code: string): string {
  return code.replace(/[\s-]/g, "").toUpperCase();
}

/** The attributes of a framework that belong to `of`. */
export function attributesOf(framework: Framework | null, of: AttributeOf): Attribute[] {
  return (framework?.attributes ?? []).filter((attribute) => attribute.of === of);
}

/** Attributes without those that have no option chosen. */
export function chosen(attributes: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(attributes).filter(([, option]) => option !== ""));
}
