// How big and how quick the form is, as figures; `npm run speed`. A debug program sends files as they are, a release one
// compresses them: the figures are those of the program that `DUIDING_BIN` names.

import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { answerScreen, atReview, begin } from "../e2e/telling";
import { enrolled, phone, startWorld, type World } from "../e2e/world";

let world: World;

beforeAll(async () => {
  world = await startWorld();
});

afterAll(async () => world.stop());

function files(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? files(path) : [path];
  });
}

const DIST = join(import.meta.dirname, "../../dist/collect");

/** What the page asks for before anything is opened: itself, and the scripts and styles that it names. */
function firstFiles(): string[] {
  const page = join(DIST, "index.html");
  const named = readFileSync(page, "utf8").matchAll(/(?:src|href)="\/collect\/(assets\/[^"]+)"/g);
  return [page, ...[...named].map(([, path]) => join(DIST, path ?? ""))];
}

function sizes(paths: string[]): { gzip: number; brotli: number } {
  const total = (compress: (bytes: Buffer) => Buffer): number =>
    paths.reduce((sum, path) => sum + compress(readFileSync(path)).length, 0);
  return { gzip: total((bytes) => gzipSync(bytes)), brotli: total((bytes) => brotliCompressSync(bytes)) };
}

test("the first load is small, and so is all that is kept for use without signal", () => {
  const everything = files(DIST).filter((path) => /\.(js|css|html)$/.test(path) && !path.endsWith("sw.js"));
  const [first, all] = [sizes(firstFiles()), sizes(everything)];
  const said = ({ gzip, brotli }: typeof first): string => `${(gzip / 1000).toFixed(0)} kB gzip, ${(brotli / 1000).toFixed(0)} kB brotli`;
  console.log(`first load: ${said(first)}; all together: ${said(all)} (at most 200)`);
  expect(first.gzip).toBeLessThan(all.gzip);
  expect(all.gzip).toBeLessThan(200_000);
});

/** A phone of the middle of the range on slow 4G: 150 ms there and back, 1.6 Mbit/s, four times slower than this machine. */
async function slow(page: Page): Promise<void> {
  const session = await page.context().newCDPSession(page);
  await session.send("Network.enable");
  const network = { offline: false, latency: 150, downloadThroughput: 200_000, uploadThroughput: 94_000 };
  await session.send("Network.emulateNetworkConditions", network);
  await session.send("Emulation.setCPUThrottlingRate", { rate: 4 });
}

const median = (list: number[]): number => [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)] ?? NaN;

test("the form can be used soon on a slow phone", async () => {
  const took: number[] = [];
  for (let i = 0; i < 5; i += 1) {
    const context = await phone(world);
    const page = await context.newPage();
    await slow(page);
    const began = performance.now();
    await page.goto(`${world.server.url}/collect`, { waitUntil: "commit" });
    await page.locator("form button").waitFor();
    took.push(performance.now() - began);
    await context.close();
  }
  console.log(`first visit to a form that can be used: median ${median(took).toFixed(0)} ms of 5 (at most 2000)`);
});

test("the next question is there at once on a slow phone", async () => {
  const context = await phone(world);
  const page = await enrolled(world, context);
  await slow(page);
  await begin(page);
  const took: number[] = [];
  while (!(await atReview(page))) {
    await answerScreen(page, {});
    took.push(await page.evaluate(nextScreen));
  }
  const late = took.filter((ms) => ms > 100).length;
  console.log(`from one screen to the next: median ${median(took).toFixed(0)} ms, slowest ${Math.max(...took).toFixed(0)} ms, ${late} of ${took.length} over 100 ms`);
  await context.close();
});

/** Milliseconds from the press to the frame in which the next screen is drawn. */
function nextScreen(): Promise<number> {
  return new Promise((resolve) => {
    const began = performance.now();
    document.querySelector<HTMLButtonElement>("footer .primary")?.click();
    requestAnimationFrame(() => requestAnimationFrame(() => resolve(performance.now() - began)));
  });
}
