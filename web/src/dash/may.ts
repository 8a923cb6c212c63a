// What each role may do: the same table as the server keeps, so that a screen offers nothing that is refused.

import type { Role } from "./types";

/** What somebody may do in a study. */
export type Capability =
  | "readProject" | "editProject" | "manageMembers" | "editWaves" | "editFramework" | "manageParticipants"
  | "readParticipants" | "readResponse" | "manageDevices" | "deliverStories" | "readReleased" | "readRaw" | "editStories"
  | "withdrawByCode" | "analyse" | "editRegions" | "importData" | "exportData" | "consentThreshold" | "readAudit" | "workshop";

/** What every role may do. */
export const capabilities: Record<Role, readonly Capability[]> = {
  owner: ["readProject", "editProject", "manageMembers", "editWaves", "readResponse", "readAudit"],
  coordinator: [
    "readProject", "editWaves", "manageParticipants", "readParticipants", "manageDevices", "readResponse", "withdrawByCode",
  ],
  researcher: [
    "readProject", "editFramework", "editWaves", "readParticipants", "readReleased", "readRaw", "editStories",
    "withdrawByCode", "deliverStories", "analyse", "editRegions", "importData", "exportData", "readResponse",
    "consentThreshold", "workshop",
  ],
  externalResearcher: ["readProject", "readReleased", "analyse", "exportData", "readResponse"],
  workgroup: ["readProject", "readReleased", "analyse", "editRegions", "workshop"],
  facilitator: ["readProject", "deliverStories"],
};
