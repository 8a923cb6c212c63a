// What a test of a table needs: names, answers, a line on a figure, sheets of paper.

import { randomUUID } from "node:crypto";
import type { Page } from "playwright-core";
import type { Api } from "../../src/api/client";

/** Says that something is new. */
export const CREATE = { "If-None-Match": "*" };

/** A name that nothing else has, also when a test is run again. */
export const unique = (name: string): string => `${name} ${randomUUID().slice(0, 8)}`;

/** What a call made. Errors: what the server said against it. */
export async function made<T>(call: Promise<{ data?: T; error?: unknown }>): Promise<T> {
  const { data, error } = await call;
  if (data === undefined) throw new Error(`not made: ${JSON.stringify(error)}`);
  return data;
}

/** Draws an area on the figure, as a finger or a mouse does. */
export async function draws(page: Page): Promise<void> {
  const box = await page.locator(".plot .drawing").first().boundingBox();
  if (!box) throw new Error("there is no figure");
  const at = (x: number, y: number): [number, number] => [box.x + box.width * x, box.y + box.height * y];
  await page.mouse.move(...at(0.5, 0.4));
  await page.mouse.down();
  for (const [x, y] of [[0.65, 0.6], [0.5, 0.8], [0.35, 0.6], [0.48, 0.42]] as const) await page.mouse.move(...at(x, y), { steps: 4 });
  await page.mouse.up();
}

/** Widths and heights of the pages, in points. */
function sheets(pdf: Buffer): Set<string> {
  const boxes = [...pdf.toString("latin1").matchAll(/\/MediaBox\s*\[\s*0\s+0\s+([\d.]+)\s+([\d.]+)\s*\]/g)];
  return new Set(boxes.map(([, width, height]) => `${Math.round(Number(width))} x ${Math.round(Number(height))}`));
}

/** Upright sheets, in points. */
export const A4 = "595 x 842";
export const A3 = "842 x 1191";

/** The sheets that a page is printed on. */
export async function printed(page: Page): Promise<Set<string>> {
  return sheets(await page.pdf({ preferCSSPageSize: true }));
}

/** Ids of the released stories of a wave by their texts, as a researcher reads them. */
export async function releasedTexts(api: Api, study: { projectId: string }, wave: string): Promise<Map<string, string>> {
  const { items } = await made(api.GET("/v1/projects/{projectId}/stories", { params: { path: study, query: { limit: 500, wave, released: true } } }));
  const one = (storyId: string) => made(api.GET("/v1/projects/{projectId}/stories/{storyId}", { params: { path: { ...study, storyId } } }));
  const found = new Map<string, string>();
  for (const { id } of items) found.set((await one(id)).text?.trim() ?? "", id);
  return found;
}
