// Short names for what the API answers and takes on the dashboard.

import type { components } from "../api/schema";

type Schemas = components["schemas"];

export type Me = Schemas["Me"];
export type Project = Schemas["Project"];
export type Role = Schemas["Role"];
export type Wave = Schemas["Wave"];
export type Lens = Schemas["Lens"];
export type Region = Schemas["Region"];
export type NamedRegion = Schemas["NamedRegion"];
export type Attribute = Schemas["Attribute"];
export type SummaryAnswer = Schemas["SummaryAnswer"];
export type SignifierSummary = Schemas["SignifierSummary"];
export type EvidenceClass = Schemas["EvidenceClass"];
export type Story = Schemas["Story"];
export type StoryItem = Schemas["StoryItem"];
export type WaveResponse = Schemas["WaveResponse"];
export type SessionTokens = Schemas["SessionTokens"];
export type SessionView = Schemas["SessionView"];
