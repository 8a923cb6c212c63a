import { expect, test } from "vitest";
import { latest } from "./latest";

test("many calls while one is under way are one more, and each sees what was there when it was made", async () => {
  let now = 0;
  const seen: number[] = [];
  const look = latest(async () => {
    const read = now;
    await Promise.resolve();
    seen.push(read);
  });
  const first = look();
  now = 1;
  const second = look();
  now = 2;
  await Promise.all([first, second, look()]);
  expect(seen).toEqual([0, 2]);
});

test("a run that fails is told to who asked for it, and not to the next", async () => {
  let runs = 0;
  const look = latest(async () => {
    runs += 1;
    if (runs === 1) throw new Error("not now");
  });
  const first = look();
  const second = look();
  await expect(first).rejects.toThrow("not now");
  await expect(second).resolves.toBeUndefined();
});
