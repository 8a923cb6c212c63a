// The two screens as a facilitator uses them, with a real store behind them.

import "fake-indexeddb/auto";
import { cleanup, configure, fireEvent, render, waitFor } from "@testing-library/svelte";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { reference } from "../../framework/reference.testing";
import { app } from "../app.svelte";
import type { Enrolment } from "../model";
import { ALPHABET, checkValue } from "../store/codes";
import { StorageFull } from "../store/errors";
import { enrolment, ownName, storeWith } from "../store/fixtures";
import Root from "../Root.svelte";
import Entry from "./Entry.svelte";
import Print from "./Print.svelte";

vi.hoisted(() => vi.stubGlobal("__APP_VERSION__", "test"));

// What is waited for comes at once; a busy machine may take longer than the second that is usual.
configure({ asyncUtilTimeout: 20_000 });

const SEVEN = "7K3MPX2";
const CODE = SEVEN + ALPHABET.charAt(checkValue([...SEVEN].map((character) => ALPHABET.indexOf(character))));
let device: Enrolment;

beforeEach(async () => {
  window.scrollTo = () => undefined;
  Element.prototype.scrollIntoView = () => undefined;
  device = enrolment();
  device.package.framework = { version: 3, document: reference };
  device.package.assignment.perspectives = ["candidate", "job-coach"];
  app.unsaved.clear();
  app.store = await storeWith(ownName(), device);
  app.ready = true;
  app.view = { name: "home" };
  app.speak("en");
  app.choose(device.id);
  await app.refresh();
});

afterEach(async () => {
  cleanup();
  await app.store.close();
});

function one<T extends Element>(found: T | null): T {
  if (found === null) throw new Error("not on the screen");
  return found;
}

/** Opens a new form on the screen. */
async function openForm() {
  await app.begin(device, true);
  const { view } = app;
  if (view.name !== "paper") throw new Error("another screen was opened");
  const screen = render(Entry, { props: { id: view.id, after: null } });
  await waitFor(() => expect(screen.container.querySelector(".form")).not.toBeNull());
  const at = (id: string): HTMLInputElement => one(screen.container.querySelector<HTMLInputElement>(`[id="paper-${id}"]`));
  const fill = (id: string, value: string): Promise<boolean> => fireEvent.input(at(id), { target: { value } });
  return { ...screen, id: view.id, at, fill };
}

type Form = Awaited<ReturnType<typeof openForm>>;

async function fillTop({ container, at, fill }: Form): Promise<void> {
  await fireEvent.click(at("perspective-0"));
  await fireEvent.input(one(container.querySelector("[id=paper-teller-0] input")), { target: { value: CODE } });
  await fireEvent.click(at("mode-0"));
  await fireEvent.click(at("consent-0"));
  await fireEvent.click(at("prompt-0"));
  await fill("text-0", "I took the bus by myself.");
}

async function leaveOthersEmpty({ container }: Form, answered: string[]): Promise<void> {
  const answeredIds = answered.map((key) => `paper-${key}-0`);
  for (const section of container.querySelectorAll("section.question")) {
    if (answeredIds.some((id) => section.querySelector(`[id="${id}"]`))) continue;
    await fireEvent.change(one(section.querySelector("select")), { target: { value: "skipped" } });
  }
}

async function finish({ container }: Form): Promise<void> {
  await fireEvent.click(one(container.querySelector(".form > .primary")));
}

describe("typing in a form", () => {
  it("saves what is typed, also half an answer, and shows it again when the form is opened again", async () => {
    const form = await openForm();
    await fireEvent.click(form.at("perspective-0"));
    await form.fill("competence-0", "3");
    await waitFor(async () => expect((await app.store.draft(form.id))?.notes.typed).toMatchObject({ competence: { fields: ["3", "", ""] } }));
    cleanup();
    const again = render(Entry, { props: { id: form.id, after: null } });
    await waitFor(() => expect(one(again.container.querySelector<HTMLInputElement>("[id=paper-competence-0]")).value).toBe("3"));
  });

  it("lists what is missing, with a way to each field, and keeps the form a draft", async () => {
    const form = await openForm();
    await finish(form);
    const missing = await form.findByText(app.words.paper.fixed.consent);
    await fireEvent.click(missing);
    await waitFor(() => expect(app.items.find((item) => item.id === form.id)?.state).toBe("draft"));
  });

  it("goes to the field with the keyboard from the list, and on with Enter", async () => {
    const form = await openForm();
    await fireEvent.click(form.at("perspective-0"));
    await finish(form);
    await fireEvent.click(await form.findByText(app.words.paper.inQuestion(1, app.words.paper.answers.empty)));
    expect(document.activeElement?.id).toBe("paper-competence-0");
    await fireEvent.keyDown(form.at("competence-0"), { key: "Enter" });
    expect(document.activeElement?.id).toBe("paper-competence-1");
  });

  it("finishes a form and begins the next with the same perspective, language, mode and prompt, and nothing of the story", async () => {
    const form = await openForm();
    await fillTop(form);
    for (const [i, tenths] of ["3", "3", "4"].entries()) await form.fill(`competence-${i}`, tenths);
    await leaveOthersEmpty(form, ["competence"]);
    await finish(form);
    await waitFor(() => expect(app.view).toMatchObject({ name: "paper", after: form.id }));
    expect(app.items.find((item) => item.id === form.id)?.state).toBe("sealed");
    const next = app.view.name === "paper" ? await app.store.draft(app.view.id) : null;
    expect(next?.notes).toEqual({ paper: true });
    const { perspective, language, mode, prompt } = next?.body ?? {};
    expect({ perspective, language, mode, prompt }).toEqual({ perspective: "candidate", language: "en", mode: "onSite", prompt: reference.prompts[0]?.key });
    for (const member of ["text", "title", "teller", "participant", "consent"]) expect(next?.body).not.toHaveProperty(member);
    expect(next?.body.placements).toEqual({});
  });

  it("asks and delivers by the framework that the form was begun with, also when the device gets a newer one meanwhile", async () => {
    const form = await openForm();
    await fillTop(form);
    for (const [i, tenths] of ["3", "3", "4"].entries()) await form.fill(`competence-${i}`, tenths);
    const signifiers = reference.signifiers.filter((signifier) => signifier.key !== "competence");
    const newer = { version: 4, document: { ...reference, signifiers } };
    await app.store.enrolments.save({ ...device, package: { ...device.package, framework: newer } });
    await app.refresh();
    await waitFor(() => expect(app.enrolments[0]?.package.framework?.version).toBe(4));
    expect(form.container.textContent).toContain("version 3");
    await leaveOthersEmpty(form, ["competence"]);
    await finish(form);
    await waitFor(() => expect(app.view).toMatchObject({ name: "paper", after: form.id }));
    const body = JSON.parse((await app.store.delivery.sealedStory(form.id)).canonical);
    expect(body.frameworkVersion).toBe(3);
    expect(body.placements).toHaveProperty("competence");
    const next = app.view.name === "paper" ? await app.store.frameworkOf(app.view.id) : null;
    expect(next?.version).toBe(4);
  });

  it("leaves nothing behind when nothing was typed", async () => {
    const { container } = render(Root);
    await app.begin(device, true);
    await waitFor(() => expect(container.querySelector(".form")).not.toBeNull());
    app.go({ name: "home" });
    await waitFor(async () => expect(await app.store.items()).toEqual([]));
  });

  it("opens on its own screen from the list, and the way back does not lead through another", async () => {
    const { container } = render(Root);
    await app.begin(device, true);
    await waitFor(() => expect(container.querySelector(".form")).not.toBeNull());
    await fireEvent.input(one(container.querySelector("[id=paper-title-0]")), { target: { value: "The bus" } });
    app.go({ name: "home" });
    const row = await waitFor(() => one(container.querySelector("button.story")));
    const entries = history.length;
    await fireEvent.click(row);
    await waitFor(() => expect(app.view.name).toBe("paper"));
    await waitFor(() => expect(one(container.querySelector<HTMLInputElement>("[id=paper-title-0]")).value).toBe("The bus"));
    expect(history.length).toBe(entries + 1);
  });

  it("opens again as it was left when nothing could be saved, and does not take it for a form in which nothing was typed", async () => {
    const { container } = render(Root);
    const title = (): HTMLInputElement => one(container.querySelector<HTMLInputElement>("[id=paper-title-0]"));
    await app.begin(device, true);
    const { view } = app;
    await waitFor(() => expect(container.querySelector(".form")).not.toBeNull());
    const full = vi.spyOn(app.store, "saveDraft").mockRejectedValue(new StorageFull("no room"));
    await fireEvent.input(title(), { target: { value: "The bus" } });
    for (const to of [{ name: "home" } as const, view, { name: "home" } as const, view]) {
      app.replace(to);
      await waitFor(() => expect(container.querySelector(".form") !== null).toBe(to === view));
    }
    expect(title().value).toBe("The bus");
    full.mockRestore();
    await fireEvent.input(title(), { target: { value: "The bus was late" } });
    await waitFor(async () => expect((await app.store.items()).length).toBe(1));
    if (view.name === "paper") await waitFor(async () => expect((await app.store.draft(view.id))?.body.title).toBe("The bus was late"));
  });

  it("leaves a form alone in which anything was typed", async () => {
    const form = await openForm();
    await form.fill("title-0", "The bus");
    form.unmount();
    await waitFor(async () => expect((await app.store.draft(form.id))?.body.title).toBe("The bus"));
    expect(await app.store.items()).toHaveLength(1);
  });
});

describe("printing a form", () => {
  it("prints every question of the perspective with a box for 'not about this', and the receipt", () => {
    const { container, getAllByText } = render(Print);
    const asked = reference.signifiers.filter((signifier) => !signifier.askedOf || signifier.askedOf.includes("candidate"));
    expect(container.querySelectorAll(".question")).toHaveLength(asked.length);
    expect(getAllByText("Not about this")).toHaveLength(asked.length);
    expect(container.querySelector(".slip")).not.toBeNull();
    expect(container.textContent).toContain("version 3");
  });

  it("prints as many forms as are asked for", async () => {
    const { container, getByLabelText } = render(Print);
    await fireEvent.change(getByLabelText(app.words.paper.copies), { target: { value: "3" } });
    expect(container.querySelectorAll(".sheet")).toHaveLength(3);
  });

  it("asks a professional for the code of the candidate too", async () => {
    const { getByLabelText, queryByText, getByText } = render(Print);
    expect(queryByText(app.words.who.participantCode)).toBeNull();
    await fireEvent.change(getByLabelText(app.words.paper.perspective), { target: { value: "job-coach" } });
    expect(getByText(app.words.who.participantCode)).toBeTruthy();
  });
});
