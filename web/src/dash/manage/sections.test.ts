import { describe, expect, it } from "vitest";
import { groupsFor, sectionFor } from "./sections";

const namesFor = (role: Parameters<typeof groupsFor>[0]) =>
  groupsFor(role).flatMap((group) => group.sections.map((section) => section.name));

describe("the manage area", () => {
  it("shows each role only what it may see", () => {
    const names = namesFor("coordinator");
    expect(names).toContain("participants");
    expect(names).not.toContain("release");
    expect(names).not.toContain("framework");
    expect(namesFor("workgroup")).toEqual(["tokens", "register"]);
    expect(namesFor("facilitator")).toEqual(["register"]);
  });

  it("opens the section that was asked for, and the first that the role may see where none was", () => {
    expect(sectionFor("researcher", "release")?.name).toBe("release");
    expect(sectionFor("owner", undefined)?.name).toBe("waves");
    expect(sectionFor("facilitator", "nothing-of-the-kind")?.name).toBe("register");
  });

  it("opens nothing else for a section that is not for the role", () => {
    expect(sectionFor("coordinator", "release")).toBeUndefined();
    expect(sectionFor("workgroup", "release")).toBeUndefined();
    expect(sectionFor("facilitator", "tokens")).toBeUndefined();
  });
});
