// Tabs that are killed, at every screen, and servers that die while something is sent.

import type { BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { begin, everythingSent, finish, saved, tellToReview } from "./telling";
import { arrived, enrolled, phone, startWorld, story, type World } from "./world";

let world: World;
let context: BrowserContext;

beforeAll(async () => {
  world = await startWorld();
});

afterAll(async () => world.stop());

beforeEach(async () => {
  context = await phone(world);
});

afterEach(async () => context.close());

/** Ends the tab's process, as a phone that needs its memory does, and opens the story again. */
async function killAndReopen(page: Page): Promise<Page> {
  // The tab may not answer any more: that is what is asked for.
  await page.goto("chrome://crash").catch(() => undefined);
  await page.close();
  const again = await context.newPage();
  await again.goto(`${world.server.url}/collect`);
  await again.getByRole("listitem").getByRole("button").filter({ hasText: "not finished" }).click();
  await again.getByRole("progressbar").waitFor();
  return again;
}

test("a tab that is killed on every screen loses no answer, and the story arrives once", async () => {
  const before = new Set(await arrived(world));
  const page = await enrolled(world, context);
  await begin(page);
  const seen: number[] = [];
  const at = async (screen: number, open: Page): Promise<Page> => {
    seen.push(screen);
    await saved(open);
    const again = await killAndReopen(open);
    const opened = Number(await again.getByRole("progressbar").getAttribute("aria-valuenow"));
    expect(opened, "the screen that was open is open again").toBe(screen);
    return again;
  };
  const last = await tellToReview(page, { text: "Told in pieces.", at });
  // Seven screens before the questions, fifteen questions, one about the next ones, two permissions.
  expect(seen).toHaveLength(25);
  await finish(last);
  await everythingSent(last);
  const [id, ...more] = (await arrived(world)).filter((one) => !before.has(one));
  expect(more).toEqual([]);
  const kept = await story(world, id ?? "");
  expect(kept.body.text).toBe("Told in pieces.");
  expect(Object.keys(kept.body.placements)).toHaveLength(15);
  await last.close();
});

test("a recording is there up to its last seconds when the tab is killed while it runs", async () => {
  const page = await enrolled(world, context);
  await begin(page);
  let killed = false;
  const at = async (_: number, open: Page): Promise<Page | void> => {
    if (killed || (await open.locator("main textarea").count()) === 0) return;
    killed = true;
    await open.getByRole("button", { name: "Yes, record" }).click();
    await open.getByRole("button", { name: "Start recording" }).click();
    await open.getByText(/Recording: 0:(0[7-9]|[1-5]\d)/).waitFor();
    const again = await killAndReopen(open);
    const found = await again.getByText(/Recording 1, 0:\d\d/).innerText();
    const seconds = Number(/0:(\d\d)/.exec(found)?.[1]);
    expect(seconds).toBeGreaterThanOrEqual(4);
    return again;
  };
  const last = await tellToReview(page, { at });
  await finish(last);
  await everythingSent(last);
  await last.close();
});

test("a server that dies while stories and a recording are sent gets each of them once", async () => {
  const before = new Set(await arrived(world));
  const page = await enrolled(world, context);
  await context.setOffline(true);
  for (const record of [3, undefined]) {
    await begin(page);
    await tellToReview(page, record === undefined ? {} : { record });
    await finish(page);
  }
  let dies = 2;
  // The server has the request, and dies before it answers: once with the stories, once with a part of the recording.
  await context.route("**/v1/projects/**", async (route) => {
    const method = route.request().method();
    if (dies === 0 || !["POST", "PUT", "PATCH"].includes(method) || (dies === 1 && method !== "PATCH")) return route.continue();
    dies -= 1;
    await route.fetch().catch(() => undefined);
    await world.server.kill();
    await route.abort("connectionreset");
    await world.server.restart();
  });
  await context.setOffline(false);
  while (dies > 0) await page.getByRole("button", { name: "Send now" }).click({ timeout: 5000 }).catch(() => undefined);
  await everythingSent(page);
  await context.unroute("**/v1/projects/**");
  const fresh = (await arrived(world)).filter((id) => !before.has(id));
  expect(fresh).toHaveLength(2);
  await page.close();
});
