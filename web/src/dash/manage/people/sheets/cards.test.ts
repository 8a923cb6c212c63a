import { describe, expect, it } from "vitest";
import type { MadeTeller } from "../kit/types";
import { type Card, madeCards, ownCards, sheetsOf, tellerCards } from "./cards";

const card = (code: string, whose = "Deelnemer"): Card => ({ code, whose });

const made = (code: string, withdrawnAt: string | null = null): MadeTeller => ({
  teller: { id: code, code, perspective: "candidate", participants: [], withdrawnAt } as unknown as MadeTeller["teller"],
  secret: `secret-of-${code}`,
});

describe("sheets of cards", () => {
  it("have ten cards each, and the last one what is left", () => {
    const sheets = sheetsOf(Array.from({ length: 23 }, (_, i) => card(`C${i}`)));
    expect(sheets.map((sheet) => sheet.length)).toEqual([10, 10, 3]);
    expect(sheets[2]?.[0]?.code).toBe("C20");
  });

  it("are none when nothing was made", () => {
    expect(sheetsOf([])).toEqual([]);
  });

  it("hold no secret that nobody reads", () => {
    const cards = madeCards([made("7K3M-PX2C")], () => "Kandidaat");
    expect(cards).toEqual([card("7K3M-PX2C", "Kandidaat")]);
    expect(JSON.stringify(cards)).not.toContain("secret");
  });

  it("have none for a teller who stopped", () => {
    const tellers = [made("AAAA-AAAA"), made("BBBB-BBBB", "2026-03-03T10:00:00Z")].map((one) => one.teller);
    expect(tellerCards(tellers, () => "Kandidaat")).toEqual([card("AAAA-AAAA", "Kandidaat")]);
  });

  it("give whoever tells the own story one card, with the perspective of the teller", () => {
    const cards = ownCards([card("AAAA-AAAA"), card("BBBB-BBBB")], [card("AAAA-AAAA", "Kandidaat")]);
    expect(cards).toEqual([card("AAAA-AAAA", "Kandidaat"), card("BBBB-BBBB")]);
  });
});
