import { describe, expect, it } from "vitest";
import { read } from "./entry.svelte";

describe("what somebody brings along in the address", () => {
  it("is an invitation, with or without a slash", () => {
    expect(read("#invitation=dui_a-b")).toEqual({ invitation: "dui_a-b" });
    expect(read("#/invitation=dui_a-b")).toEqual({ invitation: "dui_a-b" });
  });

  it("is the way back from the identity provider", () => {
    expect(read("#login")).toBe("login");
  });

  it("is nothing for a place in the dashboard", () => {
    expect(read("#/projects/p/explore?invitation=x")).toBeNull();
    expect(read("")).toBeNull();
  });
});
