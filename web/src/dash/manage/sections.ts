// The sections of the manage area: who may see each, and which file shows it (loaded only when it is opened).

import type { Component } from "svelte";
import type { components } from "../../api/schema";
import type { ManageWords } from "../words/manage.nl";

type Role = components["schemas"]["Role"];

/** The name of a section, as in the address `#/projects/{id}/manage/{name}`. */
export type SectionName = keyof ManageWords["sections"];

/** One section. */
export interface Section {
  /** As in the address. */
  name: SectionName;
  /** Who may see it; the server decides what each of them gets to see in it. */
  roles: readonly Role[];
  /** Loads its component, which takes no props: it reads `study`, `route` and `session`. */
  load: () => Promise<{ default: Component }>;
}

/** Who looks at a study with programs of their own, within what they may. */
const withTokens: readonly Role[] = ["owner", "coordinator", "researcher", "externalResearcher", "workgroup"];

/** All sections, in three groups: the study itself, its people, their rights and data. */
export const groups: readonly { name: keyof ManageWords["groups"]; sections: readonly Section[] }[] = [
  {
    name: "study",
    sections: [
      { name: "framework", roles: ["researcher"], load: () => import("./framework/Section.svelte") },
      { name: "waves", roles: ["owner", "coordinator", "researcher"], load: () => import("./waves/Section.svelte") },
      { name: "release", roles: ["researcher"], load: () => import("./release/Section.svelte") },
      { name: "snapshot", roles: ["researcher"], load: () => import("./release/Snapshot.svelte") },
    ],
  },
  {
    name: "people",
    sections: [
      { name: "participants", roles: ["coordinator", "researcher"], load: () => import("./people/Participants.svelte") },
      { name: "tellers", roles: ["coordinator"], load: () => import("./people/Tellers.svelte") },
      { name: "collecting", roles: ["coordinator"], load: () => import("./people/Collecting.svelte") },
      {
        name: "response",
        roles: ["owner", "coordinator", "researcher", "externalResearcher"],
        load: () => import("./people/Response.svelte"),
      },
      { name: "subjects", roles: ["coordinator", "researcher"], load: () => import("./people/Subjects.svelte") },
    ],
  },
  {
    name: "rights",
    sections: [
      { name: "members", roles: ["owner"], load: () => import("./rights/Members.svelte") },
      {
        name: "tokens",
        roles: withTokens,
        load: () => import("./rights/Tokens.svelte"),
      },
      { name: "thresholds", roles: ["owner", "researcher"], load: () => import("./rights/Thresholds.svelte") },
      { name: "retention", roles: ["owner", "coordinator", "researcher"], load: () => import("./rights/Retention.svelte") },
      { name: "audit", roles: ["owner"], load: () => import("./rights/Audit.svelte") },
      { name: "exports", roles: ["researcher", "externalResearcher"], load: () => import("./rights/Exports.svelte") },
      { name: "webhooks", roles: ["owner"], load: () => import("./rights/Webhooks.svelte") },
      {
        name: "register",
        // Whoever works with the data may know what happens to them.
        roles: [...withTokens, "facilitator"],
        load: () => import("./rights/Register.svelte"),
      },
    ],
  },
];

/** The groups with the sections that a role may see; groups with none are left out. */
export function groupsFor(role: Role): { name: keyof ManageWords["groups"]; sections: readonly Section[] }[] {
  return groups
    .map((group) => ({ name: group.name, sections: group.sections.filter((section) => section.roles.includes(role)) }))
    .filter((group) => group.sections.length > 0);
}

/**
 * The section of this name, or the first one where there is no such name; undefined when it is there but not for this role:
 * who follows a link to it is told so, and is not shown something else instead.
 */
export function sectionFor(role: Role, name: string | undefined): Section | undefined {
  const all = groups.flatMap((group) => group.sections);
  const isKnown = all.some((section) => section.name === name);
  return all.find((section) => section.roles.includes(role) && (!isKnown || section.name === name));
}
