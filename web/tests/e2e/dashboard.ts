// The dashboard in a browser: people who are logged in, and what a test needs to say to the server for them.

import type { BrowserContext, Page, Response } from "playwright-core";
import type { Api } from "../../src/api/client";
import { signIn, type World } from "./world";

/** Somebody with the dashboard open. */
export interface Member {
  context: BrowserContext;
  page: Page;
  /** The same person without a browser. */
  api: Api;
  /** What went wrong in the page without being shown. */
  errors: string[];
}

/** Logs somebody with this role in, in a browser of its own. */
export async function member(world: World, role: string): Promise<Member> {
  const context = await world.browser.newContext({ viewport: { width: 1280, height: 800 }, locale: "en", acceptDownloads: true });
  context.setDefaultTimeout(60_000);
  const page = await context.newPage();
  const errors: string[] = [];
  page.on("pageerror", (error) => errors.push(`${role}: ${error.message}`));
  const { email, password } = world.server.login(role);
  await page.goto(`${world.server.url}/`);
  await page.locator('input[autocomplete="username"]').fill(email);
  await page.locator('input[autocomplete="current-password"]').fill(password);
  await page.locator("form button.primary").click();
  await page.locator("main#content").waitFor();
  return { context, page, api: await signIn(world.server, role), errors };
}

/** Goes to a place of the study: what follows its id in the address. */
export async function visit(world: World, page: Page, place: string): Promise<void> {
  // A fragment alone does not load the page again: what the screen kept in memory would stay.
  await page.goto("about:blank");
  await page.goto(`${world.server.url}/#/projects/${world.server.projectId}/${place}`);
}

/** The next answer to a request of this kind. */
export function answered(page: Page, method: string, part: string): Promise<Response> {
  return page.waitForResponse((response) => response.request().method() === method && response.url().includes(part));
}
