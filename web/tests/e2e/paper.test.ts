// Forms on paper: printed from the form, filled in with a pen, and typed in afterwards.

import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { everythingSent } from "./telling";
import { arrived, enrolled, phone, startWorld, story, type World } from "./world";

let world: World;

beforeAll(async () => {
  world = await startWorld();
});

afterAll(async () => world.stop());

/** Width and height of the pages of a PDF, in whole millimetres, one entry a page. */
function pagesOf(pdf: Buffer): string[] {
  const boxes = pdf.toString("latin1").matchAll(/\/MediaBox ?\[ ?0 0 ([\d.]+) ([\d.]+) ?\]/g);
  return [...boxes].map(([, ...sides]) => sides.map((points) => Math.round((Number(points) / 72) * 25.4)).join("x"));
}

/** What is wrong with the figures as they are printed: as wide as A4 without its margins, 180 mm. */
async function wrongFigures(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const wrong: string[] = [];
    const sheet = document.querySelector(".sheet table")?.getBoundingClientRect();
    for (const question of document.querySelectorAll(".question")) {
      const name = question.textContent?.trim().slice(0, 40) ?? "";
      if (getComputedStyle(question).breakInside !== "avoid") wrong.push(`${name}: may be cut by the end of a page`);
      for (const svg of question.querySelectorAll("svg.paper-figure")) {
        const { left, right, width, height } = svg.getBoundingClientRect();
        if (width < 200 || height < 20) wrong.push(`${name}: its figure is ${Math.round(width)} by ${Math.round(height)}`);
        if (sheet && (left < sheet.left - 1 || right > sheet.right + 1)) wrong.push(`${name}: its figure is beside the paper`);
      }
    }
    return wrong;
  });
}

test("a form is printed on A4, in the language of the teller, with every figure and no word of the screen around it", async () => {
  const context = await phone(world, { viewport: { width: 680, height: 1000 } });
  const page = await enrolled(world, context);
  await page.getByRole("button", { name: "Print a paper form" }).click();
  await page.getByLabel("Language of the form").selectOption("nl");
  await page.getByLabel("Number of forms").fill("2");
  await page.getByLabel("Number of forms").blur();
  await page.emulateMedia({ media: "print" });

  expect(await page.getByRole("button").count()).toBe(0);
  expect(await page.locator(".sheet:visible").count()).toBe(2);
  const form = page.locator(".sheet").first();
  expect([await form.locator("table").getAttribute("lang"), await form.locator("table").getAttribute("dir")]).toEqual(["nl", "ltr"]);
  for (const kind of ["triad", "dyad", "stones"]) expect(await form.locator(`svg.${kind}`).count(), kind).toBeGreaterThan(0);
  await form.getByText("Wat vroeg dit vooral van u?").waitFor();
  expect(await form.getByText("What did this mostly ask of you?").count()).toBe(0);
  expect(await wrongFigures(page)).toEqual([]);

  const pages = pagesOf(await page.pdf({ preferCSSPageSize: true }));
  expect(new Set(pages)).toEqual(new Set(["210x297"]));
  // Every form begins on a page of its own, so that one can be given away.
  expect(pages.length % 2).toBe(0);
  expect(pages.length).toBeLessThanOrEqual(20);
  await context.close();
});

/** Types in the form that is open, as it stands on the paper. */
async function typeIn(page: Page): Promise<void> {
  const field = (key: string, at = 0) => page.locator(`[id="paper-${key}-${at}"]`);
  await page.getByRole("checkbox", { name: "Go on without a code" }).check();
  await page.getByRole("radio", { name: "Together in one place" }).check();
  await field("consent").check();
  await field("prompt").check();
  await field("title").fill("De bus");
  await field("text").fill("Ik nam de bus, op papier.");
  for (const [at, tenths] of ["6", "3", "1"].entries()) await field("competence", at).fill(tenths);
  await field("confidence").fill("5,5");
  for (const question of await page.locator("section.question").all()) {
    const isTyped = await question.locator('[id="paper-competence-0"], [id="paper-confidence-0"]').count();
    if (isTyped === 0) await question.locator("select").selectOption("skipped");
  }
}

test("a form that is typed in without signal arrives exactly once, with what stands on the paper", async () => {
  const before = await arrived(world);
  const context = await phone(world);
  const page = await enrolled(world, context);
  await context.setOffline(true);
  await page.getByRole("button", { name: "Type in a paper form" }).click();
  await typeIn(page);
  // Pressed twice, as people do when nothing seems to happen.
  await page.getByRole("button", { name: "Save, and the next form" }).dblclick();
  const code = (await page.locator(".done .code").innerText()).trim();
  await page.getByText("1 story not sent yet").waitFor();
  await page.goto("about:blank");
  await page.goto(`${world.server.url}/collect`);
  await page.getByText("1 story not sent yet").waitFor();
  expect(await arrived(world)).toEqual(before);

  await context.setOffline(false);
  await everythingSent(page);
  await page.reload();
  await everythingSent(page);
  const ids = (await arrived(world)).filter((id) => !before.includes(id));
  expect(ids).toHaveLength(1);
  const { body } = await story(world, ids[0] ?? "");
  expect([body.title, body.text, body.consent?.way, body.perspective, body.wave]).toEqual(
    ["De bus", "Ik nam de bus, op papier.", "written", "candidate", "3"],
  );
  const { state, value, inputMethod } = body.placements.competence ?? {};
  expect([state, inputMethod, value?.shares?.map((share) => share.toFixed(9))]).toEqual(
    ["answered", "number", ["0.600000000", "0.300000000", "0.100000000"]],
  );
  expect(body.placements.confidence).toMatchObject({ state: "answered", value: { position: 0.55 } });
  // What stood under no figure is a permission that nobody gave.
  expect(Object.values(body.permissions ?? {})).not.toContain(true);
  expect(code).toMatch(/^[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{3}$/);
  await context.close();
});
