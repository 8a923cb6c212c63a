import { describe, expect, it } from "vitest";
import { diff, type Piece } from "./diff";

const before = (pieces: Piece[]): string => pieces.filter((piece) => piece.kind !== "in").map((piece) => piece.text).join("");
const after = (pieces: Piece[]): string => pieces.filter((piece) => piece.kind !== "out").map((piece) => piece.text).join("");

describe("the difference of two texts", () => {
  it("shows only the words that changed", () => {
    expect(diff("Toen kwam Jan binnen.", "Toen kwam Noor binnen.")).toEqual([
      { kind: "same", text: "Toen kwam " },
      { kind: "out", text: "Jan" },
      { kind: "in", text: "Noor" },
      { kind: "same", text: " binnen." },
    ]);
  });

  it.each([
    ["", ""],
    ["a", ""],
    ["", "a b"],
    ["a b c d", "a c d e"],
    ["een  twee\n\ndrie", "een twee\ndrie vier"],
    ["a a a", "a a"],
    ["x y", "y x"],
  ])("gives both texts back: %j and %j", (one, other) => {
    const pieces = diff(one, other);
    expect([before(pieces), after(pieces)]).toEqual([one, other]);
  });

  it("is one piece when nothing changed", () => {
    expect(diff("een twee", "een twee")).toEqual([{ kind: "same", text: "een twee" }]);
  });

  it("does not stop the browser with two long texts that share nothing", () => {
    const long = (word: string): string => Array.from({ length: 20_000 }, (_, index) => `${word}${index}`).join(" ");
    const pieces = diff(long("a"), long("b"));
    expect(pieces.map((piece) => piece.kind)).toEqual(["out", "in"]);
  });
});
