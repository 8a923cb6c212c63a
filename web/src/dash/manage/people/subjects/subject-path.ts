// Addresses of what is kept of somebody.

import type { PersonKind } from "../consents/person";

/** What is asked. */
export interface SubjectQuestion {
  projectId: string;
  kind: PersonKind;
  /** Random id of the person. */
  id: string;
  format: "html" | "json";
  /** BCP 47 tag. */
  language: string;
  /** Also the words of what others told about a participant. */
  others: boolean;
}

/** The path and query to ask. */
export function subjectPath({ projectId, kind, id, format, language, others }: SubjectQuestion): string {
  const query = new URLSearchParams({ format, language });
  if (others && kind === "participant") query.set("others", "true");
  return `/v1/projects/${projectId}/${kind}s/${id}/subject-data?${query}`;
}
