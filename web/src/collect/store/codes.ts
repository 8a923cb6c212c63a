// Codes that people read from paper and type, such as the code of a teller; the server makes and checks them the same way.

/** Digits of Crockford's base 32: no I, L, O or U, which look like others or make words. */
export const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

const LENGTH = 8;

/** Check value (0 to 31) of base-32 values. The weights are odd, so that one wrong character always changes the sum. */
export function checkValue(values: readonly number[]): number {
  return values.reduce((sum, value, i) => sum + (2 * i + 1) * value, 0) % 32;
}

/**
 * The written form (`XXXX-XXXX`) of a code as somebody typed it: in lower case, with spaces, O for 0, I or L for 1.
 * `null` when it is no code: a wrong length or character, or the check character does not fit.
 */
export function normaliseCode(typed: string): string | null {
  const values = [...typed.replace(/[\s-]/gu, "")].map(valueOf);
  if (values.length !== LENGTH || values.includes(-1) || checkValue(values.slice(0, -1)) !== values.at(-1)) return null;
  const text = values.map((value) => ALPHABET.charAt(value)).join("");
  return `${text.slice(0, 4)}-${text.slice(4)}`;
}

function valueOf(typed: string): number {
  const upper = /^[a-z]$/.test(typed) ? typed.toUpperCase() : typed;
  if (upper === "O") return 0;
  return upper === "I" || upper === "L" ? 1 : ALPHABET.indexOf(upper);
}
