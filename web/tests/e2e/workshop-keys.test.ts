// A workshop for everybody: all of it by keys alone, and nothing on its screens that keeps anybody out.

import { randomUUID } from "node:crypto";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { judge } from "./judge";
import { press, tabTo } from "./keys";
import { CREATE, made, table, type Table, unique } from "./table";
import { loggedIn, settled, visit } from "./visitor";
import { startWorld, type World } from "./world";

let world: World;
/** A workshop with a figure, an observation and what it could mean. */
let judged: Table;

beforeAll(async () => {
  world = await startWorld();
  judged = await table(world.researcher, world.server.projectId);
  await said(judged);
});

afterAll(async () => world.stop());

/** Writes on a table without a screen: something that strikes, and two things that it could mean. */
async function said({ workshop, exhibit }: Table): Promise<void> {
  const [observationId, header] = [randomUUID(), CREATE];
  const path = { projectId: world.server.projectId, workshopId: workshop };
  const strikes = { exhibitId: exhibit, text: "Many dots at the top", strength: "strong" as const };
  await made(world.researcher.PUT("/v1/projects/{projectId}/workshops/{workshopId}/observations/{observationId}", { params: { path: { ...path, observationId }, header }, body: strikes }));
  for (const text of ["The work itself asks most", "People talk about the work first"]) {
    const at = { ...path, interpretationId: randomUUID() };
    await made(world.researcher.PUT("/v1/projects/{projectId}/workshops/{workshopId}/interpretations/{interpretationId}", { params: { path: at, header }, body: { observationId, text } }));
  }
}

/** Goes to a place to write with Tab, writes, and sends it as people who type do. */
async function write(page: Page, place: string, text: string): Promise<void> {
  await tabTo(page, `${place} textarea`);
  await page.keyboard.type(text);
  await page.keyboard.press("Control+Enter");
  await page.getByText(text, { exact: true }).waitFor();
}

test("somebody gives meaning to a figure by the keyboard alone: looks, writes, votes and sorts", async () => {
  const { page, wrong, close } = await loggedIn(world, "workgroup");
  await press(page, "ul.studies a");
  await settled(page);
  await press(page, 'header nav a[href*="/workshop"]');
  await settled(page);
  const title = unique("By keys");
  await tabTo(page, "form.make input");
  await page.keyboard.type(title);
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: title }).waitFor();

  await press(page, ".add button");
  await page.getByRole("dialog").waitFor();
  await tabTo(page, "dialog .kinds input");
  await page.keyboard.press("ArrowDown");
  await tabTo(page, "dialog select");
  await page.keyboard.type("What did this mostly ask");
  await press(page, "dialog .primary:enabled");
  await page.getByRole("dialog").waitFor({ state: "hidden" });
  await page.locator(".shown .drawing").waitFor();

  await tabTo(page, ".said form textarea");
  await page.keyboard.type("Many dots at the top");
  await tabTo(page, ".said form input[type=radio]");
  await page.keyboard.press("ArrowUp");
  await press(page, ".said form button[type=submit]");
  const thread = page.locator("article.thread");
  await thread.getByText("Strikes strongly").waitFor();
  await write(page, ".thread", "The work itself asks most");
  await write(page, ".thread", "People talk about the work first");
  await thread.locator(".lacks").waitFor({ state: "detached" });

  await press(page, ".thread .item.interpretations .vote");
  await thread.locator('.item.interpretations .vote[aria-pressed="true"]').waitFor();
  // An area is drawn without a mouse too.
  await press(page, ".shown .brush button");
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("Enter");
  await press(page, ".thread summary");
  await tabTo(page, ".thread details input[type=radio]");
  await page.keyboard.press("ArrowDown");
  await thread.getByText("Area drawn").waitFor();

  await tabTo(page, '[role="tab"]');
  await page.keyboard.press("ArrowRight");
  await tabTo(page, "form.new input");
  await page.keyboard.type("What work asks");
  await page.keyboard.press("Enter");
  const pile = page.getByRole("region", { name: "What work asks" });
  await pile.waitFor();
  await press(page, ".pile.loose .menu-button");
  await press(page, ".pile.loose .menu-item");
  await pile.getByText("The work itself asks most").waitFor();
  expect(wrong).toEqual([]);
  await close();
});

for (const [locale, width, height] of [["nl", 1280, 800], ["en", 820, 1180]] as const) {
  test(`no screen of a workshop in ${locale}, ${width} pixels wide, keeps anybody out`, async () => {
    const found: string[] = [];
    const { page, wrong, close } = await loggedIn(world, "researcher", { locale, viewport: { width, height } });
    const { projectId } = world.server;
    await visit(page, projectId, "workshop");
    await judge(page, "list", found);
    const id = judged.workshop;
    await visit(page, projectId, `workshop/${id}`);
    await page.locator(".shown .drawing").waitFor();
    // What opens over the board is looked at once: it is the same in both languages.
    if (locale === "nl") await judgeOpened(page, found);
    else await judge(page, "board", found);
    for (const place of ["sort", "paper", "pack", "poster"]) {
      await visit(page, projectId, `workshop/${id}/${place}`);
      await judge(page, place, found);
    }
    expect(found).toEqual([]);
    expect(wrong).toEqual([]);
    await close();
  });
}

/** What can be opened on the board: forms, and what is asked before something goes. */
async function judgeOpened(page: Page, found: string[]): Promise<void> {
  await page.locator(".add button").click();
  await judge(page, "something on the table", found);
  await page.keyboard.press("Escape");
  for (const at of [0, 1]) {
    await page.locator(".head .end .menu-button").click();
    await page.locator(".head .end .menu-item").nth(at).click();
    await page.getByRole("dialog").waitFor();
    await judge(page, `workshop menu ${at}`, found);
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "hidden" });
  }
  await page.locator(".shown .menu-button").click();
  await page.locator(".shown .menu-item").first().click();
  await page.locator(".texts input").waitFor();
  await judge(page, "board, with title and text to change", found);
}
