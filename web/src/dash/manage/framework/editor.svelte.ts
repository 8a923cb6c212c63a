// A draft that is being edited: saved by itself a moment after each change, with what the server says of it.

import type { Framework, Problem } from "../../../framework/types";
import { type Failure, failureOf } from "../../failure";
import { cleaned } from "./build";
import type { Note } from "./paths";
import type { Store, Tagged } from "./store";

/** How long nothing must change before a draft is saved, in milliseconds. */
const PAUSE = 900;

/**
 * Where the saving stands: `waiting` for a pause in typing; `refused` with errors by path; `conflict` when somebody else
 * saved meanwhile; `gone` when the draft was thrown away or published elsewhere; `unreachable` when the server was.
 */
export type Saving = "saved" | "waiting" | "saving" | "refused" | "conflict" | "gone" | "unreachable";

/** One version of a framework in the editor. */
export class Editor {
  /** The document as it is on the screen. */
  document = $state<Framework>(nothing);
  saving = $state<Saving>("saved");
  /** What the server refused the last save for. */
  problems = $state<Note[]>([]);
  /** What the lint says of what was saved last. */
  findings = $state<Note[]>([]);
  /** Whether the lint lets what was saved last be published. */
  publishable = $state(false);
  /** The place in the document that somebody wants to go to: what it is folded in opens. */
  target = $state<string | null>(null);
  /** All there is to say, errors first. */
  readonly notes = $derived([...this.problems, ...this.findings]);
  readonly version: number;
  readonly isDraft: boolean;

  /** Where it is kept. */
  readonly store: Store;
  #kept: string;
  /** Of what the server had when this was read or saved. */
  #tag: string;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #running: Promise<void> | null = null;

  constructor(store: Store, loaded: Tagged) {
    this.store = store;
    this.document = loaded.document;
    this.version = loaded.details.version;
    this.isDraft = loaded.details.state === "draft";
    this.#kept = JSON.stringify(cleaned(loaded.document));
    this.#tag = loaded.tag;
  }

  /** Whether there is something on the screen that the server does not have. */
  get isUnsaved(): boolean {
    return this.isDraft && this.saving !== "saved";
  }

  /** Whether somebody has to choose before anything is saved again. */
  get isStuck(): boolean {
    return this.saving === "conflict" || this.saving === "gone";
  }

  /** Reads the document, so that an effect runs at each change, and plans to save it. */
  watch(): void {
    const now = JSON.stringify(cleaned($state.snapshot(this.document)));
    if (!this.isDraft || now === this.#kept) {
      return;
    }
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.save(), PAUSE);
    queueMicrotask(() => {
      if (!this.isStuck && this.saving !== "saving") this.saving = "waiting";
    });
  }

  /** Saves now what is not saved yet; with `overwrite` also over what somebody else saved meanwhile. */
  async save(overwrite = false): Promise<void> {
    clearTimeout(this.#timer);
    await this.#running;
    if (!this.isDraft || (!overwrite && this.isStuck)) {
      return;
    }
    this.#running = this.#put(overwrite);
    await this.#running;
    this.#running = null;
  }

  /** Asks the lint what it says of what was saved last. */
  async lint(): Promise<void> {
    try {
      const report = await this.store.lint(this.version);
      this.findings = report.findings.map((finding) => ({ ...finding }));
      this.publishable = report.publishable;
    } catch {
      // The lint is asked again with the next save.
    }
  }

  /** Shows what the server has, and forgets what is on the screen. */
  async reload(): Promise<void> {
    clearTimeout(this.#timer);
    try {
      const found = await this.store.read(this.version);
      this.#kept = JSON.stringify(cleaned(found.document));
      this.#tag = found.tag;
      this.document = found.document;
      this.problems = [];
      this.saving = "saved";
    } catch (cause) {
      this.#refused(failureOf(cause));
      return;
    }
    await this.lint();
  }

  /**
   * Publishes what was saved; what is not saved yet is saved first, and what somebody else saved meanwhile is published
   * by nobody who has not seen it. Whether it was published; errors: `Failure`.
   */
  async publish(): Promise<boolean> {
    await this.save();
    if (this.isUnsaved) {
      return false;
    }
    try {
      await this.store.publish(this.version, this.#tag);
      return true;
    } catch (cause) {
      const failure = failureOf(cause);
      if (failure.status === 412) {
        this.saving = "conflict";
        return false;
      }
      this.problems = failure.status === 400 ? notesOf(failure.problem) : this.problems;
      throw failure;
    }
  }

  /** Ends what is planned; what is not saved is saved at once. */
  leave(): void {
    clearTimeout(this.#timer);
    if (this.saving === "waiting") {
      void this.save();
    }
  }

  async #put(overwrite: boolean): Promise<void> {
    const document = cleaned($state.snapshot(this.document));
    const text = JSON.stringify(document);
    if (text === this.#kept && !overwrite) {
      this.problems = [];
      this.saving = "saved";
      return;
    }
    this.saving = "saving";
    try {
      const saved = await this.store.save(this.version, document, overwrite ? null : this.#tag);
      this.#kept = text;
      this.#tag = saved.tag;
    } catch (cause) {
      this.#refused(failureOf(cause));
      return;
    }
    this.problems = [];
    const isNewest = JSON.stringify(cleaned($state.snapshot(this.document))) === text;
    this.saving = isNewest ? "saved" : "waiting";
    if (!isNewest) {
      this.#timer = setTimeout(() => void this.save(), PAUSE);
    }
    await this.lint();
  }

  #refused(failure: Failure): void {
    if (failure.status === 404 || failure.status === 409) {
      this.saving = "gone";
    } else if (failure.status === 412) {
      this.saving = "conflict";
    } else if (failure.status === 400 || failure.status === 413) {
      this.problems = notesOf(failure.problem);
      this.saving = "refused";
    } else {
      this.saving = "unreachable";
    }
  }
}

/** A refusal as notes by path; one about the whole document when it names no paths. */
export function notesOf(problem: Problem | null): Note[] {
  if (problem === null) {
    return [];
  }
  const errors = problem.errors ?? [];
  const whole = [{ path: "$", code: problem.code, message: problem.detail }];
  return (errors.length === 0 ? whole : errors).map((error) => ({ ...error, severity: "error" as const }));
}

const nothing: Framework = {
  schema: 1, key: "", title: {}, languages: [], defaultLanguage: "", perspectives: [], prompts: [], signifiers: [],
};
