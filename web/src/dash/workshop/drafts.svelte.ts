// What somebody is typing. The board may change around it: nothing of it is lost, not even when the page is loaded again.

import { SvelteMap } from "svelte/reactivity";

/** Something that is being written. */
export interface Draft {
  /** Id of the item: made before it is sent, so that it may be sent again after a lost answer. */
  id: string;
  text: string;
  /** The revision that it was begun on; null for something new. */
  revision: number | null;
  /** What the item said when it was begun. */
  before: string;
}

/** What there is to say about a draft when the board has changed. */
export type Standing = { kind: "fine" } | { kind: "changed"; theirs: string; revision: number } | { kind: "removed" };

/** How a draft stands against the item as it is on the board now (undefined: not there). */
export function standing(draft: Draft, item: { text: string; revision: number } | undefined): Standing {
  if (draft.revision === null) return { kind: "fine" };
  if (item === undefined) return { kind: "removed" };
  // Who typed nothing yet, or the very same, has nothing to choose.
  const isSame = item.text === draft.before || item.text === draft.text;
  if (item.revision === draft.revision || isSame) return { kind: "fine" };
  return { kind: "changed", theirs: item.text, revision: item.revision };
}

/** The revision that a draft is sent on: the newest that says what the writer has seen. */
export function revisionFor(draft: Draft, item: { text: string; revision: number } | undefined): number | null {
  if (draft.revision === null || item === undefined) return draft.revision;
  return standing(draft, item).kind === "fine" ? item.revision : draft.revision;
}

const PREFIX = "duiding.workshop-draft.";

/** The drafts of one workshop, by where they are written: `observations:<exhibit>` for a new one, or the id of an item. */
export class Drafts {
  readonly #all = new SvelteMap<string, Draft>();
  readonly #name: string;
  readonly #storage: Storage | null;

  /** `whose`: the person and the workshop. What somebody else typed at this screen is nobody's to send. */
  constructor(whose: string, storage: Storage | null) {
    this.#name = PREFIX + whose;
    this.#storage = storage;
    for (const [place, draft] of stored(storage, this.#name)) this.#all.set(place, draft);
  }

  /** What is being written there. */
  at(place: string): Draft | undefined {
    return this.#all.get(place);
  }

  /** Begins something new there, unless something was begun. */
  begin(place: string): Draft {
    return this.#all.get(place) ?? this.#keep(place, { id: crypto.randomUUID(), text: "", revision: null, before: "" });
  }

  /** Begins to change an item, unless that was begun. */
  edit(item: { id: string; text: string; revision: number }): Draft {
    const draft = { id: item.id, text: item.text, revision: item.revision, before: item.text };
    return this.#all.get(item.id) ?? this.#keep(item.id, draft);
  }

  /** What is written there now. */
  write(place: string, text: string): void {
    const draft = this.begin(place);
    this.#keep(place, { ...draft, text });
  }

  /** The writer has seen what others made of it, and goes on from there. */
  rebase(place: string, seen: { text: string; revision: number }): void {
    const draft = this.#all.get(place);
    if (draft) this.#keep(place, { ...draft, revision: seen.revision, before: seen.text });
  }

  /** The item was taken away: the draft becomes something new. */
  renew(place: string): void {
    const draft = this.#all.get(place);
    if (draft) this.#keep(place, { ...draft, id: crypto.randomUUID(), revision: null, before: "" });
  }

  /** It was sent, or is not wanted any more. */
  drop(place: string): void {
    this.#all.delete(place);
    this.#store();
  }

  #keep(place: string, draft: Draft): Draft {
    this.#all.set(place, draft);
    this.#store();
    return draft;
  }

  #store(): void {
    try {
      this.#storage?.setItem(this.#name, JSON.stringify([...this.#all]));
    } catch {
      // A full storage keeps the drafts for as long as the page is open.
    }
  }
}

function stored(storage: Storage | null, name: string): [string, Draft][] {
  try {
    const kept: unknown = JSON.parse(storage?.getItem(name) ?? "[]");
    return Array.isArray(kept) ? kept.filter(isEntry) : [];
  } catch {
    return [];
  }
}

function isEntry(entry: unknown): entry is [string, Draft] {
  if (!Array.isArray(entry) || typeof entry[0] !== "string") return false;
  const draft: unknown = entry[1];
  return typeof draft === "object" && draft !== null && "id" in draft && "text" in draft && "revision" in draft && "before" in draft;
}
