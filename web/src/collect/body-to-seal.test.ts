import { describe, expect, it } from "vitest";
import { reference } from "../framework/reference.testing";
import type { StoryBody } from "../framework/types";
import { bodyToSeal } from "./body-to-seal";
import type { Draft, Recording } from "./model";
import { paperBody, type } from "./paper/form";

const recording: Recording = { id: "r", mediaType: "audio/webm", seconds: 3, bytes: 9, sha256: null, finished: true };

function draftOf(body: Partial<StoryBody>, recordings: Recording[] = []): Draft {
  const at = "2026-03-02T10:00:00Z";
  return { id: "d", enrolment: "e", startedAt: at, changedAt: at, screen: "review", language: "nl", body, recordings, notes: {} };
}

const half = { state: "answered", value: { position: 0.5 } } as const;
const declined = { state: "declined" } as const;

describe("what is delivered of a story", () => {
  it("has no answers that another perspective gave, and leaves the draft as it is", () => {
    const draft = draftOf({ perspective: "job-coach", title: "De bus", placements: { confidence: half, money: declined } });
    const body = bodyToSeal(draft, reference);
    expect(Object.keys(body.placements ?? {})).not.toContain("money");
    expect(body).toMatchObject({ title: "De bus", placements: { confidence: half } });
    expect(Object.keys(draft.body.placements ?? {})).toContain("money");
  });

  it("says nothing about keeping a recording when the teller dropped it", () => {
    const permissions = { quote: true, recording: true, archive: true };
    expect(bodyToSeal(draftOf({ permissions }), reference).permissions).toEqual({ quote: true, recording: true });
    expect(bodyToSeal(draftOf({ permissions }, [recording]), reference).permissions).toEqual(permissions);
  });

  it("keeps a 'no' to keeping the recording, and everything else of the body", () => {
    const body = { perspective: "candidate", text: "Told.", permissions: { archive: false }, consent: null, participant: null };
    expect(bodyToSeal(draftOf(body, [recording]), reference)).toEqual({ ...body, placements: {}, background: {} });
  });

  it("is the same for a story that was told on the phone and for one that was typed in from paper", () => {
    const told = draftOf({ perspective: "candidate", placements: { confidence: half, money: declined }, permissions: { quote: false } });
    expect(paperBody(told, reference)).toEqual(bodyToSeal(told, reference));
  });

  it("is what stands in the fields of a paper form, also where the draft says something older", () => {
    const draft = draftOf({ perspective: "candidate", placements: { confidence: half } });
    const signifier = reference.signifiers.find((s) => s.key === "confidence");
    if (!signifier) throw new Error("there is no such question");
    type(draft, signifier, { fields: ["5"], picked: [], state: "" });
    draft.body.placements = { confidence: { state: "answered", value: { position: 0.9 } } };
    expect(paperBody(draft, reference).placements?.confidence?.value?.position).toBe(0.5);
  });
});
