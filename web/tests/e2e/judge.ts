// What keeps somebody out of a screen: what axe finds, and what is wider than the screen.

import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "playwright-core";

/** What axe finds wrong, as one line each. */
async function violations(page: Page): Promise<string[]> {
  const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
  const { violations: found } = await new AxeBuilder({ page }).withTags(tags).analyze();
  return found.map((v) => `${v.id}: ${v.help}: ${v.nodes.map((n) => n.html.slice(0, 120)).join(" | ")}`);
}

/** Wider than the screen: something would have to be pushed aside to be read. */
export async function overflow(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
}

/** Adds to `found` what is wrong with the screen that is shown; `what` names the screen. */
export async function judge(page: Page, what: string, found: string[]): Promise<void> {
  for (const violation of await violations(page)) found.push(`${what}: ${violation}`);
  if ((await overflow(page)) > 0) found.push(`${what}: wider than the screen`);
}
