// Words of the frame of the manage area, in English.

import type { ManageWords } from "./manage.nl";

export const en: ManageWords = {
  title: "Manage",
  menu: "Parts of manage",
  groups: { study: "Study", people: "People", rights: "Rights and data" },
  sections: {
    framework: "Framework",
    waves: "Waves",
    release: "Release stories",
    snapshot: "What the workgroup sees",
    participants: "Participants",
    tellers: "Tellers",
    collecting: "Collecting",
    response: "Response",
    subjects: "Rights of people",
    members: "Members",
    tokens: "Access tokens",
    thresholds: "Thresholds",
    retention: "Retention",
    audit: "Audit trail",
    exports: "Files",
    webhooks: "Messages to systems",
    register: "Register of processing",
  },
};
