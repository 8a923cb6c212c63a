// Which mark goes with how somebody takes part.

import type { ShownState } from "./people";

/** good: told; wait: something is still to come; off: nothing comes. */
export function kindOf(state: ShownState): "good" | "wait" | "off" {
  if (state === "completed") return "good";
  return state === "expected" || state === "started" ? "wait" : "off";
}
