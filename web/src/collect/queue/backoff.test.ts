import { expect, test } from "vitest";
import { Backoff } from "./backoff";

function backoff() {
  const clock = { now: 1_000_000 };
  return { clock, waits: new Backoff(() => clock.now, () => 0.5) };
}

test("waits twice as long after every failure, and not at all after success", () => {
  const { clock, waits } = backoff();
  const steps = [1, 2, 3].map(() => {
    waits.failed("a", null);
    return waits.dueAt("a") - clock.now;
  });
  expect(steps).toEqual([2000, 4000, 8000]);
  waits.worked("a");
  expect(waits.dueAt("a")).toBe(0);
});

test("begins with short waits again when there is signal after a day without", () => {
  const { clock, waits } = backoff();
  for (let i = 0; i < 30; i += 1) waits.failed("a", null);
  waits.hurry();
  expect(waits.isDue("a")).toBe(true);
  waits.failed("a", null);
  expect(waits.dueAt("a") - clock.now).toBe(2000);
});

test("waits as long as the server asks, whoever is in a hurry", () => {
  const { clock, waits } = backoff();
  waits.failed("a", 60_000);
  waits.hurry();
  expect(waits.dueAt("a") - clock.now).toBe(60_000);
});
