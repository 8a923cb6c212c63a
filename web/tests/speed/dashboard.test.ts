// How big the dashboard is, and how soon all figures follow another lens, as figures; `npm run speed`. The program that `DUIDING_BIN`
// names should be a release one: a debug one counts many times slower.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startWorld, type World } from "../e2e/world";

let world: World;

beforeAll(async () => {
  world = await startWorld();
});

afterAll(async () => world.stop());

const DIST = join(import.meta.dirname, "../../dist/dashboard");

test("the first load is small", () => {
  const page = join(DIST, "index.html");
  const named = readFileSync(page, "utf8").matchAll(/(?:src|href)="\/(app\/[^"]+)"/g);
  const paths = [page, ...[...named].map(([, path]) => join(DIST, path ?? ""))];
  const total = (compress: (bytes: Buffer) => Buffer): number => paths.reduce((sum, path) => sum + compress(readFileSync(path)).length, 0);
  const gzip = total((bytes) => gzipSync(bytes));
  console.log(`first load: ${(gzip / 1000).toFixed(0)} kB gzip, ${(total((bytes) => brotliCompressSync(bytes)) / 1000).toFixed(0)} kB brotli (at most 300)`);
  expect(gzip).toBeLessThan(300_000);
});

/** A number between 0 and 1 for each story and column, the same in every run. */
function drawn(story: number, column: number): number {
  const mixed = Math.sin(story * 12.9898 + column * 78.233) * 43758.5453;
  return mixed - Math.floor(mixed);
}

const TRIADS = { competence: ["work", "people", "time"], "fitting-work": ["can", "want", "life"], "meaningful-days": ["rhythm", "people", "own-choice"] };
const DYADS = ["culture", "language-around", "confidence"];

/** So many stories in the table that the server reads. */
function table(from: number, to: number): string {
  const triads = Object.entries(TRIADS);
  const head = [
    "story_id", "wave", "participant", "perspective", "language", "title", "text",
    ...triads.flatMap(([key, anchors]) => anchors.map((anchor) => `${key}.${anchor}`)), ...DYADS,
  ];
  const row = (story: number): string => {
    const shares = triads.flatMap((_, i) => {
      const [a, b] = [drawn(story, 2 * i), drawn(story, 2 * i + 1)].sort((x, y) => x - y);
      const [first, second] = [Math.round((a ?? 0) * 1000), Math.round((b ?? 0) * 1000)];
      return [first, second - first, 1000 - second].map((thousandths) => thousandths / 1000);
    });
    const id = `00000000-0000-4000-8000-${story.toString(16).padStart(12, "0")}`;
    const told = [id, 1 + (story % 3), "", ["candidate", "job-coach"][story % 2], "nl", "Een dag", "Kort verteld."];
    return [...told, ...shares, ...DYADS.map((_, i) => drawn(story, 10 + i).toFixed(3))].join(",");
  };
  return [head.join(","), ...Array.from({ length: to - from }, (_, i) => row(from + i))].join("\n");
}

async function bring(token: string, from: number, to: number): Promise<void> {
  const step = 10_000;
  for (let at = from; at < to; at += step) {
    const response = await fetch(`${world.server.url}/v1/projects/${world.server.projectId}/imports/stories`, {
      method: "POST",
      headers: { Authorization: `Bearer ${token}`, "Content-Type": "text/csv" },
      body: table(at, Math.min(at + step, to)),
    });
    if (!response.ok) throw new Error(`the stories were not taken: ${await response.text()}`);
  }
}

async function tokenOf(role: string): Promise<string> {
  const response = await fetch(`${world.server.url}/v1/sessions`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(world.server.login(role)),
  });
  const { accessToken }: { accessToken: string } = await response.json();
  return accessToken;
}

const median = (list: number[]): number => [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)] ?? NaN;

/** Milliseconds of so many lens changes, from the press of a wave to the frame with all figures that can be seen. */
async function lensChanges(page: Page, times: number): Promise<number[]> {
  const waves = page.locator("aside ul.seg button");
  const took: number[] = [];
  for (let i = 0; i < times; i += 1) {
    await page.evaluate(() => performance.clearMeasures());
    await waves.nth(i % 3).click();
    await page.waitForFunction(() => performance.getEntriesByName("lens-to-redraw").length > 0);
    took.push(await page.evaluate(() => performance.getEntriesByName("lens-to-redraw")[0]?.duration ?? NaN));
  }
  return took;
}

test("all figures follow a lens at once, also with very many stories", async () => {
  const context = await world.browser.newContext({ viewport: { width: 1280, height: 800 }, locale: "en" });
  context.setDefaultTimeout(60_000);
  const page = await context.newPage();
  const { email, password } = world.server.login("researcher");
  await page.goto(world.server.url);
  await page.locator("input[type=email]").fill(email);
  await page.locator("input[type=password]").fill(password);
  await page.keyboard.press("Enter");
  await page.locator("input[type=password]").waitFor({ state: "detached" });
  let told = 0;
  for (const [stories, goal] of [[10_000, 100], [100_000, 400]] as const) {
    await bring(await tokenOf("researcher"), told, stories);
    told = stories;
    await page.goto(`${world.server.url}/#/projects/${world.server.projectId}/explore`);
    await page.reload();
    await page.locator("aside ul.seg button").first().waitFor();
    await page.waitForFunction(() => performance.getEntriesByName("lens-to-redraw").length > 0);
    await lensChanges(page, 3);
    const took = await lensChanges(page, 20);
    console.log(`${stories} stories: from a lens to all figures: median ${median(took).toFixed(0)} ms of 20, slowest ${Math.max(...took).toFixed(0)} ms (goal ${goal})`);
    expect(took).toHaveLength(20);
  }
  await context.close();
}, 900_000);
