import { describe, expect, it } from "vitest";
import { joined, parted } from "./exhibit-text";
import { inputOf, isSamePlan, isWhole, moved, type Plan, planOf, withStep } from "./plan";

const text = (texts: Record<string, string>) => texts.nl ?? texts.en ?? "";
const steps = [
  { key: "look", title: { nl: "Kijk", en: "Look" }, minutes: 5 },
  { key: "observe", title: { nl: "Schrijf", en: "Write" }, minutes: 15 },
];
const workshop = { title: "Tafel", state: "open" as const, steps, step: { key: "observe", startedAt: "2026-06-01T10:00:00Z", minutes: 20 } };
const plan = planOf(workshop, text);
const retitled = (title: string): Plan => ({ ...plan, steps: plan.steps.map((step, at) => (at === 0 ? { ...step, title } : step)) });

describe("the plan of a workshop", () => {
  it("is sent as it was, and the step that runs goes on with its time", () => {
    expect(inputOf(plan, workshop, "nl", text)).toEqual({ title: "Tafel", state: "open", steps, step: { key: "observe", minutes: 20 } });
    expect(isSamePlan(plan, planOf(workshop, text))).toBe(true);
  });

  it("has a new name in the language it was typed in, and no old one beside it", () => {
    const changed = retitled(" Kijk rond ");
    expect(inputOf(changed, workshop, "nl", text).steps?.[0]?.title).toEqual({ nl: "Kijk rond" });
    expect(isSamePlan(changed, plan)).toBe(false);
  });

  it("stops the clock of a step that is taken out", () => {
    const without = { ...plan, steps: plan.steps.slice(0, 1) };
    expect(inputOf(without, workshop, "nl", text).step).toBeNull();
  });

  it("gets steps with keys of their own, and in another order", () => {
    const more = withStep(withStep(plan.steps).slice(1));
    expect(more.map(({ key }) => key)).toEqual(["observe", "step-3", "step-4"]);
    expect(new Set(withStep(more.slice(0, 2)).map(({ key }) => key)).size).toBe(3);
    expect(moved(plan.steps, 1, -1).map(({ key }) => key)).toEqual(["observe", "look"]);
    expect(moved(plan.steps, 1, 1)).toEqual(plan.steps);
  });

  it("is whole when all has a name and a time", () => {
    expect(isWhole(plan)).toBe(true);
    expect(isWhole(retitled(" "))).toBe(false);
    expect(isWhole({ ...plan, title: " " })).toBe(false);
    for (const minutes of [null, 0, 1.5, 481]) expect(isWhole({ ...plan, steps: [{ key: "a", title: "A", minutes, texts: {} }] })).toBe(false);
    expect(isWhole({ ...plan, steps: withStep(plan.steps) })).toBe(false);
  });
});

describe("the title and note of an exhibit", () => {
  it("are one text to draft and two to send", () => {
    const both = { title: "What was asked", note: "Look left\nfirst" };
    expect(parted(joined(both))).toEqual(both);
    expect(parted(joined({ title: "Only a title", note: "" }))).toEqual({ title: "Only a title", note: "" });
    expect(parted("  \nnote")).toEqual({ title: "", note: "note" });
  });
});
