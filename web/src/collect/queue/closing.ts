// Closing bytes for the project, so that only its server can open them.

import { Aes256Gcm, CipherSuite, DhkemP256HkdfSha256, HkdfSha256 } from "@hpke/core";

import type { Bytes } from "../store/crypt";

/** Says what is closed, so that nothing closed for this use opens anywhere else. */
export const INFO = "duiding-undelivered-1";

/** Bytes that the closing adds. */
export const CLOSING_BYTES = 16;

/** A project's public key: P-256, an uncompressed point in base64url. */
export interface PublicKey {
  id: string;
  publicKey: string;
}

/** HPKE (RFC 9180) in base mode, as the server opens it. */
export function suite(): CipherSuite {
  return new CipherSuite({ kem: new DhkemP256HkdfSha256(), kdf: new HkdfSha256(), aead: new Aes256Gcm() });
}

/**
 * The first line and what follows it: `plain`, closed for `key` together with that line. Throws what the library throws
 * when the key is no point of the curve.
 */
export async function closeFor(key: PublicKey, project: string, plain: Bytes): Promise<{ header: Bytes; closed: ArrayBuffer }> {
  const hpke = suite();
  const recipientPublicKey = await hpke.kem.deserializePublicKey(fromBase64Url(key.publicKey).buffer);
  const info = new TextEncoder().encode(INFO).buffer;
  const sender = await hpke.createSenderContext({ recipientPublicKey, info });
  const encapsulated = toBase64Url(new Uint8Array(sender.enc));
  const header = encode({ format: "duiding-undelivered", version: 1, project, key: key.id, encapsulated });
  return { header, closed: await sender.seal(plain.buffer, header.buffer) };
}

/** Compact JSON in UTF-8. */
export function encode(value: unknown): Bytes {
  return new Uint8Array(new TextEncoder().encode(JSON.stringify(value)));
}

/** Bytes of base64url without padding. */
export function fromBase64Url(text: string): Bytes {
  const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(binary, (character) => character.charCodeAt(0));
}

/** Base64url without padding. */
export function toBase64Url(bytes: Uint8Array): string {
  const binary = Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
  return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}
