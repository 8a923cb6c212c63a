// Everybody can use every screen of the dashboard: axe on each of them, in both languages and down to a phone; and a visit by
// keys alone.

import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { judge, overflow } from "./judge";
import { press, tabTo } from "./keys";
import { deliver, loggedIn, settled, visit, visitor } from "./visitor";
import { startWorld, type World } from "./world";

let world: World;
let storyId: string;

beforeAll(async () => {
  world = await startWorld();
  storyId = await deliver(world, { title: "Lunch together", text: "My neighbour Sandra de Vries calls me. Then we eat together." });
});

afterAll(async () => world.stop());

/** Every screen of the dashboard, by who has it. `STORY` stands for a story. */
const screens: Record<string, string[]> = {
  workgroup: ["overview", "explore", "explore/competence", "explore/confidence", "explore/transport", "patterns", "read"],
  researcher: [
    "read/STORY", "manage/framework", "manage/waves", "manage/release", "manage/release/STORY", "manage/snapshot", "manage/response",
    "manage/tokens", "manage/retention", "manage/exports", "manage/register",
  ],
  coordinator: ["overview", "manage/participants", "manage/tellers", "manage/collecting", "manage/subjects", "explore"],
  owner: ["manage/members", "manage/thresholds", "manage/audit", "manage/webhooks"],
};

for (const [locale, width, height] of [["nl", 1280, 800], ["en", 1024, 768], ["nl", 320, 700]] as const) {
  test(`no screen in ${locale}, ${width} pixels wide, keeps anybody out`, async () => {
    const found: string[] = [];
    const door = await visitor(world, { locale, viewport: { width, height } });
    await judge(door.page, "door", found);
    await door.close();
    for (const [role, places] of Object.entries(screens)) {
      const { page, wrong, close } = await loggedIn(world, role, { locale, viewport: { width, height } });
      // The search for everything takes minutes on a server that is not optimised; what is narrower is answered.
      await page.route("**/findings/_search*", (route) => (narrow(route.request().postData()) ? route.continue() : undefined));
      for (const place of places) {
        await visit(page, world.server.projectId, place.replace("STORY", storyId));
        // On a phone the lists of those who manage are only to be read without pushing them aside; axe saw them twice.
        if (width > 320 || role === "workgroup") await judge(page, `${role}: ${place}`, found);
        else if ((await overflow(page)) > 0) found.push(`${role}: ${place}: wider than the screen`);
      }
      if (role === "workgroup") await judgePatterns(page, found);
      expect(wrong).toEqual([]);
      await close();
    }
    expect(found).toEqual([]);
  });
}

const narrow = (asked: string | null): boolean => asked?.includes('"waves":["1"]') ?? false;

/** The patterns of the first wave, tab by tab. */
async function judgePatterns(page: Page, found: string[]): Promise<void> {
  await visit(page, world.server.projectId, "patterns");
  await page.locator(".chosen button").first().click();
  await judge(page, "which patterns", found);
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("group").nth(0).getByRole("checkbox").first().check();
  await dialog.getByRole("group").nth(1).getByRole("checkbox").first().check();
  await dialog.locator("button.primary").click();
  await page.locator("article.pattern .told blockquote").first().waitFor({ timeout: 120_000 });
  for (const tab of await page.getByRole("tab").all()) {
    await tab.click();
    await page.locator(".loading").waitFor({ state: "detached" });
    await judge(page, `patterns: ${await tab.textContent()}`, found);
  }
}

test("somebody logs in, narrows the lens, marks a part of a figure and reads a story by the keyboard alone", async () => {
  const { page, wrong, close } = await visitor(world);
  const { email, password } = world.server.login("workgroup");
  await tabTo(page, "input[type=email]");
  await page.keyboard.type(email);
  await tabTo(page, "input[type=password]");
  await page.keyboard.type(password);
  await page.keyboard.press("Enter");
  await page.locator("ul.studies").waitFor();
  await press(page, "ul.studies a");
  await settled(page);
  await press(page, 'header nav a[href*="/explore"]');
  await settled(page);
  await page.locator('[aria-busy="false"] .gallery').waitFor();

  await press(page, "aside li button");
  await page.locator('aside li button[aria-pressed="true"]').waitFor();
  await press(page, '.gallery a[href*="explore/competence"]');
  await settled(page);
  await tabTo(page, "section.card label.part select");
  await page.keyboard.press("ArrowDown");
  await page.getByRole("button", { name: "Clear the selection" }).waitFor();
  await page.locator('[aria-busy="false"] section.card').waitFor();
  const title = page.locator("section.reader li button").first();
  await title.waitFor();
  await press(page, "section.reader li button");
  await page.locator("section.reader article").waitFor();
  await page.getByText("Placement on").waitFor();
  expect(wrong).toEqual([]);
  await close();
});
