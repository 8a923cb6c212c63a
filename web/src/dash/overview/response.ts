// Counts of who told, brought into the order in which they are shown.

import type { Wave, WaveResponse } from "../types";

/** Participants of one wave. */
export interface WaveTold {
  key: string;
  label: Wave["label"];
  state: Wave["state"];
  told: number;
  /** Of whom a story is still to come. */
  expected: number;
  /** Missed, declined or withdrawn: one count, so that a refusal cannot be told from an absence. */
  notTold: number;
  all: number;
}

/** What is shown of the response. */
export interface Shown {
  /** Waves in which somebody takes part. */
  waves: WaveTold[];
  /** Participants of the largest wave, at least 1: all bars have this scale. */
  most: number;
  /** Stories in the study per perspective, wave by wave. */
  perspectives: { key: string; counts: Record<string, number> }[];
  /** Stories about which administration has a question. */
  held: number;
}

/** What is shown of the counts. */
export function responses(counted: readonly WaveResponse[], waves: readonly Wave[]): Shown {
  const told = waves.flatMap((wave) => {
    const counts = counted.find((count) => count.wave === wave.key);
    return counts ? [toldIn(wave, counts)] : [];
  });
  const withPeople = told.filter((wave) => wave.all > 0 || wave.state === "open");
  const cells = counted.flatMap((wave) => wave.stories.map((cell) => ({ ...cell, wave: wave.wave })));
  const keys = [...new Set(cells.map((cell) => cell.perspective))];
  return {
    waves: withPeople,
    most: Math.max(1, ...withPeople.map((wave) => wave.all)),
    perspectives: keys.map((key) => ({
      key,
      counts: Object.fromEntries(cells.filter((c) => c.perspective === key).map((c) => [c.wave, c.active])),
    })),
    held: cells.reduce((sum, cell) => sum + cell.held, 0),
  };
}

function toldIn(wave: Wave, { participants }: WaveResponse): WaveTold {
  const { completed: told, expected, notTold } = participants;
  return { key: wave.key, label: wave.label, state: wave.state, told, expected, notTold, all: told + expected + notTold };
}
