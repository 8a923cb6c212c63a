import { describe, expect, it } from "vitest";
import type { Device, Enrolment } from "../kit/types";
import { enrolmentState, undeliveredOf } from "./states";

const enrolment: Enrolment = {
  id: "1", facilitator: "Mo", wave: "1", perspectives: ["candidate"], expiresAt: "2026-03-01T00:00:00Z", usedAt: null, revokedAt: null,
};
const before = new Date("2026-02-01T00:00:00Z");
const after = new Date("2026-04-01T00:00:00Z");

function device(more: Partial<Device>): Device {
  return {
    id: "1", facilitator: "Mo", wave: "1", perspectives: [], appVersion: null, createdAt: "2026-01-01T00:00:00Z", lastSeenAt: null,
    revokedAt: null, undelivered: null, undeliveredAt: null, undeliveredOldestAt: null, storagePersisted: null, ...more,
  };
}

describe("an assignment", () => {
  it("waits until its last day, then it has run out", () => {
    expect(enrolmentState(enrolment, before).state).toBe("waiting");
    expect(enrolmentState(enrolment, after).state).toBe("expired");
  });

  it("that was used stays used, also after its last day or when it was revoked later", () => {
    const used = { ...enrolment, usedAt: "2026-01-10T00:00:00Z", revokedAt: "2026-01-11T00:00:00Z" };
    expect(enrolmentState(used, after)).toEqual({ state: "used", at: "2026-01-10T00:00:00Z" });
  });

  it("that was revoked before anybody used it is revoked", () => {
    expect(enrolmentState({ ...enrolment, revokedAt: "2026-01-11T00:00:00Z" }, after).state).toBe("revoked");
  });
});

describe("what is not delivered", () => {
  it("counts revoked phones too, whose stories still come in", () => {
    const all = [device({ undelivered: 3 }), device({ undelivered: 2, revokedAt: "2026-01-02T00:00:00Z" }), device({ undelivered: 0 })];
    expect(undeliveredOf(all)).toEqual({ stories: 5, devices: 2, silent: 0 });
  });

  it("does not take a phone that never said anything for one that has nothing", () => {
    expect(undeliveredOf([device({})])).toEqual({ stories: 0, devices: 0, silent: 1 });
  });
});
