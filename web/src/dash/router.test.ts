import { describe, expect, it } from "vitest";
import { address, parse } from "./router.svelte";

describe("an address of the dashboard", () => {
  it("names study, part, what follows and a query", () => {
    const place = parse("#/projects/p1/read/s1?signifier=tone");
    expect(place).toMatchObject({ screen: "project", projectId: "p1", area: "read", rest: ["s1"] });
    expect(place.query.get("signifier")).toBe("tone");
  });

  it("is read as it was written, whatever the names are", () => {
    const place = parse(address("p1", "explore", ["a/b", "50%"], { lens: "x&y=z", none: null, empty: "" }));
    expect(place.rest).toEqual(["a/b", "50%"]);
    expect([...place.query]).toEqual([["lens", "x&y=z"]]);
  });

  it("is the overview of a study when it names no part, or one that is not there", () => {
    expect(parse("#/projects/p1").area).toBe("overview");
    expect(parse("#/projects/p1/nowhere/x")).toMatchObject({ area: "overview", rest: [] });
  });

  it("is the choice of a study when it is something else", () => {
    expect(parse("").screen).toBe("projects");
    expect(parse("#login").screen).toBe("projects");
    expect(parse("#/%E0%A4%A").screen).toBe("projects");
  });
});
