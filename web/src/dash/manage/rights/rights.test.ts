import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { nl } from "../../words/rights-data.nl";
import { lastingState } from "./lasting";
import { changeOf, formOf, termPath } from "./retention/terms";
import { scopesFor } from "./scopes";
import type { Retention } from "./types";

describe("what works until a day", () => {
  const now = new Date("2026-03-01T00:00:00Z");
  it("is open before it, and has run out from then on", () => {
    expect(lastingState({ expiresAt: "2026-03-02T00:00:00Z" }, now).state).toBe("open");
    expect(lastingState({ expiresAt: "2026-03-01T00:00:00Z" }, now).state).toBe("expired");
  });
  it("that was accepted is not shown as having run out", () => {
    expect(lastingState({ expiresAt: "2026-02-01T00:00:00Z", usedAt: "2026-01-01T00:00:00Z" }, now).state).toBe("used");
  });
});

describe("scopes of a token", () => {
  it("are only those that open something for the role", () => {
    expect(scopesFor("owner")).toEqual(["project:read"]);
    expect(scopesFor("externalResearcher")).toEqual(["project:read", "stories:read", "analysis:read", "export:read"]);
    expect(scopesFor("researcher")).toContain("stories:write");
  });
});

describe("retention terms", () => {
  const retention: Retention = {
    reportedOn: null,
    terms: [
      { class: "audio", days: 30, standardDays: 30, reason: "", countedFrom: "eachItem", since: null, endsOn: null, due: 0 },
      { class: "rawText", days: null, standardDays: 365, reason: "Archive asked", countedFrom: "report", since: null, endsOn: null, due: 0 },
    ],
  };
  it("send only what is not as usual, so that the rest stays standard", () => {
    expect(changeOf(formOf(retention), "")).toEqual({
      reportedOn: null, terms: [{ class: "rawText", days: null, reason: "Archive asked" }],
    });
  });
  it("find the server's errors at the place in what was sent, not in the form", () => {
    expect(termPath(formOf(retention), "rawText", "reason")).toBe("$.terms[0].reason");
  });
});

describe("what the server does to keep data safe", () => {
  it("is said in Dutch too, sentence by sentence", () => {
    const server = readFileSync(join(import.meta.dirname, "../../../../../src/http/register.rs"), "utf8");
    const [, list = ""] = /const SAFEGUARDS: \[&str; \d+\] = \[([^\]]*)\]/.exec(server) ?? [];
    const sentences = [...list.matchAll(/"([^"]+)"/g)].map(([, sentence]) => sentence ?? "");
    expect(sentences.length).toBeGreaterThan(0);
    expect(Object.keys(nl.register.safeguardsBy).sort()).toEqual(sentences.sort());
  });
});
