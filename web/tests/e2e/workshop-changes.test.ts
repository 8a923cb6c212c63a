// What may be changed of a workshop after it was made: its figures are split as they were brought, texts are written anew,
// steps are put in another order, and all of it can be taken away.

import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { answered, member, type Member, visit } from "./dashboard";
import { made, table, type Table, unique } from "./table";
import { startWorld, type World } from "./world";

let world: World;
let researcher: Member;
let workgroup: Member;

beforeAll(async () => {
  world = await startWorld();
  researcher = await member(world, "researcher");
  workgroup = await member(world, "workgroup");
});

afterAll(async () => world.stop());

afterEach(async () => {
  await researcher.context.unrouteAll();
  expect([...researcher.errors.splice(0), ...workgroup.errors.splice(0)]).toEqual([]);
});

const study = () => ({ projectId: world.server.projectId });

/** A workshop of the researcher with one figure, under a lens and split by something. */
const tableOf = (title: string, compareBy: string | null = null): Promise<Table> =>
  table(researcher.api, study().projectId, { title, lens: { waves: ["3"], perspectives: ["candidate"] }, compareBy });

/** Opens a menu and chooses something in it. */
async function chooses(page: Page, menu: string, item: string): Promise<void> {
  await page.getByRole("button", { name: menu }).click();
  await page.getByRole("button", { name: item }).click();
}

test("a figure is split by what its lens compares, and a group that is too small is named and not drawn", async () => {
  // The attribute has a group of three people: a researcher sees them, the workgroup does not.
  const { workshop } = await tableOf(unique("Compared"), "attribute:months-in-track");
  const tooFew = "Too few people to show.";
  const { page } = workgroup;
  await visit(world, page, `workshop/${workshop}`);
  await page.getByText("compared by", { exact: false }).first().waitFor();
  const shown = page.locator(".shown");
  await shown.locator(".drawing").first().waitFor();
  const named = await shown.locator(".states").allInnerTexts();
  expect(named.length).toBe(4);
  const withheld = named.filter((line) => line.includes(tooFew));
  expect(withheld.length).toBeGreaterThan(0);
  expect(await shown.locator(".drawing").count()).toBe(4 - withheld.length);

  await visit(world, page, `workshop/${workshop}/poster?size=a4`);
  await page.locator(".poster svg").first().waitFor();
  const poster = await page.locator("section.poster").innerText();
  expect(poster.split(tooFew).length - 1).toBe(withheld.length);

  await visit(world, researcher.page, `workshop/${workshop}`);
  await researcher.page.locator(".shown .drawing").nth(3).waitFor();
});

test("an exhibit gets another title and a text; who changes it at the same time sees both", async () => {
  const { workshop, exhibit } = await tableOf(unique("Renamed"));
  const { page } = researcher;
  // This screen hears nothing of what happens meanwhile: only the server can tell.
  await researcher.context.route("**/events", (route) => route.abort());
  await visit(world, page, `workshop/${workshop}`);
  await chooses(page, "More", "Change title and text");
  const form = page.locator(".texts form");
  await form.getByLabel("Title on the table").fill("What work asks");
  await form.getByLabel("Text beside it").fill("Look at the left side first");
  await form.getByRole("button", { name: "Save" }).click();
  await page.getByRole("heading", { name: "What work asks" }).waitFor();
  await page.getByText("Look at the left side first").waitFor();

  await chooses(page, "More", "Change title and text");
  await form.getByLabel("Title on the table").fill("Mine");
  const path = { ...study(), workshopId: workshop, exhibitId: exhibit };
  const now = await made(researcher.api.GET("/v1/projects/{projectId}/workshops/{workshopId}/exhibits/{exhibitId}", { params: { path } }));
  const theirs = { title: "Theirs", note: now.note, order: now.order, lensId: now.lensId ?? null, signifier: now.signifier ?? null };
  const header = { "If-Match": `"${now.revision}"` };
  await made(researcher.api.PUT("/v1/projects/{projectId}/workshops/{workshopId}/exhibits/{exhibitId}", { params: { path, header }, body: theirs }));
  const refused = answered(page, "PUT", exhibit);
  await form.getByRole("button", { name: "Save" }).click();
  expect((await refused).status()).toBe(412);
  const told = page.getByRole("alert");
  await told.getByText("Theirs").waitFor();
  await told.getByText("Mine").waitFor();
  await page.getByRole("button", { name: "Use my text" }).click();
  await page.getByRole("heading", { name: "Mine", exact: true }).waitFor();
  await page.getByText("Look at the left side first").waitFor();
});

test("a workshop gets another name and steps, while its clock runs on", async () => {
  const title = unique("Before");
  const { workshop } = await tableOf(title);
  const { page } = researcher;
  await visit(world, page, `workshop/${workshop}`);
  await page.getByRole("button", { name: "Begin: Look alone first" }).click();
  await page.getByRole("timer").waitFor();
  await chooses(page, "This workshop", "Change name and steps");
  const dialog = page.getByRole("dialog");
  const name = unique("After");
  await dialog.getByLabel("Name of the workshop").fill(name);
  await dialog.getByRole("button", { name: "Take ‘Vote’ away" }).click();
  await dialog.getByRole("button", { name: "‘Close’ earlier" }).click();
  await dialog.getByRole("button", { name: "Another step" }).click();
  const last = dialog.getByRole("listitem").last();
  await last.getByRole("textbox").fill("Eat together");
  await last.getByLabel("Minutes").fill("45");
  await dialog.getByRole("button", { name: "Save" }).click();
  await page.getByRole("heading", { name }).waitFor();
  await dialog.waitFor({ state: "hidden" });
  await page.getByRole("timer").getByText("Look alone first").waitFor();
  const steps = await page.getByRole("region", { name: "Steps" }).getByRole("listitem").allInnerTexts();
  expect(steps.some((step) => step.includes("Vote"))).toBe(false);
  expect(steps.at(-1)).toMatch(/^Eat together\s+45 min$/);
  expect(steps.findIndex((step) => step.startsWith("Close"))).toBe(steps.length - 3);
  // Who may not change it is not offered to.
  await visit(world, workgroup.page, `workshop/${workshop}`);
  await workgroup.page.getByRole("heading", { name }).waitFor();
  expect(await workgroup.page.getByRole("button", { name: "This workshop" }).count()).toBe(0);
});

test("a workshop that is taken away says what goes with it, and goes only when asked to", async () => {
  const title = unique("Gone");
  const { workshop } = await tableOf(title);
  const { page } = researcher;
  await visit(world, page, `workshop/${workshop}`);
  await chooses(page, "This workshop", "Take the workshop away");
  const dialog = page.getByRole("dialog");
  await dialog.getByText("1 subject on the table").waitFor();
  await dialog.getByRole("button", { name: "Cancel" }).click();
  await page.getByRole("heading", { name: title }).waitFor();
  await chooses(page, "This workshop", "Take the workshop away");
  const gone = answered(page, "DELETE", workshop);
  await dialog.getByRole("button", { name: "Take the workshop away" }).click();
  expect((await gone).status()).toBe(204);
  await page.getByRole("heading", { name: "Workshops", exact: true }).waitFor();
  expect(await page.getByRole("link", { name: title }).count()).toBe(0);
});
