// A figure that somebody sends from Explore to a workshop: in the address, until it lies on a table.

import { route } from "../router.svelte";
import { study } from "../study.svelte";
import type { Signifier } from "../../framework/types";

/** A figure that is under way to a table. */
export interface Offered {
  question: Signifier;
  /** Id of the kept lens; null for all stories. */
  lens: string | null;
}

/** The figure that the address offers; null when it offers none that can lie on a table. */
export function offered(): Offered | null {
  const question = exhibitable().find(({ key }) => key === route.query.get("signifier"));
  return question ? { question, lens: route.query.get("lens") } : null;
}

/** The questions whose figures can lie on a table. */
export function exhibitable(): Signifier[] {
  return study.framework.signifiers.filter((one) => one.kind !== "text" && !one.background);
}

/** What the address says of it. */
export function asQuery(figure: Offered | null): Record<string, string | null> {
  return figure ? { signifier: figure.question.key, lens: figure.lens } : {};
}
