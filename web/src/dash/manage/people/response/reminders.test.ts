import { describe, expect, it } from "vitest";
import type { Participant, ParticipationState, Teller, Wave } from "../kit/types";
import { remindersOf } from "./reminders";

const wave: Wave = { key: "1", ordinal: 1, label: { nl: "1" }, opensOn: null, closesOn: null, state: "open" };

function person(code: string, state: ParticipationState, status: Participant["status"] = "active"): Participant {
  return {
    id: code, code, status, attributes: {}, participations: [{ wave: "1", state, attributes: {} }], createdAt: "2026-01-01T00:00:00Z",
    firstWave: "1", exitReason: null, exitMonth: null, informed: null,
  };
}
const teller = (code: string, about: string, withdrawnAt: string | null = null): Teller => ({
  id: code, code, perspective: "job-coach", participants: [{ id: about, code: about }], withdrawnAt, createdAt: "2026-01-01T00:00:00Z",
});

describe("the list of reminders", () => {
  it("has who is expected or began, and never who declined, stopped or told", () => {
    const people = [
      person("D", "expected"), person("A", "started"), person("B", "declined"), person("C", "completed"),
      person("E", "expected", "withdrawn"), person("F", "missed"),
    ];
    expect(remindersOf(people, [], wave, [wave]).map((one) => one.code)).toEqual(["A", "D"]);
  });

  it("names the coaches who tell about somebody, without those who stopped and without the person", () => {
    const tellers = [teller("COACH", "A"), teller("GONE", "A", "2026-01-02T00:00:00Z"), teller("A", "A"), teller("OTHER", "B")];
    expect(remindersOf([person("A", "expected")], tellers, wave, [wave])[0]?.tellers).toEqual(["COACH"]);
  });
});
