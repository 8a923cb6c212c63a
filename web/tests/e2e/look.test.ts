// Everybody can use every screen: axe on each of them in three languages, a story by keys alone, and what screen readers hear.

import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { judge } from "./judge";
import { answerScreen, begin, screenNumber } from "./telling";
import { arrived, enrolled, enrolmentLink, phone, startWorld, type World } from "./world";

let world: World;

beforeAll(async () => {
  world = await startWorld();
});

afterAll(async () => world.stop());

/** The buttons of every language, by where they are: words differ. */
const primary = (page: Page) => page.locator("button.primary");

for (const [language, width] of [["nl", 320], ["en", 390], ["ar", 430], ["ar", 820]] as const) {
  test(`no screen in ${language}, ${width} pixels wide, keeps anybody out`, async () => {
    const found: string[] = [];
    const context = await phone(world, { locale: language, viewport: { width, height: 700 } });
    const page = await context.newPage();
    await page.goto(`${world.server.url}/collect`);
    await page.locator("form").waitFor();
    await judge(page, "enrol", found);
    await page.goto("about:blank");
    await page.goto(await enrolmentLink(world, ["candidate", "job-coach"]));
    await page.getByRole("status").locator("strong").waitFor();
    await judge(page, "enrolled", found);
    await primary(page).click();
    await judge(page, "home", found);
    await page.locator("nav button").last().click();
    await page.locator("fieldset").waitFor();
    await judge(page, "settings", found);
    await page.locator("header button").click();
    await primary(page).click();
    await page.getByRole("progressbar").waitFor();
    // Without signal, so that what waits to be sent is judged too.
    await context.setOffline(true);
    await throughStory(page, found);
    await page.locator(".count.waiting").waitFor();
    await judge(page, "receipt", found);
    await primary(page).click();
    await judge(page, "home with stories", found);
    await context.setOffline(false);
    expect(found).toEqual([]);
    await context.close();
  });
}

/** Goes through a story in whatever language by taking the first answer of every screen. */
async function throughStory(page: Page, found: string[]): Promise<void> {
  for (let steps = 0; steps < 80; steps += 1) {
    const before = await page.getByRole("progressbar").getAttribute("aria-valuenow");
    await judge(page, `screen ${before}`, found);
    if (before === (await page.getByRole("progressbar").getAttribute("aria-valuemax"))) break;
    await firstAnswers(page);
    await primary(page).click();
    await page.locator(`[role=progressbar]:not([aria-valuenow="${before}"])`).waitFor();
  }
  await primary(page).click();
  await page.locator(".code").waitFor();
}

async function firstAnswers(page: Page): Promise<void> {
  if (await page.locator(".others").count()) return page.locator(".others button").first().click();
  for (const group of await page.locator("main fieldset").all()) {
    const options = group.locator("input");
    if (await options.count()) await options.first().check();
  }
  const box = page.locator("main > label.pick input[type=checkbox], main .pick input[type=checkbox]").first();
  if ((await page.locator("input[maxlength='20']").count()) && (await box.count())) await box.check();
}

test("a whole story is told by the keyboard alone", async () => {
  const context = await phone(world);
  const page = await enrolled(world, context);
  const before = (await arrived(world)).length;
  await page.getByRole("button", { name: "Start a story" }).focus();
  await page.keyboard.press("Enter");
  await page.getByRole("progressbar").waitFor();
  for (let steps = 0; steps < 80; steps += 1) {
    const number = await screenNumber(page);
    await byKeys(page);
    await toPrimary(page);
    await page.keyboard.press("Enter");
    await page.locator(`[role=progressbar]:not([aria-valuenow="${number}"]), .code`).first().waitFor();
    if (await page.locator(".code").count()) break;
  }
  await page.getByText("The story has arrived.").waitFor({ timeout: 30_000 });
  expect((await arrived(world)).length).toBe(before + 1);
  await context.close();
});

/** Moves on with Tab until the way to the next screen has the focus. */
async function toPrimary(page: Page): Promise<void> {
  for (let i = 0; i < 60; i += 1) {
    if (await page.evaluate(() => document.activeElement?.classList.contains("primary") ?? false)) return;
    await page.keyboard.press("Tab");
  }
  throw new Error("Tab does not lead to the next screen");
}

/** Answers with Tab, space and arrows only: everything that is reached is pressed until the screen may be left. */
async function byKeys(page: Page): Promise<void> {
  for (let i = 0; i < 40; i += 1) {
    const kind = await page.evaluate(() => {
      const at = document.activeElement;
      if (at?.classList.contains("primary")) return "primary";
      return at instanceof HTMLInputElement ? `${at.type}${at.checked ? "-checked" : ""}` : (at?.tagName ?? "");
    });
    if (kind === "primary") return;
    if (kind === "range") await page.keyboard.press("ArrowUp");
    if (kind === "radio" || (kind === "checkbox" && (await page.locator("input[maxlength='20']").count()))) await page.keyboard.press("Space");
    if (kind === "TEXTAREA") await page.keyboard.type("Told by keys.");
    await page.keyboard.press("Tab");
  }
}

test("a screen reader hears what a figure asks, what its handles do, and where it was placed", async () => {
  const context = await phone(world);
  const page = await enrolled(world, context);
  await begin(page);
  while ((await page.getByRole("heading", { name: "What did this mostly ask of you?" }).count()) === 0) {
    await answerScreen(page, {});
    await primary(page).click();
    await page.waitForFunction((text) => document.querySelector("main")?.textContent !== text, "");
  }
  const handle = page.getByRole("slider").first();
  expect(await handle.getAttribute("aria-label")).toContain("the work itself");
  // The first one puts it in the middle, each of the others a bit towards the top.
  for (let i = 0; i < 8; i += 1) await handle.press("ArrowUp");
  const said = (await handle.getAttribute("aria-valuetext")) ?? "";
  expect(said).toMatch(/the work itself/);
  for (const name of ["Not about this", "I don't know"]) {
    expect(await page.getByRole("button", { name }).getAttribute("aria-pressed")).toBe("false");
  }
  await page.getByRole("button", { name: "I don't know" }).press("Space");
  expect(await page.getByRole("button", { name: "I don't know" }).getAttribute("aria-pressed")).toBe("true");
  await context.close();
});
