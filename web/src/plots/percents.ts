// Whole percentages that add up.

/**
 * Shares (0 to 1) as whole percentages. Those of a whole add up to 100: each is rounded down, and what is left goes to those
 * that lost most (the largest remainders). What is no whole, because one may choose more than one or a part is withheld, is
 * rounded one by one. A part that is not known stays null.
 */
export function percents(shares: readonly (number | null | undefined)[]): (number | null)[] {
  const known = shares.map((share) => (share == null ? null : 100 * share));
  const sum = known.reduce<number>((total, value) => total + (value ?? 0), 0);
  if (known.includes(null) || Math.abs(sum - 100) > 0.01) return known.map((value) => (value === null ? null : Math.round(value)));
  // A share that is computed as 28.999999 is 29.
  const low = known.map((value) => Math.floor((value ?? 0) + 1e-6));
  const left = 100 - low.reduce((total, value) => total + value, 0);
  const most = low.map((value, i) => ({ i, lost: (known[i] ?? 0) - value })).sort((a, b) => b.lost - a.lost).slice(0, left);
  return low.map((value, i) => (most.some((one) => one.i === i) ? value + 1 : value));
}
