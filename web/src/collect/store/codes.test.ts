import { describe, expect, it } from "vitest";

import { ALPHABET, checkValue, normaliseCode } from "./codes";

function written(values: number[]): string {
  const text = [...values, checkValue(values)].map((v) => ALPHABET.charAt(v)).join("");
  return `${text.slice(0, 4)}-${text.slice(4)}`;
}

const CODES = [0, 1, 7, 13, 29].map((seed) => written(Array.from({ length: 7 }, (_, i) => (seed * 11 + i * i * 5) % 32)));

describe("a code that somebody reads from paper", () => {
  it("survives sloppy typing", () => {
    for (const code of CODES) {
      expect(normaliseCode(` ${code.toLowerCase().replace("-", " ")} `)).toBe(code);
      expect(normaliseCode(code.replaceAll("0", "o").replaceAll("1", "l"))).toBe(code);
      expect(normaliseCode(code.replaceAll("0", "O").replaceAll("1", "I"))).toBe(code);
    }
  });

  it("is no code with one wrong character", () => {
    for (const code of CODES) {
      for (const i of [0, 1, 2, 3, 5, 6, 7, 8]) {
        const wrong = `${code.slice(0, i)}${code[i] === "7" ? "8" : "7"}${code.slice(i + 1)}`;
        expect(normaliseCode(wrong)).toBeNull();
      }
    }
  });

  it("is no code when it is too short, too long, or has a letter that codes do not have", () => {
    for (const typed of ["", "0000", "0000-00000", "U000-0000", "000é-0000", "ı000-0000"]) expect(normaliseCode(typed)).toBeNull();
    expect(normaliseCode("0000-0000")).toBe("0000-0000");
  });
});
