// What the people of a project do with the dashboard, from the door on: a workgroup looks, a researcher releases, a coordinator
// and an owner arrange, each on an own browser against the running server.

import type { Locator, Page, Response } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { unique } from "./table";
import { deliver, loggedIn, logIn, settled, visit, visitor } from "./visitor";
import { signIn, startWorld, type World } from "./world";

let world: World;

beforeAll(async () => {
  world = await startWorld();
});

afterAll(async () => world.stop());

/** The answer to the next question of this kind whose text fits. */
function answered(page: Page, path: string, fits: (asked: string) => boolean = () => true): Promise<Response> {
  return page.waitForResponse((response) => response.url().includes(path) && fits(response.request().postData() ?? ""));
}

/** All findings of all stories take minutes on a server that is not optimised: that question stays without an answer. */
async function leaveBroadSearchOpen(page: Page): Promise<void> {
  await page.route("**/findings/_search*", (route) => {
    if (route.request().postDataJSON().waves?.length > 0) return route.continue();
    return undefined;
  });
}

test("a workgroup member stays logged in over a reload, and no script can read what proves it", async () => {
  const { page, wrong, close } = await visitor(world, { locale: "nl" });
  const session = answered(page, "/v1/sessions");
  await logIn(page, world.server, "workgroup");
  const { accessToken, refreshToken } = await (await session).json();
  expect(refreshToken ?? null).toBeNull();
  await page.reload();
  await page.getByRole("heading", { name: "Uw onderzoeken" }).waitFor();
  const readable = await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie]));
  expect(readable).toBe(JSON.stringify([{}, {}, ""]));
  expect(readable).not.toContain(accessToken);
  expect(wrong).toEqual([]);
  await close();
});

test("a workgroup member finds a pattern and its stories in under ten clicks, and follows it into its figure", async () => {
  const { page, wrong, close } = await loggedIn(world, "workgroup", { locale: "nl" });
  await leaveBroadSearchOpen(page);
  let clicks = 0;
  const click = async (what: Locator): Promise<void> => {
    clicks += 1;
    await what.click();
  };
  await click(page.locator("ul.studies a"));
  await click(page.getByRole("link", { name: "Patronen" }));
  await click(page.getByRole("button", { name: "Kies verhalen" }));
  await click(page.getByRole("group", { name: "Meetmomenten" }).getByRole("checkbox").first());
  await click(page.getByRole("group", { name: "Wie kijkt" }).getByRole("checkbox", { name: "Kandidaat" }));
  await click(page.getByRole("button", { name: "Toon de patronen" }));
  const pattern = page.locator("article", { hasText: "De meeste verhalen liggen dicht bij het werk zelf" });
  await pattern.first().waitFor({ timeout: 200_000 });
  expect(await pattern.first().locator(".evidence").textContent()).toContain("Duidelijk");
  const story = pattern.first().locator("blockquote a").first();
  const title = await story.textContent();
  await click(story);
  await page.getByRole("heading", { level: 1, name: title ?? "?" }).waitFor();
  expect(clicks).toBeLessThan(10);

  // By its link the lens of the address is the one that patterns are looked for with.
  await page.goBack();
  await pattern.first().getByRole("button", { name: "Toon in Verkennen" }).click();
  await page.getByRole("heading", { level: 2, name: "Wat vroeg dit vooral van u?" }).waitFor();
  await page.getByRole("button", { name: "Kandidaat", pressed: true }).waitFor();
  expect(page.url()).toMatch(/explore\/competence\?lens=[-0-9a-f]{36}$/);
  const first = page.getByRole("list", { name: "Meetmoment" }).getByRole("button");
  expect(await first.evaluateAll((all) => all.map((one) => one.getAttribute("aria-pressed")))).toEqual(["true", "false", "false"]);
  await page.getByRole("button", { name: "Alles wissen" }).click();

  await page.getByRole("navigation", { name: "Onderdelen van het onderzoek" }).getByRole("link", { name: "Verkennen" }).click();
  await page.locator('a[href*="explore/competence"]').click();
  const list = page.getByRole("region", { name: "Verhalen" });
  const all = await counted(list);
  const marked = answered(page, "/placements/_search", (asked) => asked.includes('"polygon"'));
  await page.getByLabel("Kies een deel").selectOption("top");
  const { stories } = await (await marked).json();
  await page.getByText(`${stories} verhalen`).first().waitFor();
  await page.locator('.middle[aria-busy="false"]').waitFor();
  const inside = await counted(list);
  expect(inside).toBeGreaterThan(0);
  expect(inside).toBeLessThanOrEqual(stories);
  expect(inside).toBeLessThan(all);
  await list.getByRole("listitem").first().getByRole("button").click();
  await list.getByText("Plaatsing bij").waitFor();
  expect(wrong).toEqual([]);
  await close();
});

/** How many stories the list beside the figures says that it has. */
async function counted(list: Locator): Promise<number> {
  const said = await list.getByText(/om te lezen$/).textContent();
  return Number(said?.replaceAll(/\D/g, ""));
}

test("a workgroup member reads the stories of a named part of a figure, and how many more there are in it", async () => {
  const params = { path: { projectId: world.server.projectId } };
  // A lens of this part withholds its dots from a workgroup, since those just outside it are few.
  const region = { signifier: "competence", polygon: [[1, 0, 0], [0.6, 0.4, 0], [0.6, 0, 0.4]] };
  const kept = await world.researcher.POST("/v1/projects/{projectId}/regions", { params, body: { name: "Mostly work", region } });
  const api = await signIn(world.server, "workgroup");
  const found = await api.POST("/v1/projects/{projectId}/placements/_search", { params, body: { regions: [region] } });
  const stories = found.data?.stories ?? 0;
  expect(found.data?.plots[0]?.ids ?? null).toBeNull();
  const { page, wrong, close } = await loggedIn(world, "workgroup");
  await visit(page, world.server.projectId, `read?region=${kept.data?.id ?? ""}`);
  await page.getByText("Stories in the area ‘Mostly work’").waitFor();
  await page.locator("ul.stories a").first().waitFor();
  const said = (await page.getByText(/^You may read \d/).textContent()) ?? "";
  const [, shown = "", more = ""] = /(\d+) stories\D+(\d+) more/.exec(said) ?? [];
  expect(Number(shown)).toBeGreaterThan(0);
  expect(Number(more)).toBeGreaterThan(0);
  expect(Number(shown) + Number(more)).toBe(stories);
  await page.locator("ul.stories a").first().click();
  await page.getByText("How the teller placed the story").waitFor();
  expect(wrong).toEqual([]);
  await close();
});

test("a lens that cannot be kept leaves Explore as it was", async () => {
  const { page, wrong, close } = await loggedIn(world, "workgroup");
  await page.route("**/lenses", (route) => route.fulfill({ status: 404, contentType: "application/problem+json", body: "{}" }));
  await visit(page, world.server.projectId, "explore");
  await page.getByRole("button", { name: "Save this lens" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Name of the lens").fill("first wave");
  await dialog.getByRole("button", { name: "Save", exact: true }).click();
  await dialog.getByRole("alert").waitFor();
  await dialog.getByRole("button", { name: "Close" }).click();
  const view = page.getByRole("list", { name: "Whose view" });
  await view.getByRole("button", { name: "Candidate" }).click();
  await view.getByRole("button", { name: "Candidate", pressed: true }).waitFor();
  await settledLens(page);
  expect(await page.getByRole("list", { name: "Questions" }).getByRole("listitem").count()).toBeGreaterThan(5);
  expect(wrong).toEqual([]);
  await close();
});

async function settledLens(page: Page): Promise<void> {
  await page.locator('.middle[aria-busy="false"]').waitFor();
}

test("a researcher takes a name out, releases and publishes; then the workgroup reads it without the name", async () => {
  const told = { title: unique("Lunch together"), text: "My neighbour Sandra de Vries calls me on 06-12345678. Then we eat together at work." };
  const waiting = await waitingPeople();
  const storyId = await deliver(world, told);
  for (const n of [1, 2, 3, 4, 5]) await deliver(world, { title: `Other day ${n}`, text: `It was day ${n} and it rained.` });
  const researcher = await loggedIn(world, "researcher");
  const { page } = researcher;
  await visit(page, world.server.projectId, "manage/release");
  await page.getByRole("combobox", { name: "Language" }).selectOption({ label: "English" });
  await page.getByRole("combobox", { name: "Wave" }).selectOption({ index: 3 });
  await pages(page, page.getByRole("link", { name: told.title }));
  await page.getByRole("link", { name: told.title }).click();
  await page.getByRole("button", { name: "Take out names" }).click();
  await page.getByRole("button", { name: "Replace ‘Sandra de Vries’" }).click();
  await page.getByRole("button", { name: "Replace ‘06-12345678’" }).click();
  // The version without the name is slow to come: until then the one with the name is on the screen, and cannot be released.
  let come = (): void => undefined;
  const slow = new Promise<void>((resolve) => (come = resolve));
  await page.route(`**/stories/${storyId}`, async (route) => {
    await slow;
    await route.continue();
  });
  const release = page.getByRole("button", { name: "Release", exact: true });
  await page.getByRole("button", { name: "Keep as a new version" }).click();
  await release.waitFor();
  expect(await release.isDisabled()).toBe(true);
  come();
  await page.getByText("Version 2 · Not released yet").waitFor();
  await release.click();
  await page.getByText("Released: version 2").first().waitFor();
  await visit(page, world.server.projectId, "manage/snapshot");
  await page.getByText(`Stories of ${waiting + 6} people are waiting.`).waitFor();
  await page.getByRole("button", { name: "Publish now" }).click();
  await page.getByText("It was published.").waitFor();
  await page.getByText("Nobody is waiting.").waitFor();

  const workgroup = await loggedIn(world, "workgroup");
  await visit(workgroup.page, world.server.projectId, `read/${storyId}`);
  await workgroup.page.getByRole("heading", { level: 1, name: told.title }).waitFor();
  const read = (await workgroup.page.locator("main").textContent()) ?? "";
  expect(read).toContain("Then we eat together at work.");
  expect(read).not.toMatch(/Sandra|Vries|06-12345678/);
  expect([...researcher.wrong, ...workgroup.wrong]).toEqual([]);
  await researcher.close();
  await workgroup.close();
});

/** How many people have stories that were not published to the workgroup yet. */
async function waitingPeople(): Promise<number> {
  const { data } = await world.researcher.GET("/v1/projects/{projectId}/published-snapshot", { params: { path: { projectId: world.server.projectId } } });
  return data?.waiting ?? 0;
}

/** Asks for more of a list until what is looked for is in it. */
async function pages(page: Page, wanted: Locator): Promise<void> {
  const more = page.getByRole("button", { name: /^Show \d+ more$/ });
  while ((await wanted.count()) === 0) await more.click();
}

test("a coordinator makes participants with their cards, and an assignment with its link", async () => {
  const { page, wrong, close } = await loggedIn(world, "coordinator");
  await page.locator("ul.studies a").click();
  await settled(page);
  expect(await menu(page)).toEqual(["Overview", "Manage"]);
  await visit(page, world.server.projectId, "manage/participants");
  await page.getByRole("button", { name: "Make participants" }).click();
  await page.getByLabel("How many").fill("3");
  await page.getByRole("button", { name: "Make 3 participants" }).click();
  await page.getByText("Print the 3 cards on A4 (1 sheet)").waitFor();
  const card = page.getByRole("region", { name: "Sheet 1 of 1" }).getByRole("article");
  expect(await card.filter({ hasText: /[0-9A-Z]{4}-[0-9A-Z]{4}/ }).count()).toBe(3);
  // A code to type; the form reads no QR code, so a card has none.
  expect(await card.locator("svg, img").count()).toBe(0);
  await page.getByRole("button", { name: "Done" }).click();

  await visit(page, world.server.projectId, "manage/collecting");
  await page.getByRole("button", { name: "Make an assignment" }).click();
  await page.getByLabel("Story facilitator").fill("facilitator 9");
  await page.getByRole("button", { name: "Make the assignment" }).click();
  await page.getByText("This link works once, on one phone.").waitFor();
  expect(await page.getByText("/collect#enrol=").first().textContent()).toContain(`:${new URL(world.server.url).port}/collect#enrol=due_`);
  expect(wrong).toEqual([]);
  await close();
});

test("an owner sees members, thresholds and the audit trail, and no stories", async () => {
  const { page, wrong, close } = await loggedIn(world, "owner");
  await page.locator("ul.studies a").click();
  await settled(page);
  expect(await menu(page)).toEqual(["Overview", "Manage"]);
  await visit(page, world.server.projectId, "manage/members");
  await page.getByRole("cell", { name: "workgroup@demo.example" }).waitFor();
  await visit(page, world.server.projectId, "manage/thresholds");
  await page.getByLabel("Smallest group that is shown").waitFor();
  await visit(page, world.server.projectId, "manage/audit");
  await page.getByRole("table", { name: "Audit trail" }).getByRole("row").nth(1).waitFor();
  for (const place of ["explore", "patterns", "read", "workshop"]) {
    await visit(page, world.server.projectId, place);
    await page.getByText("This part is not for your role in this study.").waitFor();
  }
  expect(wrong).toEqual([]);
  await close();
});

/** The parts of the study in the menu at the top. */
function menu(page: Page): Promise<string[]> {
  return page.getByRole("navigation", { name: "Parts of the study" }).getByRole("link").allTextContents();
}
