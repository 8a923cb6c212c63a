import { describe, expect, it } from "vitest";
import type { Signifier } from "../../framework/types";
import type { SignifierSummary, Wave, WaveResponse } from "../types";
import { en } from "../words/overview.en";
import { inWords, labelsOf } from "./describe";
import { byIndicator } from "./indicators";
import { responses } from "./response";

const label = (anchor: { label: Record<string, string> }): string => anchor.label.en ?? "";
const anchor = (key: string) => ({ key, label: { en: key } });
const wave = (key: string, state: Wave["state"]): Wave => ({ key, ordinal: Number(key), label: { en: `wave ${key}` }, state });
const triad: Signifier = { key: "learned", kind: "triad", question: {}, anchors: [anchor("work"), anchor("people"), anchor("me")] };
const zone = (name: "top" | "centre" | "left-right", share: number) => ({
  zone: name, share, count: 1, low: 0, high: 1, areaShare: 0.1,
});

describe("who told", () => {
  const counted = (key: string, completed: number, expected: number, notTold: number): WaveResponse => ({
    wave: key,
    participants: { completed, expected, notTold },
    stories: [{ perspective: "candidate", active: completed, held: 1 }],
  });

  it("is shown on the scale of the largest wave", () => {
    const shown = responses([counted("1", 84, 0, 12), counted("2", 63, 14, 7)], [wave("1", "closed"), wave("2", "open")]);
    expect(shown.most).toBe(96);
    expect(shown.waves.map((one) => one.all)).toEqual([96, 84]);
    expect(shown.held).toBe(2);
    expect(shown.perspectives).toEqual([{ key: "candidate", counts: { "1": 84, "2": 63 } }]);
  });

  it("leaves out a wave in which nobody takes part yet", () => {
    const shown = responses([counted("1", 1, 0, 0), counted("2", 0, 0, 0)], [wave("1", "closed"), wave("2", "planned")]);
    expect(shown.waves.map((one) => one.key)).toEqual(["1"]);
  });
});

describe("indicators at a glance", () => {
  it("hold the questions that a perspective is asked, and no background questions", () => {
    const framework = {
      schema: 1, key: "f", title: {}, languages: ["en"], defaultLanguage: "en", perspectives: [], prompts: [],
      indicators: [anchor("learning"), anchor("health")],
      signifiers: [
        { ...triad, indicator: "learning" },
        { ...triad, key: "stones", indicator: "health", askedOf: ["candidate"] },
        { ...triad, key: "age", background: true },
        { ...triad, key: "tone" },
      ],
    };
    const seen = byIndicator(framework, "job-coach").map((group) => [group.key, group.signifiers.map((one) => one.key)]);
    expect(seen).toEqual([["learning", ["learned"]], ["", ["tone"]]]);
  });

  it("say where most stories of a triad lie", () => {
    const at = (zones: ReturnType<typeof zone>[]): SignifierSummary => ({ signifier: "learned", kind: "triad", triad: { zones } });
    const say = en.describe;
    expect(inWords(triad, at([zone("top", 0.5), zone("centre", 0.2)]), label, say)).toBe("Most stories (50%): work.");
    expect(inWords(triad, at([zone("left-right", 0.4)]), label, say)).toBe("Most stories (40%): between people and me.");
    expect(inWords(triad, at([zone("centre", 0.9)]), label, say)).toBe("Most stories (90%): in the middle.");
  });

  it("name the ends of a scale only", () => {
    const scale: Signifier = { key: "tone", kind: "scale", question: {}, points: [anchor("bad"), anchor("so-so"), anchor("good")] };
    expect(labelsOf(scale, label).map((one) => one.text)).toEqual(["bad", "good"]);
  });
});
