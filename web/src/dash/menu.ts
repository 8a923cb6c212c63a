// Which parts of a study somebody may open.

import type { Capability } from "./may";
import { type Area, areas } from "./router.svelte";

/** Any of these opens a part. */
const needed: Record<Area, readonly Capability[]> = {
  overview: ["readResponse", "analyse"],
  explore: ["analyse"],
  patterns: ["analyse"],
  read: ["readReleased"],
  workshop: ["workshop"],
  // Everybody has something there, if only the register of processing.
  manage: ["readProject"],
};

/** Somebody with a role. */
export interface Allowed {
  may(verb: Capability): boolean;
}

/** Whether somebody may open a part. */
export function mayOpen(area: Area, who: Allowed): boolean {
  return needed[area].some((verb) => who.may(verb));
}

/** The parts that somebody may open, in the order of the menu. */
export function menuFor(who: Allowed): Area[] {
  return areas.filter((area) => mayOpen(area, who));
}
