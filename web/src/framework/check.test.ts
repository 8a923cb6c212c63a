import { describe, expect, it } from "vitest";
import { checkStory, missingAnswers } from "./check";
import { reference } from "./reference.testing";
import type { Placement, PlacementValue, StoryBody } from "./types";

const framework = reference;
const body: StoryBody = {
  schema: 1, frameworkVersion: 1, wave: "1", teller: "7K3M-PX2C", participant: "7K3M-PX2C", perspective: "candidate",
  mode: "onSite", prompt: "recent-moment", title: "De bus", text: "Ik nam de bus.", language: "nl", interpreter: false,
  placements: {
    competence: { state: "answered", value: { shares: [0.6, 0.3, 0.1] } },
    confidence: { state: "answered", value: { position: 0.55 } },
    money: { state: "declined" },
  },
  permissions: { quote: true },
  consent: { version: "1", language: "nl", way: "spoken", at: "2026-03-02T10:00:00Z" },
};

function wrong(change: Partial<StoryBody>): string[] {
  return checkStory({ ...body, ...change }, framework).map((p) => `${p.path} ${p.code}`).sort();
}
function answer(key: string, value: PlacementValue): string[] {
  return wrong({ placements: { [key]: { state: "answered", value } } });
}

describe("a story on the device", () => {
  it("has nothing wrong when the server takes it", () => {
    expect(wrong({})).toEqual([]);
  });

  it("names all that is missing and too long, as the server would", () => {
    const { wave: _, ...rest } = body;
    expect(checkStory({ ...rest, title: "😀".repeat(1001) }, framework)).toEqual([
      { path: "$.wave", code: "required" },
      { path: "$.title", code: "tooLong" },
    ]);
    expect(wrong({ title: "😀".repeat(1000) })).toEqual([]);
    expect(wrong({ text: "x".repeat(200_001), language: "Dutch" })).toEqual(["$.language wrongFormat", "$.text tooLong"]);
  });

  it("has no keys that the framework does not know", () => {
    expect(
      wrong({ perspective: "nobody", prompt: "none", permissions: { "all-of-it": true }, attributes: { trajectory: "x" } }),
    ).toEqual([
      "$.attributes.trajectory unknownAttribute",
      "$.permissions['all-of-it'] unknownOption",
      "$.perspective unknownOption",
      "$.prompt unknownOption",
    ]);
  });

  it("has no characters that would make it unreadable for the server", () => {
    expect(wrong({ title: "a\0", text: "half \uD83D" })).toEqual(["$.text invalidJson", "$.title nullCharacter"]);
  });

  it("has answers only to questions that are asked of its perspective", () => {
    const placements: Record<string, Placement> = { money: { state: "notApplicable" }, "age-band": { state: "declined" } };
    expect(wrong({ perspective: "job-coach", placements })).toEqual([
      "$.placements.money notAsked",
      "$.placements['age-band'] unknownSignifier",
    ]);
  });

  it("has only the states that are offered", () => {
    const placements: Record<string, Placement> = { home: { state: "unknown" }, competence: { state: "answered" } };
    expect(wrong({ placements })).toEqual(["$.placements.competence.value required", "$.placements.home.state stateNotOffered"]);
  });

  it("has values in range", () => {
    expect(answer("competence", { shares: [0.7, 0.4, 0] })).toEqual(["$.placements.competence.value.shares sharesSum"]);
    expect(answer("competence", { shares: [0.99, 0.01, 0.005] })).toEqual([]);
    expect(answer("confidence", { position: 1.2 })).toEqual(["$.placements.confidence.value.position outOfRange"]);
    expect(answer("confidence", { position: Number.NaN })).toEqual(["$.placements.confidence.value.position outOfRange"]);
    expect(answer("confidence", { point: "4" })).toEqual([
      "$.placements.confidence.value.point wrongKind",
      "$.placements.confidence.value.position required",
    ]);
    expect(answer("tone", { point: "6" })).toEqual(["$.placements.tone.value.point unknownOption"]);
    expect(answer("transport", { options: ["walk", "bike"] })).toEqual(["$.placements.transport.value.options tooLong"]);
    expect(answer("transport", { options: [] })).toEqual(["$.placements.transport.value.options tooShort"]);
    expect(answer("health", { stones: [{ key: "body", x: 0, y: 2 }, { key: "body", x: 0, y: 1 }] })).toEqual([
      "$.placements.health.value.stones[0].y outOfRange",
      "$.placements.health.value.stones[1].key duplicateOption",
    ]);
  });
});

describe("required questions", () => {
  it("are missing until they have an answer or one of its states", () => {
    const before = missingAnswers(body, framework).map((p) => p.path);
    expect(before).toContain("$.placements['fitting-work']");
    expect(before).not.toContain("$.placements.money");
    expect(before).not.toContain("$.placements.health");
    const placements: StoryBody["placements"] = { ...body.placements, "fitting-work": { state: "notApplicable" } };
    const after = missingAnswers({ ...body, placements }, framework).map((p) => p.path);
    expect(after).toEqual(before.filter((path) => path !== "$.placements['fitting-work']"));
  });
});
