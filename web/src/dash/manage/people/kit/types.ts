// Names for the parts of the API document that these sections show.

import type { components } from "../../../../api/schema";

type Schemas = components["schemas"];

export type Problem = Schemas["Problem"];
export type Role = Schemas["Role"];
export type Participant = Schemas["Participant"];
export type Participation = Schemas["Participation"];
export type ParticipationState = Schemas["ParticipationState"];
export type ParticipantStatus = Schemas["ParticipantStatus"];
export type ExitReason = Schemas["ExitReason"];
export type MadeParticipant = Schemas["MadeParticipant"];
export type InformedWay = Schemas["InformedWay"];
export type Contact = Schemas["Contact"];
export type KeptContact = Schemas["KeptContact"];
export type Teller = Schemas["Teller"];
export type MadeTeller = Schemas["MadeTeller"];
export type ConsentText = Schemas["ConsentText"];
export type ConsentEntry = Schemas["ConsentEntry"];
export type ConsentHistory = Schemas["ConsentHistory"];
export type ConsentCounts = Schemas["ConsentCounts"];
export type GivenWay = Schemas["GivenWay"];
export type Representative = Schemas["Representative"];
export type WithdrawalScope = Schemas["WithdrawalScope"];
export type SubjectFound = Schemas["SubjectFound"];
export type Enrolment = Schemas["Enrolment"];
export type MadeEnrolment = Schemas["MadeEnrolment"];
export type Device = Schemas["Page_Device"]["items"][number];
export type Response = Schemas["Response"];
export type Wave = Schemas["Wave"];
export type Attribute = Schemas["Attribute"];
export type AttributeOf = Schemas["AttributeOf"];
export type Framework = Schemas["Framework"];
/** Attributes of somebody: key of the attribute to key of its option. */
export type Attributes = Record<string, string>;
