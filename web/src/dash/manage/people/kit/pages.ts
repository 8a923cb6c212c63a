// Lists that the server answers page by page.

import type { Answer } from "./task.svelte";

/** One page of a list. */
export interface Page<T> {
  items: T[];
  next?: string | null;
}

/** Most pages that are read of one list, so that a list that never ends does not keep a browser busy. */
const MOST = 40;

/** All items of a list, or the first answer that was no success. At most 40 pages are asked for. */
export async function all<T>(ask: (cursor: string | undefined) => Promise<Answer<Page<T>>>): Promise<Answer<T[]>> {
  const items: T[] = [];
  let cursor: string | undefined;
  for (let asked = 0; asked < MOST; asked += 1) {
    const answer = await ask(cursor);
    if (!answer.data) return { error: answer.error, response: answer.response };
    items.push(...answer.data.items);
    cursor = answer.data.next ?? undefined;
    if (cursor === undefined) break;
  }
  return { data: items, response: { ok: true, status: 200 } };
}

/** The part of a list that page `page` (from 0) shows, and how many pages there are (at least 1). */
export function pageOf<T>(items: readonly T[], page: number, size: number): { shown: T[]; pages: number; page: number } {
  const pages = Math.max(1, Math.ceil(items.length / size));
  const at = Math.min(Math.max(0, page), pages - 1);
  return { shown: items.slice(at * size, (at + 1) * size), pages, page: at };
}
