import { describe, expect, it } from "vitest";
import { csv } from "./download";

describe("a table as a file", () => {
  it("keeps commas, quotes and lines inside their cell", () => {
    expect(csv([["a,b", 'say "hi"', "two\nlines", 1.5, null]])).toBe('\uFEFF"a,b","say ""hi""","two\nlines",1.5,\r\n');
  });

  it("holds no formula that a spreadsheet would run", () => {
    expect(csv([["=1+1", "@x", -1]])).toBe("\uFEFF'=1+1,'@x,-1\r\n");
  });
});
