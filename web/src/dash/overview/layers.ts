// Summaries of parts of a study, kept as long as the study does not change: Overview asks for the same ones more than once.

import { answer } from "../failure";
import { session } from "../session.svelte";
import { study } from "../study.svelte";
import type { Lens, SummaryAnswer } from "../types";

const kept = new Map<string, Promise<SummaryAnswer>>();

/** The summaries of all signifiers for a lens. Errors: `Failure`. */
export function summaries(lens: Lens): Promise<SummaryAnswer> {
  const key = JSON.stringify([session.me?.id, study.role, study.project.id, study.project.change, lens]);
  const known = kept.get(key);
  if (known) return known;
  const asked = answer(
    study.api.POST("/v1/projects/{projectId}/summaries/_search", { params: { path: study.path }, body: lens }),
  );
  kept.set(key, asked);
  // What failed is asked again.
  asked.catch(() => kept.delete(key));
  return asked;
}

/** Groups of stories that are counted wave by wave. */
export interface Group {
  key: string;
  /** The lens without its wave. */
  lens: Lens;
}

/** Stories per group and wave; null where the number is withheld. Errors: `Failure`. */
export async function storyCounts(
  groups: readonly Group[],
  waves: readonly string[],
): Promise<Record<string, Record<string, number | null>>> {
  const cells = groups.flatMap((group) => waves.map((wave) => ({ group, wave })));
  const counts = await Promise.all(
    cells.map(async ({ group, wave }) => {
      const found = await summaries({ ...group.lens, waves: [wave] });
      return { group: group.key, wave, stories: found.suppressed ? null : (found.stories ?? null) };
    }),
  );
  return Object.fromEntries(
    groups.map((group) => [
      group.key,
      Object.fromEntries(counts.filter((c) => c.group === group.key).map((c) => [c.wave, c.stories])),
    ]),
  );
}
