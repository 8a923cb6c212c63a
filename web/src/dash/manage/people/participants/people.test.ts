import { describe, expect, it } from "vitest";
import type { Participant, Wave } from "../kit/types";
import { chosen, filterOf, fitting, noFilter, stateOf } from "./people";

const wave = (key: string, ordinal: number): Wave => ({ key, ordinal, label: { nl: key }, opensOn: null, closesOn: null, state: "open" });
const waves = [wave("1", 1), wave("2", 2)];

function person(code: string, more: Partial<Participant> = {}): Participant {
  return {
    id: code, code, status: "active", attributes: {}, participations: [], createdAt: "2026-01-01T00:00:00Z", firstWave: "1",
    exitReason: null, exitMonth: null, informed: null, ...more,
  };
}
const first = wave("1", 1);

describe("how somebody takes part", () => {
  it("is 'was not there yet' for a wave before the first one, which is not the same as not telling", () => {
    expect(stateOf(person("A", { firstWave: "2" }), first, waves)).toBe("lateJoiner");
    const marked = person("A", { firstWave: "2", participations: [{ wave: "1", state: "notApplicable", attributes: {} }] });
    expect(stateOf(marked, first, waves)).toBe("lateJoiner");
  });

  it("keeps missed, declined and withdrawn apart", () => {
    for (const state of ["missed", "declined", "withdrawn"] as const) {
      expect(stateOf(person("A", { participations: [{ wave: "1", state, attributes: {} }] }), first, waves)).toBe(state);
    }
  });

  it("is not filled in when nothing is known of a wave that somebody could tell in", () => {
    expect(stateOf(person("A"), first, waves)).toBe("unset");
  });
});

describe("a filter", () => {
  const people = [
    person("9QWT-5H2A", { attributes: { trajectory: "temporary" } }),
    person("7K3M-PX2C", { status: "exited", participations: [{ wave: "1", state: "expected", attributes: {} }] }),
  ];
  const codes = (filter: Partial<ReturnType<typeof noFilter>>): string[] =>
    fitting(people, { ...noFilter(), ...filter }, waves).map((one) => one.code);

  it("lets everybody through when nothing is asked, in the order of codes", () => {
    expect(codes({})).toEqual(["7K3M-PX2C", "9QWT-5H2A"]);
  });

  it("finds a code without regard to hyphen and capitals", () => {
    expect(codes({ code: "7k3mpx" })).toEqual(["7K3M-PX2C"]);
  });

  it("combines status, attribute and state", () => {
    expect(codes({ status: "exited" })).toEqual(["7K3M-PX2C"]);
    expect(codes({ attributes: { trajectory: "temporary" } })).toEqual(["9QWT-5H2A"]);
    expect(codes({ wave: "1", state: "expected" })).toEqual(["7K3M-PX2C"]);
    expect(codes({ status: "active", wave: "1", state: "expected" })).toEqual([]);
  });

  it("is never read from an address with a code in it", () => {
    expect(filterOf(new URLSearchParams("wave=1&state=expected&code=7K3M-PX2C"))).toEqual({ ...noFilter(), wave: "1", state: "expected" });
  });
});

describe("attributes to send", () => {
  it("leave out what was not chosen", () => {
    expect(chosen({ trajectory: "temporary", age: "" })).toEqual({ trajectory: "temporary" });
  });
});
