import { describe, expect, it } from "vitest";
import { nextStates, nextWave } from "./states";

describe("a wave", () => {
  it("is opened first, then runs out, then is closed, and can be opened again", () => {
    expect(nextStates("planned")).toEqual(["open"]);
    expect(nextStates("open")[0]).toBe("closing");
    expect(nextStates("closing")[0]).toBe("closed");
    expect(nextStates("closed")).toContain("open");
  });

  it("comes behind all others, with a key of its own", () => {
    expect(nextWave([])).toEqual({ ordinal: 1, key: "1" });
    expect(nextWave([{ ordinal: 2, key: "2" }, { ordinal: 1, key: "1" }])).toEqual({ ordinal: 3, key: "3" });
    expect(nextWave([{ ordinal: 2, key: "3" }])).toEqual({ ordinal: 3, key: "wave-3" });
  });
});
