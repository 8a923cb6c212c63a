// A story that is being told, as a facilitator comes to it and leaves it, with a real store behind it.

import "fake-indexeddb/auto";
import { cleanup, configure, fireEvent, render, waitFor } from "@testing-library/svelte";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { reference } from "../../framework/reference.testing";
import type { Framework } from "../../framework/types";
import { app } from "../app.svelte";
import type { Draft, Enrolment } from "../model";
import Root from "../Root.svelte";
import { ChangedElsewhere, StorageFull } from "../store/errors";
import { enrolment, FakeLocks, noise, ownName, recorded, standIn, storeWith } from "../store/fixtures";
import { recordingLock } from "../store/recordings";
import { openStore } from "../store/store";

vi.hoisted(() => vi.stubGlobal("__APP_VERSION__", "test"));

// What is waited for comes at once; a busy machine may take longer than the second that is usual.
configure({ asyncUtilTimeout: 20_000 });

/** Nothing in it has to be answered, and nobody is asked about recordings. */
const framework: Framework = {
  ...reference,
  signifiers: reference.signifiers.map((signifier) => ({ ...signifier, required: false })),
  consents: (reference.consents ?? []).filter((consent) => ["participation", "recording"].includes(consent.scope)),
};
let device: Enrolment;
let locks: FakeLocks;
let name = "";

beforeEach(async () => {
  window.scrollTo = () => undefined;
  Element.prototype.scrollIntoView = () => undefined;
  device = enrolment();
  device.package.framework = { version: 1, document: framework };
  device.package.assignment.perspectives = ["job-coach"];
  [locks, name] = [new FakeLocks(), ownName()];
  app.unsaved.clear();
  app.store = await storeWith(name, device, { locks });
  app.ready = true;
  app.view = { name: "home" };
  app.speak("en");
  app.choose(device.id);
  await app.refresh();
});

afterEach(async () => {
  vi.restoreAllMocks();
  cleanup();
  await app.store.close();
});

/** A draft that was answered to the end, at one of its screens. */
function answered(screen: string): Promise<Draft> {
  const [prompt] = framework.prompts;
  const consent = { version: "1", language: "en", way: "tapped", at: "2026-03-02T10:00:00Z" } as const;
  const body = { language: "en", perspective: "job-coach", teller: "7K3M-PX2C", mode: "onSite", consent, prompt: prompt?.key, text: "The bus" } as const;
  return app.store.createDraft(device.id, { screen, language: "en", body, notes: { ownWork: true, recording: true } });
}

/** Opens a draft on the screen, as from the list. */
async function open(draft: Draft) {
  const screen = render(Root);
  app.go({ name: "story", id: draft.id });
  await waitFor(() => expect(screen.container.querySelector(".story footer")).not.toBeNull());
  const press = async (text: string): Promise<boolean> => fireEvent.click(await screen.findByText(text));
  return { ...screen, press };
}

const stateOf = async (id: string) => (await app.store.items()).find((item) => item.id === id)?.state;

/** A recording whose end was not written, such as when the phone was full. */
async function unfinished(story: string): Promise<string> {
  const { id } = await app.store.startRecording(story, "audio/mp4");
  await app.store.appendChunk(story, id, 0, noise(100, 0));
  return id;
}

describe("finishing a story", () => {
  it("finishes a recording first whose end could not be written", async () => {
    const draft = await answered("review");
    const recording = await unfinished(draft.id);
    const { press } = await open(draft);
    await press(app.words.review.finish);
    await waitFor(() => expect(app.view).toEqual({ name: "receipt", id: draft.id }));
    expect((await app.store.delivery.sealedStory(draft.id)).attachments.map((file) => file.id)).toEqual([recording]);
  });

  it("leaves a recording alone that goes on in another window, and stays a draft", async () => {
    const draft = await answered("review");
    const recording = await unfinished(draft.id);
    let release = (): void => undefined;
    const held = locks.request(recordingLock(recording), () => new Promise<void>((resolve) => (release = resolve)));
    const { press } = await open(draft);
    await press(app.words.review.finish);
    await press(app.words.errors.storage);
    expect(await stateOf(draft.id)).toBe("draft");
    expect((await app.store.recordingsOfDraft(draft.id))?.map((each) => each.finished)).toEqual([false]);
    release();
    await held;
  });

  it("finishes this story and no other, and stays where somebody went meanwhile", async () => {
    const [draft, other] = [await answered("review"), await answered("review")];
    const { press } = await open(draft);
    const { saveDraft } = app.store;
    let go = (): void => undefined;
    const gate = new Promise<void>((resolve) => (go = resolve));
    const saving = vi.spyOn(app.store, "saveDraft").mockImplementation(async (asked) => {
      await gate;
      return saveDraft(asked);
    });
    await press(app.words.review.finish);
    await waitFor(() => expect(saving).toHaveBeenCalled());
    app.go({ name: "story", id: other.id });
    go();
    await waitFor(async () => expect(await stateOf(draft.id)).toBe("sealed"));
    await new Promise((later) => setTimeout(later, 50));
    expect(app.view).toEqual({ name: "story", id: other.id });
    expect(await stateOf(other.id)).toBe("draft");
  });

  it("does not fail when the screen closes right after", async () => {
    const draft = await answered("review");
    const { press } = await open(draft);
    await press(app.words.review.finish);
    app.go({ name: "home" });
    await waitFor(async () => expect(await stateOf(draft.id)).toBe("sealed"));
    await new Promise((later) => setTimeout(later, 50));
    expect(app.view).toEqual({ name: "home" });
  });
});

describe("the framework of a story", () => {
  it("is the one that it was begun with, also when it is opened again after the device got a newer one", async () => {
    const draft = await answered("review");
    const [first] = framework.signifiers.filter((signifier) => signifier.background !== true && !signifier.askedOf);
    if (!first) throw new Error("there is no such question");
    const placements = { [first.key]: { state: "skipped" } as const };
    await app.store.saveDraft({ ...draft, body: { ...draft.body, placements } });
    const newer = { version: 2, document: { ...framework, signifiers: framework.signifiers.filter((signifier) => signifier !== first) } };
    await app.store.enrolments.save({ ...device, package: { ...device.package, framework: newer } });
    await app.refresh();
    const { press } = await open(draft);
    await press(app.words.review.finish);
    await waitFor(() => expect(app.view).toEqual({ name: "receipt", id: draft.id }));
    expect(JSON.parse((await app.store.delivery.sealedStory(draft.id)).canonical)).toMatchObject({ frameworkVersion: 1, placements });
  });
});

describe("recordings of a story", () => {
  it("are shown as they are on the disk when the text cannot be saved", async () => {
    const draft = await answered("story");
    await recorded(app.store, draft.id, [100]);
    const { press, container, queryByText } = await open(draft);
    expect(queryByText(app.words.story.recordings)).not.toBeNull();
    vi.spyOn(app.store, "saveDraft").mockRejectedValue(new StorageFull("no room"));
    const field = container.querySelector("textarea");
    if (!field) throw new Error("there is no field for the story");
    await fireEvent.input(field, { target: { value: "The bus was late" } });
    await press(app.words.story.remove);
    await press(app.words.story.remove);
    await waitFor(() => expect(queryByText(app.words.story.recordings)).toBeNull());
  });
});

describe("a recording that waits for the microphone", () => {
  afterEach(() => Reflect.deleteProperty(navigator, "mediaDevices"));

  it("is one, however often it is tapped, and is none when the screen was left meanwhile", async () => {
    const stop = vi.fn();
    const stream = standIn<MediaStream>({ getTracks: () => [Object.assign(new EventTarget(), { stop })] });
    let give = (): void => undefined;
    const asked = vi.fn(() => new Promise<MediaStream>((resolve) => (give = () => resolve(stream))));
    Object.defineProperty(navigator, "mediaDevices", { configurable: true, value: { getUserMedia: asked } });
    vi.stubGlobal("MediaRecorder", { isTypeSupported: () => true });
    const draft = await answered("story");
    const { findByText } = await open(draft);
    const button = await findByText(app.words.story.recordStart);
    button.click();
    button.click();
    await waitFor(() => expect(button).toHaveProperty("disabled", true));
    expect(asked).toHaveBeenCalledTimes(1);
    app.go({ name: "home" });
    await waitFor(() => expect(button.isConnected).toBe(false));
    give();
    await waitFor(() => expect(stop).toHaveBeenCalled());
    expect(await app.store.recordingsOfDraft(draft.id)).toEqual([]);
    await app.store.seal(draft.id);
  });
});

describe("a story whose text could not be saved when its screen was left", () => {
  const field = ({ container }: Awaited<ReturnType<typeof open>>): HTMLTextAreaElement => {
    const found = container.querySelector("textarea");
    if (!found) throw new Error("there is no field for the story");
    return found;
  };

  /** Types while nothing can be saved, and goes back with the phone's own way back. */
  async function leftFull(draft: Draft, cause: Error = new StorageFull("no room")) {
    const screen = await open(draft);
    const full = vi.spyOn(app.store, "saveDraft").mockRejectedValue(cause);
    await fireEvent.input(field(screen), { target: { value: "The bus was late" } });
    await waitFor(() => expect(full).toHaveBeenCalled());
    app.replace({ name: "home" });
    await waitFor(() => expect(screen.container.querySelector(".story footer")).toBeNull());
    await new Promise((later) => setTimeout(later, 20));
    full.mockRestore();
    return screen;
  }

  it("is opened again as it was left, and saved as soon as there is room", async () => {
    const draft = await answered("story");
    const screen = await leftFull(draft);
    expect((await app.store.draft(draft.id))?.body.text).toBe("The bus");
    app.go({ name: "story", id: draft.id });
    await waitFor(() => expect(field(screen).value).toBe("The bus was late"));
    await waitFor(async () => expect((await app.store.draft(draft.id))?.body.text).toBe("The bus was late"));
    app.go({ name: "home" });
    await waitFor(() => expect(app.unsaved.size).toBe(0));
  });

  it("is saved after the screen closed when there is room by then", async () => {
    const draft = await answered("story");
    const screen = await open(draft);
    const full = vi.spyOn(app.store, "saveDraft").mockRejectedValueOnce(new StorageFull("no room"));
    await fireEvent.input(field(screen), { target: { value: "The bus was late" } });
    await waitFor(() => expect(full).toHaveBeenCalled());
    app.go({ name: "home" });
    await waitFor(async () => expect((await app.store.draft(draft.id))?.body.text).toBe("The bus was late"));
    await waitFor(() => expect(app.unsaved.size).toBe(0));
  });

  it("is not kept when another window has a newer text", async () => {
    const draft = await answered("story");
    const screen = await leftFull(draft, new ChangedElsewhere("newer"));
    expect(app.unsaved.size).toBe(0);
    app.go({ name: "story", id: draft.id });
    await waitFor(() => expect(field(screen).value).toBe("The bus"));
  });

  it("does not overwrite what another window saved while it was closed", async () => {
    const draft = await answered("story");
    const screen = await leftFull(draft);
    const other = await openStore(name, { locks: null });
    const seen = await other.draft(draft.id);
    if (seen) await other.saveDraft({ ...seen, body: { ...seen.body, text: "The bus was early" } });
    app.go({ name: "story", id: draft.id });
    await screen.findByText(app.words.errors.otherTab);
    expect((await other.draft(draft.id))?.body.text).toBe("The bus was early");
    await other.close();
  });

  it("is not kept when it is deleted", async () => {
    const draft = await answered("story");
    await leftFull(draft);
    await app.store.deleteDraft(draft.id);
    app.go({ name: "story", id: draft.id });
    await waitFor(() => expect(app.view).toEqual({ name: "home" }));
    expect(app.unsaved.size).toBe(0);
  });
});
