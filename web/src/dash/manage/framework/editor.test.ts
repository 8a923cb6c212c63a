import { describe, expect, it } from "vitest";
import { reference } from "../../../framework/reference.testing";
import type { Framework } from "../../../framework/types";
import { Failure } from "../../failure";
import { Editor } from "./editor.svelte";
import type { Store, Tagged } from "./store";

/** A server with one draft; `next` is what the next save is refused with. */
class OneDraft implements Store {
  document: Framework = structuredClone(reference);
  clock = 1;
  saves = 0;
  isDraft = true;
  next: Failure | null = null;

  version(): Tagged {
    const updatedAt = `2026-01-01T00:00:0${this.clock}Z`;
    return {
      tag: `"${this.clock}"`,
      document: structuredClone(this.document),
      details: { version: 2, state: this.isDraft ? "draft" : "published", createdAt: updatedAt, updatedAt },
    };
  }
  async list() {
    return [this.version().details];
  }
  async read() {
    return this.version();
  }
  async begin() {
    return this.version();
  }
  async save(_: number, document: Framework, tag: string | null) {
    if (this.next) throw this.next;
    this.refuse(tag);
    this.document = structuredClone(document);
    this.clock += 1;
    this.saves += 1;
    return this.version();
  }
  async remove() {}
  async lint() {
    const finding = { path: "$.title", code: "languageIncomplete", message: 'the offered language "en"', severity: "error" as const };
    return { publishable: this.document.title["en"] !== undefined, findings: this.document.title["en"] ? [] : [finding] };
  }
  async publish(_: number, tag: string) {
    this.refuse(tag);
    this.isDraft = false;
    return this.version();
  }
  async template() {
    return reference;
  }
  /** As the server does. */
  refuse(tag: string | null): void {
    if (!this.isDraft) throw refusal(409, "published");
    if (tag !== null && tag !== `"${this.clock}"`) throw refusal(412, "changedMeanwhile");
  }
  async bring() {}
}

function refusal(status: number, code: string, paths: string[] = []): Failure {
  const errors = paths.map((path) => ({ path, code: "required", message: "has no text" }));
  return new Failure(status, { type: "about:blank", title: "", status, code, detail: "no", errors });
}

const open = (store: Store & { version(): Tagged }): Editor => new Editor(store, store.version());

describe("a draft in the editor", () => {
  it("is saved with what changed, and the lint is asked again", async () => {
    const store = new OneDraft();
    const editor = open(store);
    editor.document.title = { nl: "Anders", en: "" };
    await editor.save();
    expect(store.document.title).toEqual({ nl: "Anders" });
    expect(editor.saving).toBe("saved");
    expect(editor.notes.map((note) => note.path)).toEqual(["$.title"]);
    expect(editor.publishable).toBe(false);
  });

  it("is not sent when nothing changed", async () => {
    const store = new OneDraft();
    await open(store).save();
    expect(store.saves).toBe(0);
  });

  it("shows each error at its path, and they go away with the next good save", async () => {
    const store = new OneDraft();
    const editor = open(store);
    store.next = refusal(400, "validation", ["$.title", "$.signifiers[0].question"]);
    editor.document.title = {};
    await editor.save();
    expect(editor.saving).toBe("refused");
    expect(editor.problems.map((note) => note.path)).toEqual(["$.title", "$.signifiers[0].question"]);
    store.next = null;
    editor.document.title = { nl: "Goed", en: "Good" };
    await editor.save();
    expect(editor.problems).toEqual([]);
    expect(editor.saving).toBe("saved");
  });

  it("does not write over what somebody else saved, until somebody chooses to", async () => {
    const store = new OneDraft();
    const editor = open(store);
    store.clock += 1;
    editor.document.title = { nl: "Van mij", en: "Mine" };
    await editor.save();
    await editor.save();
    expect([editor.saving, store.saves]).toEqual(["conflict", 0]);
    await editor.save(true);
    expect([editor.saving, store.document.title["nl"]]).toEqual(["saved", "Van mij"]);
  });

  it("can take over what somebody else saved instead", async () => {
    const store = new OneDraft();
    const editor = open(store);
    store.clock += 1;
    store.document.title = { nl: "Van een ander", en: "Theirs" };
    editor.document.title = { nl: "Van mij", en: "Mine" };
    await editor.save();
    await editor.reload();
    expect([editor.saving, editor.document.title["nl"]]).toEqual(["saved", "Van een ander"]);
  });

  it("is gone when it was published elsewhere", async () => {
    const store = new OneDraft();
    const editor = open(store);
    store.isDraft = false;
    editor.document.title = { nl: "Te laat", en: "Too late" };
    await editor.save();
    expect([editor.saving, store.saves]).toEqual(["gone", 0]);
  });

  it("keeps what is on the screen when the server is away, and saves it later", async () => {
    const store = new OneDraft();
    const editor = open(store);
    store.next = new Failure(0, null);
    editor.document.title = { nl: "Onderweg", en: "On the way" };
    await editor.save();
    expect([editor.saving, editor.isUnsaved]).toEqual(["unreachable", true]);
    store.next = null;
    await editor.save();
    expect([editor.saving, store.document.title["nl"]]).toEqual(["saved", "Onderweg"]);
  });

  it("is published with all that was typed", async () => {
    const store = new OneDraft();
    const editor = open(store);
    editor.document.title = { nl: "Klaar", en: "Ready" };
    expect(await editor.publish()).toBe(true);
    expect([store.document.title["nl"], store.isDraft]).toEqual(["Klaar", false]);
  });

  it("is not published as somebody else left it meanwhile", async () => {
    const store = new OneDraft();
    const editor = open(store);
    store.clock += 1;
    expect(await editor.publish()).toBe(false);
    expect([editor.saving, store.isDraft]).toEqual(["conflict", true]);
  });

  it("is not published when the last change was refused", async () => {
    const store = new OneDraft();
    const editor = open(store);
    store.next = refusal(400, "validation", ["$.title"]);
    editor.document.title = {};
    expect(await editor.publish()).toBe(false);
    expect(store.isDraft).toBe(true);
  });
});
