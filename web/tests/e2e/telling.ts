// Telling a story in the form, as a facilitator and a teller do it. Words are those of the English interface.

import type { Page } from "playwright-core";

/** What is told. */
export interface Told {
  text?: string;
  title?: string;
  /** Records for so many seconds. */
  record?: number;
  /** Called before each screen with its number and heading; for breaking things there. */
  at?: (screen: number, page: Page) => Promise<Page | void>;
}

export const next = (page: Page): Promise<void> => page.locator("footer").getByRole("button", { name: "Next" }).click();

/** Waits until the last change is on the disk. */
export async function saved(page: Page): Promise<void> {
  await page.locator("[data-saving=saved]").waitFor();
}

/** Begins a story. */
export async function begin(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Start a story" }).click();
  await page.getByRole("heading", { name: "In which language do you want to tell?" }).waitFor();
}

/** Number of the screen that is open, from 1. */
export async function screenNumber(page: Page): Promise<number> {
  return Number(await page.getByRole("progressbar").getAttribute("aria-valuenow"));
}

/** Whether everything was answered and only sending is left. */
export async function atReview(page: Page): Promise<boolean> {
  return (await page.getByRole("button", { name: "Done, send the story" }).count()) > 0;
}

/** Answers the screen that is open, whatever it is, if it needs it. */
export async function answerScreen(page: Page, told: Told): Promise<void> {
  if (await has(page, "Who tells?")) return answerWho(page);
  if (await has(page, "How do you talk with each other?")) return check(page, "Together in one place");
  if (await has(page, "Do you want to take part?")) return check(page, "Yes, I take part");
  if (await has(page, "Pick one question to tell about")) return page.getByRole("radio").first().check();
  if (await has(page, "Give your story a name")) return page.locator("main input").fill(told.title ?? "The bus");
  if (await has(page, "A few questions about yourself")) return check(page, "Answered before, skip");
  if ((await page.locator("main textarea").count()) > 0) return tell(page, told);
  if (await page.getByText("What may be done with your story?").count()) return page.getByRole("radio", { name: "Yes" }).check();
  const passed = page.getByRole("button", { name: "Not about this" });
  if (await passed.count()) return answerQuestion(page);
}

async function has(page: Page, name: string): Promise<boolean> {
  return (await page.getByRole("heading", { name, level: 1 }).count()) > 0;
}

async function check(page: Page, name: string): Promise<void> {
  await page.getByRole("radio", { name, exact: true }).check();
}

async function answerWho(page: Page): Promise<void> {
  const perspective = page.getByRole("group", { name: "I tell as" }).getByRole("radio").first();
  if (await perspective.count()) await perspective.check();
  await page.getByRole("checkbox", { name: "Go on without a code" }).check();
}

async function tell(page: Page, told: Told): Promise<void> {
  await page.locator("main textarea").fill(told.text ?? "I took the bus to work by myself for the first time.");
  if (told.record === undefined) return;
  await page.getByRole("button", { name: "Yes, record" }).click();
  await page.getByRole("button", { name: "Start recording" }).click();
  // At least so long: a machine that stands still for a second never shows that one.
  await page.getByText(new RegExp(`Recording: 0:(0[${told.record}-9]|[1-5]\\d)`)).waitFor();
  await page.getByRole("button", { name: "Finish recording" }).click();
  await page.getByText("Recording 1,").waitFor();
}

/** Answers a question by the keys: a handle goes to the middle by its first arrow; a list gets its first option. */
async function answerQuestion(page: Page): Promise<void> {
  const option = page.locator("main input[type=radio], main input[type=checkbox]").first();
  if (await option.count()) return option.check();
  const handle = page.getByRole("slider").first();
  if (await handle.count()) return handle.press("ArrowRight");
  await page.getByRole("button", { name: "Not about this" }).click();
}

/** Tells a whole story up to the last screen; answers the page, which may be another one when `at` opened one. */
export async function tellToReview(start: Page, told: Told = {}): Promise<Page> {
  let page = start;
  await page.getByRole("progressbar").waitFor();
  for (let steps = 0; steps < 80; steps += 1) {
    if (await atReview(page)) return page;
    const number = await screenNumber(page);
    page = (await told.at?.(number, page)) ?? page;
    if (await atReview(page)) return page;
    await answerScreen(page, told);
    await next(page);
    await page.locator(`[role=progressbar]:not([aria-valuenow="${number}"])`).waitFor();
  }
  throw new Error("the story does not come to an end");
}

/** Finishes a story from its last screen and goes home. */
export async function finish(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Done, send the story" }).click();
  await page.getByRole("heading", { name: "Thank you" }).waitFor();
  await page.getByRole("button", { name: "Done", exact: true }).click();
  await page.getByRole("heading", { name: "Collect stories" }).waitFor();
}

/** Sends now, unless the queue was faster: then there is no such button any more. */
export async function sendNow(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Send now" }).click({ timeout: 3000 }).catch(() => undefined);
}

/** Waits until this device has nothing left to send. */
export async function everythingSent(page: Page): Promise<void> {
  await page.getByText("Everything was sent").waitFor({ timeout: 120_000 });
}
