// Short names for what the API answers about patterns.

import type { components } from "../../api/schema";

type Schemas = components["schemas"];

export type Finding = Schemas["Finding"];
export type FindingKind = Schemas["FindingKind"];
export type FindingsAnswer = Schemas["FindingsAnswer"];
export type About = Schemas["About"];
export type EvidenceClass = Schemas["EvidenceClass"];
export type Caveat = Schemas["Caveat"];
export type Wording = Schemas["Wording"];
export type LayerName = Schemas["LayerName"];
export type Pin = Schemas["Pin"];
export type Recomputed = Schemas["Recomputed"];
export type Of = Schemas["Of"];
