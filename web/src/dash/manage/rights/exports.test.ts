import { describe, expect, it } from "vitest";
import { exportPath, exportsFor } from "./exports";

describe("files to take out", () => {
  it("leave raw stories to those who may read them", () => {
    expect(exportsFor(false).map((file) => file.kind)).toEqual(["csv", "codebook", "datapackage"]);
    expect(exportsFor(true).map((file) => file.kind)).toContain("jsonl");
  });

  it("have formulas defused unless asked otherwise", () => {
    expect(exportPath("p", "csv", { language: "nl", raw: false })).toBe("/v1/projects/p/exports/stories?format=csv");
    expect(exportPath("p", "csv", { language: "nl", raw: true })).toBe("/v1/projects/p/exports/stories?raw=true&format=csv");
  });

  it("ask code book and description in a language", () => {
    expect(exportPath("p", "codebook", { language: "nl", raw: false })).toBe("/v1/projects/p/exports/codebook?language=nl");
  });
});
