// Names for the parts of the API document that describe what is asked and answered.

import type { components } from "../api/schema";

type Schemas = components["schemas"];

export type Framework = Schemas["Framework"];
export type Signifier = Schemas["Signifier"];
export type SignifierKind = Schemas["SignifierKind"];
export type Anchor = Schemas["Anchor"];
export type ShowIf = Schemas["ShowIf"];
export type Prompt = Schemas["Prompt"];
export type Consent = Schemas["Consent"];
export type Placement = Schemas["Placement"];
export type PlacementValue = Schemas["PlacementValue"];
export type StonePoint = Schemas["StonePoint"];
export type AnswerState = Schemas["AnswerState"];
export type InputMethod = Schemas["InputMethod"];
export type StoryBody = Schemas["StoryBody"];
export type Problem = Schemas["Problem"];
export type Receipt = Schemas["Receipt"];
/** A text in several languages, by BCP 47 tag. */
export type Texts = Record<string, string>;
