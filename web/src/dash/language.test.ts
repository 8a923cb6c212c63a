import { afterEach, expect, it } from "vitest";
import { language } from "./language.svelte";

const zone = process.env.TZ;

afterEach(() => {
  if (zone === undefined) delete process.env.TZ;
  else process.env.TZ = zone;
});

it("writes a day as the day it is, wherever the reader is", () => {
  language.tag = "en";
  for (const tz of ["America/Los_Angeles", "UTC", "Pacific/Auckland"]) {
    process.env.TZ = tz;
    expect(language.date("2026-03-02"), tz).toBe("March 2, 2026");
    expect(language.shortDate("2026-03-02"), tz).toBe("Mar 2, 2026");
  }
});

it("writes a moment as the day that it is where the reader is", () => {
  language.tag = "en";
  process.env.TZ = "Pacific/Auckland";
  expect(language.date("2026-03-02T20:00:00Z")).toBe("March 3, 2026");
  process.env.TZ = "America/Los_Angeles";
  expect(language.date("2026-03-02T20:00:00Z")).toBe("March 2, 2026");
});
