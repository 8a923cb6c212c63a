// Names for the parts of the API document that these sections show.

import type { components } from "../../../api/schema";

type Schemas = components["schemas"];

export type Role = Schemas["Role"];
export type Member = Schemas["Page_Member"]["items"][number];
export type Invitation = Schemas["InvitationView"];
export type MadeInvitation = Schemas["MadeInvitation"];
export type AccessReview = Schemas["AccessReview"];
export type Scope = Schemas["Scope"];
export type Token = Schemas["TokenView"];
export type MadeToken = Schemas["MadeToken"];
export type ThresholdEvent = Schemas["ThresholdEvent"];
export type Retention = Schemas["Retention"];
export type RetentionTerm = Schemas["RetentionTerm"];
export type RetentionClass = Schemas["RetentionClass"];
export type RetentionChange = Schemas["RetentionChange"];
export type RetentionRun = Schemas["Page_RetentionRun"]["items"][number];
export type AuditEvent = Schemas["Page_AuditEvent"]["items"][number];
export type ChainCheck = Schemas["ChainCheck"];
export type Webhook = Schemas["Webhook"];
export type MadeWebhook = Schemas["MadeWebhook"];
export type EventKind = Schemas["EventKind"];
export type Delivery = Schemas["Page_WebhookDelivery"]["items"][number];
export type Processing = Schemas["Processing"];
export type Purpose = Schemas["Purpose"];
export type Register = Schemas["Register"];
