// The code that a teller gets on paper, to withdraw the story later.

import { ALPHABET, checkValue } from "../store/codes";

const BITS = 48;
const CHARACTERS = 10;

/**
 * The withdrawal code of a story, written `XXXX-XXXX-XXX`: the first 48 bits of its id in base 32 and a check character.
 * Throws `RangeError` when `storyId` is no UUID.
 */
export function withdrawalCode(storyId: string): string {
  const digits = storyId.replaceAll("-", "");
  if (!/^[0-9a-f]{32}$/i.test(digits)) throw new RangeError("not a UUID");
  // 48 bits, and two zeros to fill the tenth character.
  const bits = BigInt(`0x${digits.slice(0, BITS / 4)}`) << BigInt(CHARACTERS * 5 - BITS);
  const values = Array.from({ length: CHARACTERS }, (_, i) => Number((bits >> BigInt(5 * (CHARACTERS - 1 - i))) & 31n));
  const text = [...values, checkValue(values)].map((value) => ALPHABET.charAt(value)).join("");
  return `${text.slice(0, 4)}-${text.slice(4, 8)}-${text.slice(8)}`;
}
