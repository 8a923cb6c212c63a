// The screens of a story, in their order, and what of them still waits for an answer.

import { questionsFor } from "../framework/questions";
import type { Consent, Framework, Placement, Signifier } from "../framework/types";
import type { Draft } from "./model";

/** A screen of the flow. Its key is stable, so that a draft opens where it was left. */
export type Screen =
  | { key: "language" | "who" | "how" | "consent" | "prompt" | "story" | "title"; kind: "fixed" }
  | { key: string; kind: "question"; signifier: Signifier; number: number; of: number }
  | { key: "background"; kind: "background" }
  | { key: string; kind: "permission"; consent: Consent }
  | { key: "review"; kind: "review" };

/** What the screens remember beside the story. */
export interface Notes {
  /** Whether background questions are asked now, or were answered with an earlier story. */
  background?: "ask" | "skip";
  /** Whether the story may be recorded. */
  recording?: boolean;
  /** Who placed the answers. */
  placedBy?: "teller" | "facilitator";
  /** Language of the questions, where it is not that of the story. */
  questions?: string;
  /** Whether a professional tells about the own work. */
  ownWork?: boolean;
  /** Typed in from paper. */
  paper?: boolean;
  /** Whether a code was passed on purpose. */
  withoutCode?: boolean;
}

/** The participants' own perspective: the first one of the framework. Others tell about them. */
export function ownPerspective(framework: Framework): string | null {
  return framework.perspectives[0]?.key ?? null;
}

/** Questions about what may be done with a story; recordings only where there is one. */
export function permissionsOf(framework: Framework, draft: Draft): Consent[] {
  const after = (framework.consents ?? []).filter((c) => c.scope !== "participation" && c.scope !== "recording");
  return after.filter((c) => c.scope !== "archive" || draft.recordings.length > 0);
}

/** Whether something was told: written or recorded. */
export function wasTold(draft: Draft): boolean {
  return (draft.body.text ?? "").trim() !== "" || draft.recordings.length > 0;
}

/** The screens of a draft as it is now. */
export function screensOf(framework: Framework, draft: Draft): Screen[] {
  const fixed = (key: "language" | "who" | "how" | "consent" | "prompt" | "story" | "title"): Screen => ({ key, kind: "fixed" });
  const notes: Notes = draft.notes;
  const questions = questionsFor(framework, {
    perspective: draft.body.perspective ?? "",
    placements: draft.body.placements ?? {},
    background: draft.body.background ?? {},
  });
  const asked = (list: Signifier[], prefix: string): Screen[] =>
    list.map((signifier, i) => ({
      key: `${prefix}:${signifier.key}`,
      kind: "question",
      signifier,
      number: i + 1,
      of: list.length,
    }));
  const background: Screen[] =
    questions.background.length === 0
      ? []
      : [{ key: "background", kind: "background" }, ...(notes.background === "ask" ? asked(questions.background, "b") : [])];
  const permissions = permissionsOf(framework, draft).map((consent): Screen => ({ key: `p:${consent.key}`, kind: "permission", consent }));
  return [
    ...(["language", "who", "how", "consent", "prompt", "story", "title"] as const).map(fixed),
    ...asked(questions.story, "q"),
    ...background,
    ...permissions,
    { key: "review", kind: "review" },
  ];
}

/** Where a screen is in the list; the first screen when it is gone, such as a question that is no longer asked. */
export function indexOf(screens: Screen[], key: string): number {
  return Math.max(0, screens.findIndex((screen) => screen.key === key));
}

/** The answer to a question of a draft. */
export function answerTo(draft: Draft, signifier: Signifier): Placement | null {
  const answers = signifier.background === true ? draft.body.background : draft.body.placements;
  return answers?.[signifier.key] ?? null;
}

/** Sets or takes away the answer to a question of a draft. */
export function answer(draft: Draft, signifier: Signifier, placement: Placement | null): void {
  const member = signifier.background === true ? "background" : "placements";
  const answers: Record<string, Placement> = { ...draft.body[member] };
  if (placement === null) delete answers[signifier.key];
  else answers[signifier.key] = placement;
  draft.body[member] = answers;
}

/** Whether a screen may be left towards the next one. */
export function mayGoOn(screen: Screen, draft: Draft): boolean {
  const notes: Notes = draft.notes;
  switch (screen.key) {
    case "language":
      return Boolean(draft.body.language);
    case "who":
      return Boolean(draft.body.perspective) && (hasCodes(draft) || notes.withoutCode === true);
    case "how":
      return Boolean(draft.body.mode);
    case "consent":
      return draft.body.consent != null;
    case "prompt":
      return Boolean(draft.body.prompt);
    default:
  }
  if (screen.kind === "question") return screen.signifier.required !== true || answerTo(draft, screen.signifier) !== null;
  if (screen.kind === "permission") return maySettle(screen.consent, draft);
  if (screen.kind === "background") return notes.background !== undefined;
  return true;
}

/** A 'no' to keeping recordings is settled when they are gone. */
function maySettle(consent: Consent, draft: Draft): boolean {
  const given = draft.body.permissions?.[consent.key];
  return consent.scope === "archive" && draft.recordings.length > 0 ? given === true : given !== undefined;
}

/** Whether the codes that tell whose story it is are there. */
export function hasCodes(draft: Draft): boolean {
  const notes: Notes = draft.notes;
  return Boolean(draft.body.teller) && (notes.ownWork === true || Boolean(draft.body.participant));
}
