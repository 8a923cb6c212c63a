// The three numbers of a triad: per cents that always make 100. Whoever types two of them has given the third.

import { apportion, closed, type Shares } from "./triangle";

/** What stands in the three inputs; null is empty. */
export interface Percents {
  values: readonly (number | null)[];
  /** Which input was changed last, the one before it, ...: the one that was left alone longest follows the others. */
  order: readonly number[];
}

/** Whole per cents of shares, together 100; all empty when nothing was placed. */
export function percentsOf(shares: Shares | null): Percents {
  return { values: shares === null ? [null, null, null] : apportion(shares, 100), order: [0, 1, 2] };
}

/**
 * What the inputs become when `value` (per cent, or null when emptied) is typed in input `index`. The input that was left
 * alone longest takes what is left of 100; when the two others are too much together, the other one gives way.
 */
export function typed(before: Percents, index: number, value: number | null): Percents {
  const order = [index, ...before.order.filter((i) => i !== index)];
  const values = [...before.values];
  values[index] = value === null ? null : Math.round(Math.min(100, Math.max(0, value)));
  const [, kept = 0, follower = 0] = order;
  const own = values[index];
  if (own == null) {
    return { values, order };
  }
  // With one number alone nothing is placed: what the other two are is for the teller to say. 100 leaves nothing to say.
  if (values[kept] == null && values[follower] == null && own < 100) {
    return { values, order };
  }
  const isKeptEmpty = values[kept] == null;
  const other = isKeptEmpty ? follower : kept;
  const third = isKeptEmpty ? kept : follower;
  const otherValue = Math.min(values[other] ?? 0, 100 - own);
  values[other] = otherValue;
  values[third] = 100 - own - otherValue;
  return { values, order };
}

/** The shares that the inputs say, or null when one is empty. */
export function sharesTyped({ values }: Percents): Shares | null {
  const [top, left, right] = values;
  return top == null || left == null || right == null ? null : closed([top / 100, left / 100, right / 100]);
}
