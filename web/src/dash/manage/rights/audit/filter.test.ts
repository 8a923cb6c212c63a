import { describe, expect, it } from "vitest";
import { everything, queryOf } from "./filter";

describe("a filter of the audit trail", () => {
  it("asks for everything when nothing is filled in", () => {
    expect(queryOf(everything)).toEqual({});
  });

  it("counts the last day whole", () => {
    const query = queryOf({ ...everything, from: "2026-03-31", until: "2026-03-31" });
    expect(query.from).toBe(new Date(2026, 2, 31).toISOString());
    expect(query.until).toBe(new Date(2026, 3, 1).toISOString());
  });

  it("leaves out the spaces of a pasted id, and what is no day", () => {
    expect(queryOf({ ...everything, subject: "  abc ", from: "soon" })).toEqual({ subject: "abc" });
  });

  it("passes kind, person and outcome on", () => {
    expect(queryOf({ ...everything, action: "story.", actorId: "u1", result: "refused" })).toEqual({
      action: "story.", actorId: "u1", result: "refused",
    });
  });
});
