// The screens on which a study is managed keep nobody out, also those that only show after something was done: axe on each, in
// both languages, on a desk and on a tablet; and nothing in the bar at the top lies over anything else.

import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { judge } from "./judge";
import { deliver, loggedIn, settled, visit } from "./visitor";
import { startWorld, type World } from "./world";

let world: World;
let storyId: string;

beforeAll(async () => {
  world = await startWorld();
  storyId = await deliver(world, { title: "Lunch together", text: "My neighbour Sandra de Vries calls me. Then we eat in Zwolle." });
  await deliver(world, { title: "Too late", text: "The wave was closed when this came.", wave: "1" });
});

afterAll(async () => world.stop());

/** What somebody does to see one more screen; buttons are found by their place, because the words differ by language. */
type Step = (page: Page) => Promise<void>;

const open = (place: string): Step => (page) => visit(page, world.server.projectId, place);
const press = (selector: string): Step => (page) => page.locator(selector).first().click();

/** Screens by who has them. */
type Screens = Record<string, [name: string, ...Step[]][]>;

const screens: Screens = {
  researcher: [
    ["framework editor", open("manage/framework/1/questions")],
    ["account", (page) => page.evaluate(() => void (location.hash = "#/account")).then(() => settled(page))],
    [
      "names to take out",
      (page) => visit(page, world.server.projectId, `manage/release/${storyId}`),
      press(".acts .quiet:nth-last-of-type(2)"),
      (page) => page.locator("mark").first().waitFor(),
    ],
  ],
  coordinator: [["cards", open("manage/tellers"), press(".actions .quiet"), (page) => page.locator(".sheet").first().waitFor()]],
  owner: [
    ["members", open("manage/members"), press(".section p > button.small")],
    ["audit", open("manage/audit"), (page) => page.getByRole("table").waitFor()],
  ],
};

/** What is looked at in one language only: forms that are made of the same parts. */
const forms: Screens = {
  owner: [["register", open("manage/register"), press(".actions .primary")]],
  workgroup: [["tokens", open("manage"), press(".actions .primary")]],
  facilitator: [["register", open("manage/register")]],
};

/** Pairs in the bar at the top of which one lies over the other. */
function overlapping(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const parts = [...document.querySelectorAll("header.top a:not(.skip), header.top button")];
    const shown = parts.map((one) => ({ name: one.textContent?.trim() ?? "", box: one.getBoundingClientRect() })).filter(({ box }) => box.width > 0);
    const isOver = (a: DOMRect, b: DOMRect) => a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 1 && b.top < a.bottom - 1;
    return shown.flatMap((a, at) => shown.slice(at + 1).filter((b) => isOver(a.box, b.box)).map((b) => `${a.name} over ${b.name}`));
  });
}

for (const [locale, width, shown] of [["nl", 1280, [screens, forms]], ["en", 820, [screens]]] as const) {
  test(`no screen of those who manage in ${locale}, ${width} pixels wide, keeps anybody out`, async () => {
    const found: string[] = [];
    for (const [role, list] of shown.flatMap((one) => Object.entries(one))) {
      const { page, wrong, close } = await loggedIn(world, role, { locale, viewport: { width, height: 800 } });
      const refused: string[] = [];
      page.on("response", (answer) => answer.status() === 403 && refused.push(`${role}: ${answer.url()}`));
      for (const [name, ...steps] of list) {
        for (const step of steps) await step(page);
        await judge(page, `${role}: ${name}`, found);
        found.push(...(await overlapping(page)).map((pair) => `${role}: ${name}: ${pair}`));
        // A layer or a dialog would lie over what comes next.
        await page.keyboard.press("Escape");
      }
      expect([...wrong, ...refused]).toEqual([]);
      await close();
    }
    expect(found).toEqual([]);
  });
}

test("a story that came too late is with those that are held, and says why", async () => {
  const { page, wrong, close } = await loggedIn(world, "researcher");
  await visit(page, world.server.projectId, "manage/release");
  await page.getByRole("button", { name: /^Held/ }).click();
  await page.getByRole("row", { name: /Too late.*The wave was not open/ }).waitFor();
  expect(wrong).toEqual([]);
  await close();
});
