// Which scopes of a token are of use to a role: the others would open nothing.

import { capabilities, type Capability } from "../../may";
import type { Role, Scope } from "./types";

/** What each scope opens, if its owner may do it: the same table as the server keeps, without what everybody may. */
const covers: Record<Scope, readonly Capability[]> = {
  "project:read": ["readProject"],
  "stories:read": ["readReleased", "readRaw"],
  "stories:write": ["deliverStories", "importData"],
  "analysis:read": ["analyse"],
  "export:read": ["exportData"],
};

/** The scopes that open something for a role, in the order of the API. */
export function scopesFor(role: Role): Scope[] {
  const may = capabilities[role];
  return scopeNames.filter((scope) => covers[scope].some((capability) => may.includes(capability)));
}

const scopeNames: readonly Scope[] = ["project:read", "stories:read", "stories:write", "analysis:read", "export:read"];
