// What of a story is delivered.

import { placementsShown } from "../framework/questions";
import type { Framework, StoryBody } from "../framework/types";
import type { Draft } from "./model";

/**
 * The body as it is frozen: without answers to questions that are not asked any more, such as of another perspective, and
 * without a permission about recordings when there is none any more. What was not shown at the end is not delivered.
 */
export function bodyToSeal({ body, recordings }: Pick<Draft, "body" | "recordings">, framework: Framework): Partial<StoryBody> {
  const { perspective = "", placements = {}, background = {}, permissions } = body;
  const sealed = { ...body, ...placementsShown(framework, { perspective, placements, background }) };
  if (permissions === undefined || recordings.length > 0) return sealed;
  const archive = (framework.consents ?? []).filter((consent) => consent.scope === "archive").map((consent) => consent.key);
  return { ...sealed, permissions: Object.fromEntries(Object.entries(permissions).filter(([key]) => !archive.includes(key))) };
}
