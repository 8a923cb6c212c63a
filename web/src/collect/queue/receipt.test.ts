import { describe, expect, it } from "vitest";

import { ALPHABET } from "../store/codes";
import { withdrawalCode } from "./receipt";

describe("the code that a teller gets", () => {
  it("is the first 48 bits of the id, and a check character", () => {
    expect(withdrawalCode("00000000-0000-4000-8000-000000000000")).toBe("0000-0000-000");
    // 48 ones and two zeros: nine times 31, then 28; (1+3+...+17)*31 + 19*28 = 3043 = 3 modulo 32.
    expect(withdrawalCode("ffffffff-ffff-4fff-bfff-ffffffffffff")).toBe("ZZZZ-ZZZZ-ZW3");
    // 00001 00000 ...: the first character is that of the highest bits.
    expect(withdrawalCode("08000000-0000-4000-8000-000000000000")).toBe("1000-0000-001");
  });

  it("does not depend on the rest of the id, nor on its case", () => {
    const code = withdrawalCode("7d3c9a10-5be2-4f00-9aaa-bbbbbbbbbbbb");
    expect(withdrawalCode("7D3C9A10-5BE2-4111-8CCC-DDDDDDDDDDDD")).toBe(code);
    expect(code).toMatch(/^[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{3}$/);
  });

  it("gives back its 48 bits", () => {
    const code = withdrawalCode("7d3c9a10-5be2-4f00-9aaa-bbbbbbbbbbbb").replaceAll("-", "");
    const bits = [...code.slice(0, 10)].reduce((sum, c) => sum * 32n + BigInt(ALPHABET.indexOf(c)), 0n);
    expect((bits >> 2n).toString(16)).toBe("7d3c9a105be2");
  });

  it("is not made of what is no id", () => {
    for (const id of ["", "abc", "zzzzzzzz-0000-4000-8000-000000000000"]) expect(() => withdrawalCode(id)).toThrow(RangeError);
  });
});
