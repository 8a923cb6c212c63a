import { describe, expect, it } from "vitest";
import { signifierWords } from "../i18n/signifiers";
import { dyadSentence, stoneSentence, triadSentence } from "./sentences";
import type { Shares } from "./triangle";

const { nl, en, ar } = signifierWords;
const labels = ["the work itself", "dealing with people", "dividing my time"] as const;
function english(shares: Shares): string {
  const { lead, rest } = triadSentence(shares, labels, en);
  return lead + rest;
}

describe("a triad in words", () => {
  it.each<[Shares, string]>([
    [[0.95, 0.05, 0], "Almost only the work itself"],
    [[0.7, 0.25, 0.05], "Mostly the work itself, some dealing with people"],
    [[0.6, 0.2, 0.2], "Mostly the work itself, some dealing with people and dividing my time"],
    [[0.65, 0.35, 0], "Mostly the work itself, also dealing with people"],
    [[0.1, 0.5, 0.4], "More dealing with people than the rest, also dividing my time"],
    [[0.46, 0.44, 0.1], "As much the work itself as dealing with people"],
    [[0.42, 0.4, 0.18], "As much the work itself as dealing with people, some dividing my time"],
    [[0.3334, 0.3333, 0.3333], "All three about equally"],
    [[0.85, 0.1, 0.05], "Mostly the work itself"],
  ])("%j says '%s'", (shares, words) => {
    expect(english(shares)).toBe(words);
  });

  it("is said in Dutch and Arabic too, whatever the shares are", () => {
    expect(triadSentence([0.7, 0.2, 0.1], ["het werk zelf", "mensen", "tijd"], nl)).toEqual({
      lead: "Vooral het werk zelf", rest: ", een beetje mensen",
    });
    expect(triadSentence([0.7, 0.2, 0.1], ["العمل", "الناس", "الوقت"], ar).lead).toBe("في الغالب العمل");
    for (let a = 0; a <= 100; a += 4) {
      for (let b = 0; a + b <= 100; b += 4) {
        expect(english([a / 100, b / 100, (100 - a - b) / 100])).not.toBe("");
      }
    }
  });
});

describe("a dyad in words", () => {
  it.each<[number, string]>([
    [0, "All the way at ‘only me’"],
    [0.08, "Almost at ‘only me’"],
    [0.2, "More towards ‘only me’"],
    [0.4, "A bit more towards ‘only me’"],
    [0.55, "In the middle"],
    [0.7, "A bit more towards ‘only the others’"],
    [0.9, "More towards ‘only the others’"],
    [1, "All the way at ‘only the others’"],
  ])("%d says '%s'", (position, words) => {
    expect(dyadSentence(position, "only me", "only the others", en)).toBe(words);
  });
});

describe("a stone in words", () => {
  it("says both axes in their own words", () => {
    const stone = { label: "lichaam", x: 0.5, y: 0.9 };
    expect(stoneSentence(stone, ["gaat slecht", "gaat goed"], ["weinig invloed", "veel invloed"], nl)).toBe(
      "lichaam: halverwege tussen ‘gaat slecht’ en ‘gaat goed’; meer naar ‘veel invloed’",
    );
  });
});
