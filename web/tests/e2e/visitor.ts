// Somebody in front of the dashboard: a browser that is logged in through the page, and what went wrong in it.

import { randomUUID } from "node:crypto";
import type { BrowserContextOptions, Page } from "playwright-core";
import type { DemoServer } from "../server";
import type { World } from "./world";

/** A window of the dashboard. */
export interface Visitor {
  page: Page;
  /** What the page threw, or wrote to the console as an error; stays empty. */
  wrong: string[];
  close(): Promise<void>;
}

/** Opens the dashboard at its door. */
export async function visitor(world: World, options: BrowserContextOptions = {}): Promise<Visitor> {
  const context = await world.browser.newContext({ viewport: { width: 1280, height: 800 }, locale: "en", reducedMotion: "reduce", ...options });
  context.setDefaultTimeout(60_000);
  const page = await context.newPage();
  const wrong: string[] = [];
  page.on("pageerror", (error) => wrong.push(String(error)));
  page.on("console", (message) => {
    // That the server refused something is no mistake of the page: the browser says so by itself.
    if (message.type() === "error" && !message.text().startsWith("Failed to load resource")) wrong.push(message.text());
  });
  await page.goto(world.server.url);
  await page.locator("input[type=password]").waitFor();
  return { page, wrong, close: () => context.close() };
}

/** Logs in with the form of the page. */
export async function logIn(page: Page, server: DemoServer, role: string): Promise<void> {
  const { email, password } = server.login(role);
  await page.locator("input[type=email]").fill(email);
  await page.locator("input[type=password]").fill(password);
  await page.locator("form button.primary").click();
  await page.locator("ul.studies, .empty").waitFor();
}

/** Somebody with this role, logged in, in front of the list of studies. */
export async function loggedIn(world: World, role: string, options: BrowserContextOptions = {}): Promise<Visitor> {
  const visit = await visitor(world, options);
  await logIn(visit.page, world.server, role);
  return visit;
}

/** Types the address of a place in a study, as `explore/competence`; waits until its heading has the focus, and its content. */
export async function visit(page: Page, projectId: string, place: string): Promise<void> {
  await page.evaluate((hash) => {
    if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
    location.hash = hash;
  }, `#/projects/${projectId}/${place}`);
  await settled(page);
}

/** Waits until the screen that somebody went to has the focus on its heading and nothing in it is still on its way. */
export async function settled(page: Page): Promise<void> {
  await page.locator("h1:focus").waitFor({ state: "attached" });
  await page.waitForFunction(() => document.querySelector("[aria-busy=true], .loading") === null);
}

/** What a story to deliver says, and where: in the demo study unless another is named. */
export interface Told {
  title: string;
  text: string;
  mayWorkgroup?: boolean;
  projectId?: string;
  wave?: string;
}

/** Delivers a story as a researcher, of a teller who lets the workgroup read it unless it says otherwise; answers its id. */
export async function deliver(world: World, told: Told): Promise<string> {
  const storyId = randomUUID();
  const { title, text, mayWorkgroup = true, projectId = world.server.projectId, wave = "3" } = told;
  const { response, error } = await world.researcher.PUT("/v1/projects/{projectId}/stories/{storyId}", {
    params: { path: { projectId, storyId } },
    body: {
      frameworkVersion: 1,
      wave,
      perspective: "candidate",
      language: "en",
      title,
      text,
      placements: { confidence: { state: "answered", value: { position: 0.4 } } },
      permissions: { workgroup: mayWorkgroup, quote: true },
      consent: { version: "1", language: "en", way: "tapped", at: "2026-04-20T10:00:00Z" },
    },
  });
  if (!response.ok) throw new Error(`the story was not taken: ${JSON.stringify(error)}`);
  return storyId;
}
