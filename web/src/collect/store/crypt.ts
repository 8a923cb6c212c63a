// Closing what is kept: AES-256-GCM with keys that this browser never hands out.

import { Unreadable } from "./errors";

/** Bytes that are not shared with another thread, as WebCrypto takes them. */
export type Bytes = Uint8Array<ArrayBuffer>;

/** What was closed, with the random 96 bits it was closed with. */
export interface Closed {
  iv: Bytes;
  data: ArrayBuffer;
}

const ALGORITHM = "AES-GCM";
const encoder = new TextEncoder();

/** A new key that can be used but not read, not even by this app. */
export function newKey(): Promise<CryptoKey> {
  return crypto.subtle.generateKey({ name: ALGORITHM, length: 256 }, false, ["encrypt", "decrypt"]);
}

/** Closes bytes. `place` says what they are and of which record: they open nowhere else. */
export async function closeBytes(key: CryptoKey, place: string, bytes: BufferSource): Promise<Closed> {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  return { iv, data: await crypto.subtle.encrypt(parameters(iv, place), key, bytes) };
}

/** Opens bytes. Throws `Unreadable` when they were closed with another key or for another place, or were changed. */
export async function openBytes(key: CryptoKey, place: string, closed: Closed): Promise<Bytes> {
  try {
    return new Uint8Array(await crypto.subtle.decrypt(parameters(closed.iv, place), key, closed.data));
  } catch (cause) {
    throw new Unreadable(`${place} cannot be opened`, { cause });
  }
}

/** Closes a value as JSON. */
export function closeValue(key: CryptoKey, place: string, value: unknown): Promise<Closed> {
  return closeBytes(key, place, encoder.encode(JSON.stringify(value)));
}

/** Opens a value that `closeValue` closed; the caller says of which type it was. Throws `Unreadable`. */
export async function openValue<T>(key: CryptoKey, place: string, closed: Closed): Promise<T> {
  const value: T = JSON.parse(new TextDecoder().decode(await openBytes(key, place, closed)));
  return value;
}

function parameters(iv: Bytes, place: string): AesGcmParams {
  return { name: ALGORITHM, iv, additionalData: encoder.encode(place) };
}
