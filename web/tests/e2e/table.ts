// What a test of a table needs: names, answers, a line on a figure, sheets of paper.

import { randomUUID } from "node:crypto";
import type { Page } from "playwright-core";
import type { Api } from "../../src/api/client";
import type { components } from "../../src/api/schema";

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

/** A workshop and its one exhibit. */
export interface Table {
  workshop: string;
  exhibit: string;
}

/** What lies on a table: a view under a lens, split by something or whole. */
interface Laid {
  title?: string;
  lens?: components["schemas"]["Lens"];
  compareBy?: string | null;
}

/** A workshop of somebody with one figure on its table, made without a screen. */
export async function table(api: Api, projectId: string, { title = "A table", lens = {}, compareBy = null }: Laid = {}): Promise<Table> {
  const [workshop, exhibit] = [randomUUID(), randomUUID()];
  const path = { projectId, workshopId: workshop };
  await made(api.PUT("/v1/projects/{projectId}/workshops/{workshopId}", { params: { path, header: CREATE }, body: { title } }));
  const kept = await made(api.POST("/v1/projects/{projectId}/lenses", { params: { path: { projectId } }, body: { lens, compareBy } }));
  const body = { title: "What was asked", order: 1, lensId: kept.id, signifier: "competence" };
  await made(api.PUT("/v1/projects/{projectId}/workshops/{workshopId}/exhibits/{exhibitId}", { params: { path: { ...path, exhibitId: exhibit }, header: CREATE }, body }));
  return { workshop, exhibit };
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
