// For tests of what is kept: an enrolment, a told story, locks, and databases of their own.

import type { StoryBody } from "../../framework/types";
import type { Draft, Enrolment } from "../model";
import type { Locks } from "./context";
import { openStore, type Store, type StoreOptions } from "./store";

export const PROJECT = "11111111-1111-4111-8111-111111111111";

/** A name that no other test uses. */
export function ownName(): string {
  return `test-${crypto.randomUUID()}`;
}

/** An enrolment as the server gives it. */
export function enrolment(change: Partial<Enrolment> = {}): Enrolment {
  const id = change.id ?? crypto.randomUUID();
  const assignment = {
    deviceId: id,
    projectId: PROJECT,
    projectTitle: "Werk en verhaal",
    facilitator: "facilitator 3",
    wave: "2",
    perspectives: ["candidate"],
    frameworkVersion: null,
    revoked: false,
  };
  const wave = { key: "2", ordinal: 2 };
  const pack = { assignment, framework: null, wave, consentTexts: [], forwardKey: null, assets: [] };
  const enrolledAt = "2026-03-01T09:00:00.000Z";
  return { id, token: `dud_${id}`, package: pack, etag: null, enrolledAt, contactAt: null, unknown: false, ...change };
}

/** What every story has. */
export const TOLD: Partial<StoryBody> = {
  frameworkVersion: 1,
  perspective: "candidate",
  teller: "7K3M-PX2C",
  language: "nl",
  text: "Ik nam voor het eerst zelf de bus naar het werk.",
};

/** A store with an enrolment. */
export async function storeWith(name: string, given: Enrolment, options: StoreOptions = {}): Promise<Store> {
  const store = await openStore(name, { locks: null, appVersion: "1.4.0", ...options });
  await store.enrolments.save(given);
  return store;
}

/** A new draft with everything that a story needs. */
export function told(store: Store, given: Enrolment, text = TOLD.text): Promise<Draft> {
  return store.createDraft(given.id, { screen: "story", language: "nl", body: { ...TOLD, text } });
}

/** A finished story; its id. */
export async function sealed(store: Store, given: Enrolment, text?: string): Promise<string> {
  const { id } = await told(store, given, text ?? TOLD.text);
  await store.seal(id);
  return id;
}

/** A finished recording of a draft, of chunks of these sizes; its id. */
export async function recorded(store: Store, story: string, sizes: number[]): Promise<string> {
  const { id } = await store.startRecording(story, "audio/webm;codecs=opus");
  for (const [i, size] of sizes.entries()) await store.appendChunk(story, id, i, noise(size, i), (i + 1) * 2);
  await store.finishRecording(story, id);
  return id;
}

/** Bytes that differ from place to place. */
export function noise(size: number, seed: number): Uint8Array<ArrayBuffer> {
  return Uint8Array.from({ length: size }, (_, i) => (i * 31 + seed * 97 + (i >> 8)) & 255);
}

/** What a promise fails with; fails when it does not. */
export async function failure(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => {
      throw new Error("it did not fail");
    },
    (cause: unknown) => cause,
  );
}

type Granted = LockGrantedCallback<unknown>;

/** A stand-in for a type of the browser of which a test needs only a part. */
export function standIn<T>(value: object): T {
  const box: { made: T } = Object.assign(Object.create(null), { made: value });
  return box.made;
}

/** Web Locks, shared by all who are given the same object, as tabs share those of the browser. */
export class FakeLocks implements Locks {
  private readonly held = new Map<string, Promise<unknown>>();

  request<T>(name: string, granted: LockGrantedCallback<T>): Promise<T>;
  request<T>(name: string, options: LockOptions, granted: LockGrantedCallback<T>): Promise<T>;
  async request(name: string, ...rest: [LockOptions, Granted] | [Granted]): Promise<unknown> {
    const [options, granted] = rest.length === 2 ? rest : [{}, rest[0]];
    while (this.held.has(name)) {
      if (options.ifAvailable) return granted(null);
      await this.held.get(name)?.catch(() => undefined);
    }
    const work = (async () => granted({ name, mode: "exclusive" }))();
    this.held.set(name, work);
    try {
      return await work;
    } finally {
      this.held.delete(name);
    }
  }
}
