// The canonical form of a story (RFC 8785) and its SHA-256: how this device knows that the server has just what was told.

import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import canonicalize from "canonicalize";

/** The RFC 8785 form of a JSON value. Halves of characters, which no server can read, become U+FFFD. */
export function canonicalText(value: unknown): string {
  const text = canonicalize(wellFormed(JSON.parse(JSON.stringify(value))));
  if (text === undefined) throw new TypeError("not a JSON value");
  return text;
}

/** SHA-256 of a text in UTF-8, as 64 lower-case hexadecimal digits. */
export function sha256Hex(text: string): string {
  return bytesToHex(sha256(utf8ToBytes(text)));
}

/** SHA-256 of bytes that come one after the other, without all of them in memory. */
export async function sha256OfAll(parts: AsyncIterable<Uint8Array>): Promise<string> {
  const hash = sha256.create();
  for await (const part of parts) hash.update(part);
  return bytesToHex(hash.digest());
}

function wellFormed(value: unknown): unknown {
  if (typeof value === "string") return wellFormedText(value);
  if (Array.isArray(value)) return value.map(wellFormed);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [wellFormedText(key), wellFormed(member)]));
}

/** As `String.prototype.toWellFormed`, which older phones lack. */
function wellFormedText(text: string): string {
  return text.replace(/\p{Surrogate}/gu, "\uFFFD");
}
