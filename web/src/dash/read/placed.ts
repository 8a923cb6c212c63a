// The placements of a story, in the order in which they were asked.

import type { Framework, Placement, Signifier } from "../../framework/types";
import type { Story } from "../types";

/** A question and how the teller answered it. */
export interface Answered {
  signifier: Signifier;
  placement: Placement;
}

/**
 * The placements that the server gives of a story, in the order of the framework. What an older framework asked and the
 * newest does not have is left out: it has no words any more.
 */
export function placedOf(framework: Framework, story: Pick<Story, "placements">): Answered[] {
  return framework.signifiers.flatMap((signifier) => {
    const placement = story.placements[signifier.key];
    return placement ? [{ signifier, placement }] : [];
  });
}
