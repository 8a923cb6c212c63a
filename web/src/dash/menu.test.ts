import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { capabilities } from "./may";
import { menuFor } from "./menu";
import type { Role } from "./types";

const roles = Object.keys(capabilities) as Role[];
const menuOf = (role: Role) => menuFor({ may: (verb) => capabilities[role].includes(verb) });

describe("what a role is offered", () => {
  it("is what the server permits it", () => {
    const server = readFileSync(join(import.meta.dirname, "../../../src/domain/role.rs"), "utf8");
    for (const role of roles) {
      const name = role[0]?.toUpperCase() + role.slice(1);
      const [, list = ""] = new RegExp(`Self::${name} => (?:\\{\\s*)?&\\[([^\\]]*)\\]`).exec(server) ?? [];
      const permitted = list.split(",").map((one) => one.trim()).filter((one) => one !== "");
      const camel = permitted.map((one) => one.charAt(0).toLowerCase() + one.slice(1));
      expect([...capabilities[role]].sort(), role).toEqual(camel.sort());
    }
  });

  it("has no stories for owner and coordinator", () => {
    expect(menuOf("owner")).toEqual(["overview", "manage"]);
    expect(menuOf("coordinator")).toEqual(["overview", "manage"]);
  });

  it("is every part for a workgroup", () => {
    expect(menuOf("workgroup")).toEqual(["overview", "explore", "patterns", "read", "workshop", "manage"]);
  });

  it("is the register of processing alone for a facilitator, who has the form", () => {
    expect(menuOf("facilitator")).toEqual(["manage"]);
  });
});
