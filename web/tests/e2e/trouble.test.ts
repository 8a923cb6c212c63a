// What goes wrong around a phone: portals, clocks, full disks, revoked devices, two tabs. What was told is always there.

import type { BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, afterEach, expect, test } from "vitest";
import { begin, everythingSent, finish, next, saved, sendNow, tellToReview } from "./telling";
import { arrived, enrolled, phone, publishShort, startWorld, story, type World } from "./world";

let world: World;
let context: BrowserContext;
let page: Page;
let before: Set<string>;

beforeAll(async () => {
  world = await startWorld();
  await publishShort(world);
});

afterAll(async () => world.stop());

beforeEach(async () => {
  context = await phone(world);
  page = await enrolled(world, context);
  before = new Set(await arrived(world));
});

afterEach(async () => context.close());

const fresh = async (): Promise<string[]> => (await arrived(world)).filter((id) => !before.has(id));

async function tellOne(on: Page = page): Promise<void> {
  await on.bringToFront();
  await begin(on);
  await tellToReview(on);
  await finish(on);
}

test("a portal that answers everything with a page is not taken for the server", async () => {
  await context.route("**/v1/**", (route) =>
    route.fulfill({ status: 200, contentType: "text/html", body: "<h1>Free wifi: accept our terms</h1>" }),
  );
  await tellOne();
  await page.getByText("1 story not sent yet").waitFor();
  await page.getByText("ready, waits for a connection").waitFor();
  await context.unroute("**/v1/**");
  await sendNow(page);
  await everythingSent(page);
  expect(await fresh()).toHaveLength(1);
});

test("a portal that echoes JSON without the hash is not taken for the server either", async () => {
  await context.route("**/v1/projects/**", (route) =>
    route.fulfill({ status: 201, contentType: "application/json", body: JSON.stringify({ id: "x", sha256: "0".repeat(64), held: [] }) }),
  );
  await tellOne();
  await page.getByText("1 story not sent yet").waitFor();
  await context.unroute("**/v1/projects/**");
  await sendNow(page);
  await everythingSent(page);
  expect(await fresh()).toHaveLength(1);
});

test("a clock that is a year off changes neither the wave nor whether a story arrives", async () => {
  await page.clock.install({ time: new Date(Date.now() - 366 * 86_400_000) });
  await page.reload();
  await page.clock.resume();
  await tellOne();
  await everythingSent(page);
  const [id] = await fresh();
  const kept = await story(world, id ?? "");
  expect(kept.body.wave).toBe("3");
  expect(new Date(kept.body.device?.startedAt ?? 0).getFullYear()).toBeLessThan(new Date().getFullYear());
});

test("a phone that is revoked begins nothing new, and what was told before is taken in and held", async () => {
  await context.setOffline(true);
  await tellOne();
  const params = { path: { projectId: world.server.projectId } };
  const { data } = await world.coordinator.GET("/v1/projects/{projectId}/devices", { params });
  for (const device of data?.items ?? []) {
    await world.coordinator.DELETE("/v1/projects/{projectId}/devices/{deviceId}", {
      params: { path: { ...params.path, deviceId: device.id } },
    });
  }
  await context.setOffline(false);
  await everythingSent(page);
  await page.getByText("A researcher still looks at it.").waitFor();
  const [id] = await fresh();
  expect((await story(world, id ?? "")).status).toBe("held");
  await page.reload();
  await page.getByText("This device may not begin new stories any more.").waitFor();
  expect(await page.getByRole("button", { name: "Start a story" }).isDisabled()).toBe(true);
});

test("two tabs send every story once", async () => {
  const other = await context.newPage();
  await other.goto(`${world.server.url}/collect`);
  await context.setOffline(true);
  await tellOne(page);
  await tellOne(other);
  await tellOne(page);
  let sent = 0;
  await context.route("**/v1/projects/**/stories/**", (route) => {
    sent += 1;
    return route.continue();
  });
  await context.setOffline(false);
  await Promise.all([everythingSent(page), everythingSent(other)]);
  expect(await fresh()).toHaveLength(3);
  expect(sent, "three stories in one batch").toBeLessThanOrEqual(2);
});

test("a story that is open in two tabs is not overwritten by the older one", async () => {
  await begin(page);
  await saved(page);
  const other = await context.newPage();
  await other.goto(`${world.server.url}/collect`);
  await other.getByRole("listitem").getByRole("button").click();
  await other.getByRole("progressbar").waitFor();
  await page.getByRole("radio", { name: "Nederlands" }).check();
  await saved(page);
  await other.getByRole("radio", { name: "Another language" }).check();
  await other.getByText("This story is open in another window too.").waitFor();
});

test("a phone that is full says so, keeps what was saved, and goes on when there is room", async () => {
  await begin(page);
  await next(page);
  await page.getByRole("checkbox", { name: "Go on without a code" }).check();
  await saved(page);
  const session = await context.newCDPSession(page);
  await session.send("Storage.overrideQuotaForOrigin", { origin: world.server.url, quotaSize: 1 });
  // The browser remembers for a while how much room there was.
  const full = page.getByText("This device is full.");
  const until = Date.now() + 90_000;
  for (let i = 0; Date.now() < until && (await full.count()) === 0; i += 1) {
    await page.getByRole("checkbox", { name: "Go on without a code" }).setChecked(i % 2 === 1);
    await page.waitForFunction(() => document.querySelector("[data-saving=saving]") === null);
  }
  await full.waitFor();
  await page.getByText("not saved", { exact: true }).waitFor();
  await session.send("Storage.overrideQuotaForOrigin", { origin: world.server.url });
  // Nobody touches anything: the form tries again by itself.
  await saved(page);
  await page.getByRole("checkbox", { name: "Go on without a code" }).check();
  await saved(page);
  const last = await tellToReview(page);
  await finish(last);
  await everythingSent(last);
  expect(await fresh()).toHaveLength(1);
});

test("what the server refuses is shown with its reason, kept, and can be exported", async () => {
  const problem = {
    type: "about:blank", title: "Bad Request", status: 400, code: "invalidInput", detail: "the input has errors",
    errors: [{ path: "$.language", code: "wrongFormat", message: "not a language tag" }],
  };
  await context.route("**/v1/projects/**/stories/*", (route) =>
    route.fulfill({ status: 400, contentType: "application/problem+json", body: JSON.stringify(problem) }),
  );
  await tellOne();
  await page.getByRole("listitem").getByRole("button").filter({ hasText: "not accepted" }).click();
  await page.getByRole("listitem").filter({ hasText: "Language of the story" }).getByText("is not written as it should be").waitFor();
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: "Keep in a file" }).click();
  expect((await download).suggestedFilename()).toMatch(/^duiding-.*\.duiding$/);
  await context.unroute("**/v1/projects/**/stories/*");
  await page.getByRole("button", { name: "Put it right" }).click();
  await finish(await tellToReview(page));
  await everythingSent(page);
  expect(await fresh()).toHaveLength(1);
});
