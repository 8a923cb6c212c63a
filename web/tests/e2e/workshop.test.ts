// A workgroup at work: two people at one table, each with a screen of their own, and the paper that they lay on it.

import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import type { Locator, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import type { components } from "../../src/api/schema";
import { answered, member, type Member, visit } from "./dashboard";
import { A3, A4, CREATE, draws, made, printed, releasedTexts, table, unique } from "./table";
import { startWorld, type World } from "./world";

const QUESTION = "What did this mostly ask of you?";

let world: World;
let researcher: Member;
let workgroup: Member;

beforeAll(async () => {
  world = await startWorld();
  researcher = await member(world, "researcher");
  workgroup = await member(world, "workgroup");
});

afterAll(async () => world.stop());

afterEach(async () => {
  await researcher.context.unrouteAll();
  expect([...researcher.errors.splice(0), ...workgroup.errors.splice(0)]).toEqual([]);
});

const study = () => ({ projectId: world.server.projectId });

/** An observation of the workgroup, made without a screen. */
async function observed(at: { workshop: string; exhibit: string }, text: string): Promise<string> {
  const id = randomUUID();
  const path = { ...study(), workshopId: at.workshop, observationId: id };
  const body = { exhibitId: at.exhibit, text, strength: "medium" as const };
  await made(workgroup.api.PUT("/v1/projects/{projectId}/workshops/{workshopId}/observations/{observationId}", { params: { path, header: CREATE }, body }));
  return id;
}

const threadOf = (page: Page, text: string): Locator => page.locator("article.thread").filter({ hasText: text });

/** Writes into a form of the board and sends it; how long the other screen needs to show it after the answer. */
async function writes(by: Page, form: Locator, text: string, button: string, other: Page): Promise<number> {
  await form.getByRole("textbox").fill(text);
  const sent = answered(by, "PUT", "/workshops/");
  await form.getByRole("button", { name: button, exact: true }).click();
  expect((await sent).status()).toBe(201);
  const since = performance.now();
  await other.getByText(text, { exact: true }).waitFor();
  return performance.now() - since;
}

const minutesIn = (page: Page) => page.getByRole("timer");

test("what one writes stands on the other's screen at once, and nothing that is being typed moves", async () => {
  const [first, second] = [researcher.page, workgroup.page];
  const title = unique("June table");
  await visit(world, first, "workshop");
  await first.getByLabel("Name of the workshop").fill(title);
  await first.getByRole("button", { name: "Make", exact: true }).click();
  await first.getByRole("heading", { name: title }).waitFor();
  await first.getByRole("button", { name: "+ Put something on the table" }).click();
  await first.getByRole("radio", { name: "A figure of a question" }).check();
  await first.getByLabel("Which question?").selectOption({ label: QUESTION });
  await first.getByRole("button", { name: "Put on the table", exact: true }).click();
  await first.getByRole("heading", { name: QUESTION }).waitFor();

  await visit(world, second, "workshop");
  await second.getByRole("link", { name: title }).click();
  await second.getByText("2 people are looking").waitFor();
  await first.getByText("2 people are looking").waitFor();

  const typed = first.getByLabel("Your observation");
  await typed.fill("I am still thinking");
  await typed.press("ArrowLeft");
  const state = () => typed.evaluate((box: HTMLTextAreaElement) => [document.activeElement === box, box.value, box.selectionStart]);
  const before = await state();
  expect(before[0]).toBe(true);

  const form = second.locator("form.writing").filter({ has: second.getByLabel("Your observation") });
  await form.getByRole("radio", { name: "Strikes strongly" }).check();
  const took = [await writes(second, form, "Many dots near the hands", "Add", first)];
  await threadOf(first, "Many dots near the hands").getByText("Strikes strongly").waitFor();
  await threadOf(first, "Many dots near the hands").getByText("No interpretation yet: write at least two").waitFor();
  expect(await state()).toEqual(before);

  const thread = threadOf(second, "Many dots near the hands");
  const interpret = thread.locator("form.writing").first();
  took.push(await writes(second, interpret, "Work asks most of hands", "Add interpretation", first));
  await threadOf(first, "Many dots").getByText("One more interpretation is needed: what else can it mean?").waitFor();
  took.push(await writes(second, interpret, "Hands are what people talk about", "Add interpretation", first));
  await threadOf(first, "Many dots").locator(".lacks").waitFor({ state: "detached" });

  await draws(second);
  await thread.locator("summary").click();
  await thread.getByRole("radio", { name: "More stories like these" }).check();
  await thread.getByText("Area drawn").waitFor();
  took.push(await writes(second, thread.locator("details form"), "Let people show what they can do", "Add idea", first));
  await threadOf(first, "Many dots").locator(".direction").getByText("More stories like these").waitFor();
  await second.locator("details[open]").waitFor();
  expect(await state()).toEqual(before);

  const ideaHere = first.locator(".item.ideas").filter({ hasText: "Let people show" });
  await second.locator(".item.ideas").filter({ hasText: "Let people show" }).getByRole("button", { name: /^Vote for this/ }).click();
  await ideaHere.getByRole("button", { name: "Vote for this, 1 vote" }).waitFor();
  expect(await state()).toEqual(before);
  console.info(`shown on the other screen after ${took.map((ms) => Math.round(ms)).join(", ")} ms`);
  await leads(first, second);
});

/** Sorts, goes from step to step, closes, and takes the minutes along. */
async function leads(first: Page, second: Page): Promise<void> {
  for (const page of [first, second]) await page.getByRole("tab", { name: "Sort" }).click();
  await first.getByLabel("New pile under themes").fill("What hands can do");
  await first.getByRole("button", { name: "Add", exact: true }).click();
  await second.getByRole("region", { name: "What hands can do" }).waitFor();
  const loose = second.getByRole("region", { name: "Nowhere yet" }).getByRole("listitem").filter({ hasText: "Work asks most of hands" });
  await loose.getByRole("button", { name: "Lay with…" }).click();
  await loose.getByRole("button", { name: "Lay with ‘What hands can do’" }).click();
  await first.getByRole("region", { name: "What hands can do" }).getByText("Work asks most of hands").waitFor();

  await first.getByRole("button", { name: "Begin: Look alone first" }).click();
  await minutesIn(second).getByText(/\b[45]:\d\d left/).waitFor();
  await first.getByRole("button", { name: "5 more minutes" }).click();
  await minutesIn(second).getByText(/\b(9|10):\d\d left/).waitFor();
  await first.getByRole("button", { name: "Next: Share what strikes you" }).click();
  await minutesIn(second).getByText("Share what strikes you").waitFor();

  // What was half typed is still there after looking at the piles.
  await first.getByRole("tab", { name: "Look and interpret" }).click();
  await expect.poll(() => first.getByLabel("Your observation").inputValue()).toBe("I am still thinking");
  await second.getByRole("tab", { name: "Look and interpret" }).click();
  await first.getByRole("button", { name: "Close the workshop" }).click();
  await first.getByRole("button", { name: "After closing nobody can change anything. Close it?" }).click();
  for (const page of [first, second]) {
    await page.getByText("This workshop is closed: you can read everything, but change nothing.").waitFor();
    await page.locator("article.thread").first().waitFor();
    expect(await page.getByRole("button", { name: /^(Add|Change|Take away|\+)/ }).count()).toBe(0);
    expect(await page.locator(".vote:enabled").count()).toBe(0);
  }
  // Who was still typing keeps the text in sight.
  await first.getByText("Not sent. Your text is still here.").waitFor();
  expect(await first.getByLabel("Your observation").inputValue()).toBe("I am still thinking");
  await second.getByRole("tab", { name: "Paper and minutes" }).click();
  const file = second.waitForEvent("download");
  await second.getByRole("button", { name: "Download the minutes" }).click();
  const page = readFileSync(await (await file).path(), "utf8");
  const said = ["June table", "Many dots near the hands", "Work asks most of hands", "Let people show what they can do", "What hands can do"];
  for (const words of said) expect(page).toContain(words);
}

test("who changes what somebody else just changed sees both texts and loses neither", async () => {
  const laid = await table(researcher.api, study().projectId);
  const id = await observed(laid, "The dots lie left");
  // The screen of the researcher hears nothing of what happens meanwhile: only the server can tell.
  await researcher.context.route("**/events", (route) => route.abort());
  const [first, second] = [researcher.page, workgroup.page];
  for (const page of [first, second]) {
    await visit(world, page, `workshop/${laid.workshop}`);
    await threadOf(page, "The dots lie left").getByRole("button", { name: "Change", exact: true }).click();
  }
  const form = (page: Page) => page.locator("article.thread form.writing").first();
  await form(second).getByRole("textbox").fill("The dots lie left, most of them");
  await form(first).getByRole("textbox").fill("The dots lie in the corner");
  await form(second).getByRole("button", { name: "Save" }).click();
  await second.locator("article.thread").getByText("The dots lie left, most of them", { exact: true }).waitFor();

  const refused = answered(first, "PUT", id);
  await form(first).getByRole("button", { name: "Save" }).click();
  expect((await refused).status()).toBe(412);
  const told = first.getByRole("alert");
  await told.getByText("Somebody changed this meanwhile").waitFor();
  await told.getByText("The dots lie left, most of them", { exact: true }).waitFor();
  await told.getByText("The dots lie in the corner", { exact: true }).waitFor();
  expect(await form(first).getByRole("textbox").inputValue()).toBe("The dots lie in the corner");
  // The text is there after the page was loaded again too.
  await visit(world, first, `workshop/${laid.workshop}`);
  await first.getByRole("alert").getByText("The dots lie in the corner", { exact: true }).waitFor();
  await first.getByRole("button", { name: "Use my text" }).click();
  await second.locator("article.thread").getByText("The dots lie in the corner", { exact: true }).waitFor();
});

test("story packs and posters come out of the printer, with stories that were released and no others", async () => {
  const { page, api } = researcher;
  const { workshop } = await table(researcher.api, study().projectId, { lens: { waves: ["3"] } });
  const pack = async (): Promise<string[]> => {
    await visit(world, page, `workshop/${workshop}/pack`);
    await page.locator(".paper-text").first().waitFor();
    return page.locator(".paper-text").allInnerTexts();
  };
  const texts = await pack();
  expect(await printed(page)).toEqual(new Set([A4]));
  // Whoever sees small groups is told so on the screen; the workgroup has nothing to be told.
  const warning = "You see more than the workgroup does";
  await page.getByText(warning).waitFor();
  await visit(world, workgroup.page, `workshop/${workshop}/pack`);
  await workgroup.page.locator(".paper-text").first().waitFor();
  expect(await workgroup.page.getByText(warning).count()).toBe(0);
  const released = await releasedTexts(api, study(), "3");
  expect(texts.filter((text) => !released.has(text.trim()))).toEqual([]);

  // A release that is taken back takes the story out of the pack of whoever may read it still.
  const taken = released.get(texts[0]?.trim() ?? "");
  if (!taken) throw new Error("the pack has no story");
  const path = { ...study(), storyId: taken };
  const { response } = await api.DELETE("/v1/projects/{projectId}/stories/{storyId}/release", { params: { path } });
  expect(response.status).toBe(204);
  // Without loading the page again: nothing is printed from before.
  const goes = (to: string): Promise<void> => page.evaluate((hash) => void (location.hash = hash), `#/projects/${study().projectId}/${to}`);
  await goes("workshop");
  await page.locator(".paper-text").first().waitFor({ state: "detached" });
  await goes(`workshop/${workshop}/pack`);
  await page.locator(".paper-text").first().waitFor();
  const after = await page.locator(".paper-text").allInnerTexts();
  expect(after.length).toBeGreaterThan(0);
  expect(after).not.toContain(texts[0]);

  for (const [size, sheet] of [["a4", A4], ["a3", A3]] as const) {
    await visit(world, page, `workshop/${workshop}/poster?size=${size}`);
    await page.locator(".poster-figure svg").first().waitFor();
    expect(await printed(page)).toEqual(new Set([sheet]));
  }
});

test("what was computed for researchers is on the table of the workgroup by its name only, and not on its paper", async () => {
  const { api } = researcher;
  const lens = { waves: ["3"], perspectives: ["job-coach"] };
  const params = { path: study() };
  const { findings } = await made(api.POST("/v1/projects/{projectId}/findings/_search", { params: { ...params, query: { limit: 5 } }, body: lens }));
  const [found] = findings;
  if (!found) throw new Error("nothing was found");
  // What stands before the first name of an answer: names have weight of their own on the screen.
  const sentence = found.sentence.en.split("'")[0]?.trim() ?? "";
  const pin = await made(api.POST("/v1/projects/{projectId}/pins", { params, body: { lens, findingId: found.id, note: "Only for us" } }));
  const { workshop } = await table(researcher.api, study().projectId);
  // What the dialog offers as its title has no number of it, and the note stays with researchers.
  await visit(world, researcher.page, `workshop/${workshop}`);
  await researcher.page.getByRole("button", { name: "+ Put something on the table" }).click();
  const dialog = researcher.page.getByRole("dialog");
  await dialog.locator("fieldset.options label", { hasText: "Only for us" }).first().click();
  const offered = await dialog.getByLabel("Title on the table").inputValue();
  expect(offered).not.toMatch(/\d/);
  await dialog.getByRole("button", { name: "Put on the table", exact: true }).click();
  await dialog.waitFor({ state: "hidden" });
  const board = await made(workgroup.api.GET("/v1/projects/{projectId}/workshops/{workshopId}/board", { params: { path: { ...study(), workshopId: workshop } } }));
  expect(JSON.stringify(board)).not.toContain("Only for us");
  expect(board.exhibits.map((exhibit) => exhibit.title)).toContain(offered);
  const path = { ...study(), workshopId: workshop, exhibitId: randomUUID() };
  const body = { title: "Only its name", order: 20, pinId: pin.id };
  await made(api.PUT("/v1/projects/{projectId}/workshops/{workshopId}/exhibits/{exhibitId}", { params: { path, header: CREATE }, body }));

  const withheld = "This was computed for researchers. The workgroup cannot see it, because a group may be too small.";
  const { page } = workgroup;
  await visit(world, page, `workshop/${workshop}?exhibit=${path.exhibitId}`);
  await page.getByText(withheld).first().waitFor();
  await page.getByRole("heading", { name: "Only its name" }).waitFor();
  expect(await page.locator("main").innerText()).not.toContain(sentence);
  for (const paper of ["pack", "poster"]) {
    await visit(world, page, `workshop/${workshop}/${paper}`);
    await page.getByText(withheld).first().waitFor();
    expect(await page.locator("section.paper").count()).toBe(1);
    expect(await page.locator("main").innerText()).not.toContain(sentence);
  }
  await visit(world, researcher.page, `workshop/${workshop}?exhibit=${path.exhibitId}`);
  await researcher.page.locator(".sentence", { hasText: sentence }).waitFor();
});

test("a lens is shared by the address of the page, and an area that was named stays", async () => {
  const [first, second] = [researcher.page, workgroup.page];
  await visit(world, first, "explore/competence");
  await first.getByRole("button", { name: "Second wave, autumn 2025" }).click();
  await first.getByLabel("Compare by").selectOption("perspective");
  await first.getByRole("button", { name: "Save this lens" }).click();
  await first.getByLabel("Name of the lens").fill(unique("Second wave"));
  await first.getByRole("dialog").getByRole("button", { name: "Save", exact: true }).click();
  await first.getByText("The address of this page now links to this lens.").waitFor();
  const address = first.url();
  expect(address).toMatch(/\?lens=[0-9a-f-]{36}$/);
  await first.getByRole("dialog").getByRole("button", { name: "Close" }).click();

  await second.goto("about:blank");
  await second.goto(address);
  await second.locator("button[aria-pressed=true][title^='Second wave']").waitFor();
  expect(await second.getByLabel("Compare by").inputValue()).toBe("perspective");
  const chosen = (page: Page) => page.locator("aside button[aria-pressed=true]").allInnerTexts();
  expect(await chosen(second)).toEqual(await chosen(first));

  const area = unique("Our corner");
  await first.getByLabel("Compare by").selectOption("");
  await first.getByLabel("Choose a part").first().selectOption({ index: 1 });
  await first.getByRole("button", { name: "Give this area a name" }).click();
  await first.getByLabel("Name of the area").fill(area);
  const kept = answered(first, "POST", "/regions");
  await first.getByRole("dialog").getByRole("button", { name: "Save", exact: true }).click();
  expect((await kept).status()).toBe(201);
  await visit(world, second, "explore");
  await second.getByRole("button", { name: area }).click();
  await second.locator("button[aria-pressed=true]", { hasText: area }).waitFor();

  // The figure goes to a table as it is looked at: with the wave and the area.
  await first.getByRole("button", { name: "To the workshop" }).click();
  await first.getByText(`The figure ‘${QUESTION}’ is put on its table.`).waitFor();
  await first.getByLabel("Name of the workshop").fill("Table of a lens");
  await first.getByRole("button", { name: "Make", exact: true }).click();
  const dialog = first.getByRole("dialog");
  await dialog.getByText("With the stories that you chose under ‘Explore’.").waitFor();
  const placed = answered(first, "PUT", "/exhibits/");
  await dialog.getByRole("button", { name: "Put on the table", exact: true }).click();
  const exhibit: components["schemas"]["Exhibit"] = await (await placed).json();
  expect(exhibit).toMatchObject({ kind: "view", signifier: "competence", lens: { waves: ["2"], regions: [{ signifier: "competence" }] } });
  await first.getByRole("heading", { name: QUESTION }).waitFor();
  await dialog.waitFor({ state: "hidden" });
  await first.getByText(`Second wave, autumn 2025 · area on ‘${QUESTION}’`).waitFor();
});
