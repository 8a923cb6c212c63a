// Going along the dots of a plot with the keyboard, and finding the dot under a pointer.

import type { Point } from "./picture";

/** A dot that can be reached. */
export interface Stop {
  point: Point;
  /** Number of its series and of the dot in it. */
  series: number;
  index: number;
  id: string | null;
}

interface Source {
  points: readonly Point[];
  ids: readonly (string | null)[];
}

/** All dots in the order in which a page is read: from the top, row by row. */
export function stopsOf(series: readonly Source[]): Stop[] {
  const all = series.flatMap((one, s) => one.points.map((point, index) => ({ point, series: s, index, id: one.ids[index] ?? null })));
  return all.sort((a, b) => a.point.y - b.point.y || a.point.x - b.point.x);
}

/** The dot nearest to a point within reach; of a dot that can be opened and one that cannot, the first. */
export function nearest(series: readonly Source[], point: Point, reach: number): Stop | null {
  let found: Stop | null = null;
  let least = reach;
  series.forEach((one, s) => {
    one.points.forEach((dot, index) => {
      const id = one.ids[index] ?? null;
      const distance = Math.hypot(dot.x - point.x, dot.y - point.y) + (id === null ? reach / 2 : 0);
      if (distance <= least) {
        least = distance;
        found = { point: dot, series: s, index, id };
      }
    });
  });
  return found;
}

/** Number of the dot after a key; null when the key goes nowhere. */
export function stepped(current: number | null, count: number, key: string): number | null {
  if (count === 0) return null;
  switch (key) {
    case "ArrowRight":
    case "ArrowDown":
      return current === null ? 0 : Math.min(count - 1, current + 1);
    case "ArrowLeft":
    case "ArrowUp":
      return current === null ? count - 1 : Math.max(0, current - 1);
    case "Home":
      return 0;
    case "End":
      return count - 1;
    default:
      return null;
  }
}
