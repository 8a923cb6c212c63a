// A day without signal, and other phones that help out.

import type { BrowserContext, Page } from "playwright-core";
import { readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { begin, everythingSent, finish, sendNow, tellToReview } from "./telling";
import { arrived, enrolled, phone, publishShort, startWorld, story, type World } from "./world";

let world: World;

beforeAll(async () => {
  world = await startWorld();
  await publishShort(world);
});

afterAll(async () => world.stop());

async function tellMany(page: Page, count: number): Promise<void> {
  for (let i = 0; i < count; i += 1) {
    await begin(page);
    await tellToReview(page, { text: `Story ${i}` });
    await finish(page);
  }
}

test("a hundred stories wait for signal, and each arrives once", { timeout: 600_000 }, async () => {
  const before = new Set(await arrived(world));
  const context = await phone(world);
  const page = await enrolled(world, context);
  await context.setOffline(true);
  await tellMany(page, 100);
  await page.getByText("100 stories not sent yet").waitFor();
  // A connection that comes and goes: half of what is sent gets no answer.
  let asked = 0;
  await context.route("**/v1/projects/**", async (route) => {
    asked += 1;
    if (asked % 2 === 0) return route.continue();
    await route.fetch().catch(() => undefined);
    return route.abort("internetdisconnected");
  });
  await context.setOffline(false);
  await page.getByText("Everything was sent").waitFor({ timeout: 240_000 });
  const ids = (await arrived(world)).filter((id) => !before.has(id));
  expect(ids).toHaveLength(100);
  const texts = new Set<string>();
  for (const id of ids) texts.add((await story(world, id)).body.text ?? "");
  expect(texts.size).toBe(100);
  await context.close();
});

async function exported(context: BrowserContext, page: Page): Promise<string> {
  await page.getByRole("button", { name: "Settings and help" }).click();
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: "Put stories into a file" }).click();
  const path = await (await download).path();
  await context.setOffline(false);
  return path;
}

test("a phone that cannot send writes a file that nobody can read, and another phone brings it", async () => {
  const before = new Set(await arrived(world));
  const context = await phone(world);
  const page = await enrolled(world, context);
  await context.setOffline(true);
  await begin(page);
  await tellToReview(page, { text: "Carried by hand.", record: 3 });
  await finish(page);
  await context.route("**/v1/projects/**", (route) => route.abort("internetdisconnected"));
  const path = await exported(context, page);
  const content = readFileSync(path);
  expect(content.includes("Carried by hand.")).toBe(false);
  expect(content.includes("dud_")).toBe(false);

  const other = await phone(world);
  const helper = await enrolled(world, other);
  await helper.getByRole("button", { name: "Settings and help" }).click();
  await helper.getByLabel("Send on a file of another device").setInputFiles({ name: "x.duiding", mimeType: "application/octet-stream", buffer: content });
  await helper.getByText("1 story has arrived.").waitFor();
  const fresh = (await arrived(world)).filter((id) => !before.has(id));
  expect(fresh).toHaveLength(1);
  expect((await story(world, fresh[0] ?? "")).body.text).toBe("Carried by hand.");

  // The first phone finds signal after all: nothing is there twice.
  await context.unroute("**/v1/projects/**");
  await page.getByRole("button", { name: "Back" }).click();
  await sendNow(page);
  await everythingSent(page);
  expect((await arrived(world)).filter((id) => !before.has(id))).toHaveLength(1);
  await Promise.all([context.close(), other.close()]);
});
