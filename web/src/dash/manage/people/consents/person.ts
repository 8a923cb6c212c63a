// Consents, withdrawals and restrictions: the same for participants and tellers, at two sets of addresses.

import { study } from "../../../study.svelte";
import type { Answer } from "../kit/task.svelte";
import type { components } from "../../../../api/schema";
import type { ConsentEntry, ConsentHistory } from "../kit/types";

type Schemas = components["schemas"];

/** What somebody is. */
export type PersonKind = "participant" | "teller";

/** What was recorded of the consent of a person. */
export function history(kind: PersonKind, id: string): Promise<Answer<ConsentHistory>> {
  return kind === "participant"
    ? study.api.GET("/v1/projects/{projectId}/participants/{participantId}/consents", { params: { path: { ...study.path, participantId: id } } })
    : study.api.GET("/v1/projects/{projectId}/tellers/{tellerId}/consents", { params: { path: { ...study.path, tellerId: id } } });
}

/** Records what a person decided. */
export function record(kind: PersonKind, id: string, body: Schemas["NewConsent"]): Promise<Answer<ConsentEntry>> {
  return kind === "participant"
    ? study.api.POST("/v1/projects/{projectId}/participants/{participantId}/consents", { params: { path: { ...study.path, participantId: id } }, body })
    : study.api.POST("/v1/projects/{projectId}/tellers/{tellerId}/consents", { params: { path: { ...study.path, tellerId: id } }, body });
}

/** Withdraws a person, as far as the scope goes. */
export function withdraw(kind: PersonKind, id: string, body: Schemas["NewWithdrawal"]): Promise<Answer<ConsentEntry>> {
  return kind === "participant"
    ? study.api.POST("/v1/projects/{projectId}/participants/{participantId}/consents/_withdraw", { params: { path: { ...study.path, participantId: id } }, body })
    : study.api.POST("/v1/projects/{projectId}/tellers/{tellerId}/consents/_withdraw", { params: { path: { ...study.path, tellerId: id } }, body });
}

/** Restricts a person to being kept, with a reason; null lifts it. */
export function restrict(kind: PersonKind, id: string, reason: string | null): Promise<Answer<undefined>> {
  const participant = { params: { path: { ...study.path, participantId: id } } };
  const teller = { params: { path: { ...study.path, tellerId: id } } };
  if (kind === "participant") {
    return reason === null
      ? study.api.DELETE("/v1/projects/{projectId}/participants/{participantId}/restriction", participant)
      : study.api.PUT("/v1/projects/{projectId}/participants/{participantId}/restriction", { ...participant, body: { reason } });
  }
  return reason === null
    ? study.api.DELETE("/v1/projects/{projectId}/tellers/{tellerId}/restriction", teller)
    : study.api.PUT("/v1/projects/{projectId}/tellers/{tellerId}/restriction", { ...teller, body: { reason } });
}
