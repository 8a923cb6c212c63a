// What the dashboard keeps apart: a workgroup member sees no story that is not released and no small group, whatever is typed into
// the address; who logged out sees nothing; and studies without questions, with three stories or one wave say so honestly.

import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { deliver, loggedIn, settled, visit } from "./visitor";
import { signIn, startWorld, type World } from "./world";

let world: World;
let unreleased: string;
let notPermitted: string;

const SECRET = "Quillfeather";
/** Sections that a workgroup does not have; the first four are of a researcher. */
const MANAGE = [
  "framework", "waves", "release", "snapshot", "participants", "tellers", "collecting", "response", "subjects", "members",
  "thresholds", "retention", "audit", "exports", "webhooks",
];

beforeAll(async () => {
  world = await startWorld();
  unreleased = await deliver(world, { title: `${SECRET} one`, text: `${SECRET} was there.` });
  notPermitted = await deliver(world, { title: `${SECRET} two`, text: `${SECRET} was there too.`, mayWorkgroup: false });
  for (const n of [1, 2, 3, 4]) await deliver(world, { title: `${SECRET} day ${n}`, text: `${SECRET}, day ${n}.` });
  const path = { projectId: world.server.projectId, storyId: notPermitted };
  await world.researcher.PUT("/v1/projects/{projectId}/stories/{storyId}/release", { params: { path }, body: { version: 1 } });
  await world.researcher.POST("/v1/projects/{projectId}/published-snapshot/_publish", { params: { path } });
});

afterAll(async () => world.stop());

/** Ids of the stories that the workgroup may open. */
async function readable(): Promise<Set<string>> {
  const api = await signIn(world.server, "workgroup");
  const ids = new Set<string>();
  for (let cursor: string | undefined, more = true; more; more = cursor !== undefined) {
    const params = { path: { projectId: world.server.projectId }, query: { limit: 200, ...(cursor ? { cursor } : {}) } };
    const { data } = await api.GET("/v1/projects/{projectId}/stories", { params });
    for (const { id } of data?.items ?? []) ids.add(id);
    cursor = data?.next ?? undefined;
  }
  return ids;
}

/** All answers of the API that a page gets from now on. */
function recorded(page: Page): Promise<{ url: string; text: string }>[] {
  const answers: Promise<{ url: string; text: string }>[] = [];
  page.on("response", (response) => {
    const url = response.url();
    if (!url.includes("/v1/")) return;
    answers.push(response.text().then((text) => ({ url, text }), () => ({ url, text: "" })));
  });
  return answers;
}

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** What an answer should not have said to a workgroup. */
function leaks(url: string, json: Json, may: ReadonlySet<string>): string[] {
  if (Array.isArray(json)) return json.flatMap((one) => leaks(url, one, may));
  if (json === null || typeof json !== "object") return [];
  const found: string[] = [];
  const isTold = typeof json["title"] === "string" && json["title"] !== "" && "wave" in json;
  if (isTold && typeof json["id"] === "string" && !may.has(json["id"])) found.push(`${url}: tells story ${json["id"]}`);
  const ids = url.includes("/placements/") && Array.isArray(json["ids"]) ? json["ids"] : [];
  for (const id of ids) if (typeof id === "string" && !may.has(id)) found.push(`${url}: a dot names ${id}`);
  const withheld = json["suppressed"] ? ["dots", "bins"].filter((key) => json[key] != null) : [];
  if (withheld.length > 0) found.push(`${url}: a small cell tells ${withheld.join(", ")}: ${JSON.stringify(json).slice(0, 200)}`);
  if (/summaries|placements/.test(url) && typeof json["participants"] === "number" && json["participants"] > 0 && json["participants"] < 5) {
    found.push(`${url}: ${json["participants"]} people`);
  }
  return [...found, ...Object.values(json).flatMap((one) => leaks(url, one, may))];
}

test("a workgroup member's browser never gets a story that is not for the workgroup, nor a small group", async () => {
  const may = await readable();
  expect([may.has(unreleased), may.has(notPermitted)]).toEqual([false, false]);
  const { page, wrong, close } = await loggedIn(world, "workgroup");
  const { projectId } = world.server;
  const answers = recorded(page);
  const shown: string[] = [];
  const see = async (place: string): Promise<void> => {
    await visit(page, projectId, place);
    shown.push(await page.locator("main").innerText());
  };
  await page.route("**/findings/_search*", (route) => (route.request().postData()?.includes('"waves":["1"]') ? route.continue() : undefined));
  for (const place of ["overview", "explore", "explore/competence", "explore/health", "explore/home", "patterns", "read"]) await see(place);
  for (const id of [unreleased, notPermitted]) {
    await see(`read/${id}`);
    await page.getByText("This is not here (any more), or you may not see it.").waitFor();
  }
  for (const section of [...MANAGE, `release/${unreleased}`]) {
    await see(`manage/${section}`);
    await page.getByText("This part is not for your role in this study.").waitFor();
  }
  // What is everybody's own, and what everybody may know.
  for (const section of ["tokens", "register"]) await see(`manage/${section}`);

  await visit(page, projectId, "explore");
  await page.getByRole("list", { name: "Whose view" }).getByRole("button", { name: "Candidate" }).click();
  for (const name of ["Role", "Trajectory", "Months in the track"]) await page.getByRole("list", { name }).getByRole("button").last().click();
  await page.locator('.middle[aria-busy="false"]').waitFor();
  await page.locator(".empty").getByText("Too few people to show.").waitFor();
  shown.push(await page.locator("main").innerText());

  const said = await Promise.all(answers);
  expect(said.length).toBeGreaterThan(20);
  expect(said.filter(({ text }) => text.includes(SECRET)).map(({ url }) => url)).toEqual([]);
  expect(shown.filter((text) => text.includes(SECRET))).toEqual([]);
  expect(said.filter(({ text }) => text.startsWith("{")).flatMap(({ url, text }) => leaks(url, JSON.parse(text), may))).toEqual([]);
  expect(wrong).toEqual([]);
  await close();
});

test("who logs in where somebody else was sees nothing of what that person read, in this window or another", async () => {
  const researcher = await loggedIn(world, "researcher");
  const { page } = researcher;
  const { projectId } = world.server;
  const other = await page.context().newPage();
  await other.goto(world.server.url);
  await other.locator("ul.studies").waitFor();
  for (const one of [page, other]) {
    await visit(one, projectId, `read/${unreleased}`);
    await one.getByText(`${SECRET} was there.`).waitFor();
    expect(await one.title(), "the history of the browser stays").not.toContain(SECRET);
  }
  await page.locator(".menu-button").click();
  await page.getByRole("button", { name: "Log out" }).click();
  for (const one of [page, other]) await one.locator("input[type=password]").waitFor();
  const { email, password } = world.server.login("workgroup");
  await page.locator("input[type=email]").fill(email);
  await page.locator("input[type=password]").fill(password);
  await page.locator("form button.primary").click();
  for (const one of [page, other]) {
    await one.getByText("This is not here (any more), or you may not see it.").waitFor();
    await visit(one, projectId, "read");
    await one.locator("ul.stories a").first().waitFor();
    expect(await one.locator("body").innerText()).not.toContain(SECRET);
  }
  expect(researcher.wrong).toEqual([]);
  await researcher.close();
});

test("who logs out sees nothing any more, not by the back button either", async () => {
  const { page, wrong, close } = await loggedIn(world, "workgroup");
  await visit(page, world.server.projectId, "read");
  const line = page.locator("ul.stories a").first();
  const title = await line.innerText();
  await line.click();
  await settled(page);
  await page.locator(".menu-button").click();
  await page.getByRole("button", { name: "Log out" }).click();
  const door = page.locator("input[type=password]");
  await door.waitFor();
  const answers = recorded(page);
  await page.goBack();
  await door.waitFor();
  await page.reload();
  await door.waitFor();
  await page.evaluate((hash) => (location.hash = hash), `#/projects/${world.server.projectId}/read`);
  await door.waitFor();
  expect(await page.locator("body").innerText()).not.toContain(title);
  expect((await Promise.all(answers)).filter(({ text }) => text.includes(world.server.projectId))).toEqual([]);
  expect(wrong).toEqual([]);
  await close();
});

/** A new study of the owner, with these people of the demo in it; answers its id. */
async function newStudy(title: string, roles: ("researcher" | "workgroup")[]): Promise<string> {
  const owner = await signIn(world.server, "owner");
  const { data: project } = await owner.POST("/v1/projects", { body: { title } });
  if (!project) throw new Error("no study was made");
  const params = { path: { projectId: project.id } };
  for (const role of roles) {
    const { email, password } = world.server.login(role);
    const { data } = await owner.POST("/v1/projects/{projectId}/invitations", { params, body: { email, role } });
    await owner.POST("/v1/invitations/_accept", { body: { code: data?.code ?? "", email, password } });
  }
  return project.id;
}

/** Gives a study the questions of the demo and one wave that is open. */
async function begin(projectId: string): Promise<void> {
  const demo = { params: { path: { projectId: world.server.projectId, version: 1 } } };
  const { data } = await world.researcher.GET("/v1/projects/{projectId}/frameworks/{version}", demo);
  if (!data) throw new Error("there is no framework");
  const params = { path: { projectId } };
  await world.researcher.POST("/v1/projects/{projectId}/frameworks", { params, body: data.document });
  await world.researcher.POST("/v1/projects/{projectId}/frameworks/{version}/_publish", { params: { path: { projectId, version: 1 } } });
  const label = { nl: "Eerste", en: "First" };
  await world.researcher.POST("/v1/projects/{projectId}/waves", { params, body: { key: "1", ordinal: 1, label } });
  const wave = { params: { path: { projectId, waveKey: "1" } }, body: { state: "open" as const } };
  const { response } = await world.researcher.PATCH("/v1/projects/{projectId}/waves/{waveKey}", wave);
  if (!response.ok) throw new Error("the wave was not opened");
}

test("a study without questions says so to everybody, and can be managed", async () => {
  const projectId = await newStudy("Nothing yet", ["researcher"]);
  const researcher = await loggedIn(world, "researcher");
  for (const area of ["overview", "explore", "patterns", "read", "workshop"]) {
    await visit(researcher.page, projectId, area);
    await researcher.page.getByText("This study has no questions yet").waitFor();
  }
  const owner = await loggedIn(world, "owner");
  for (const [{ page }, sections] of [[researcher, MANAGE.slice(0, 4)], [owner, ["waves", "response", "members", "thresholds", "audit"]]] as const) {
    for (const section of sections) {
      await visit(page, projectId, `manage/${section}`);
      expect(await page.locator("main [role=alert]:not(:empty)").allInnerTexts(), section).toEqual([]);
    }
  }
  expect([...researcher.wrong, ...owner.wrong]).toEqual([]);
  await researcher.close();
  await owner.close();
});

test("a study of one wave with three stories shows them to a researcher, and a workgroup that they are too few", async () => {
  const projectId = await newStudy("Three stories", ["researcher", "workgroup"]);
  await begin(projectId);
  for (const n of [1, 2, 3]) await deliver(world, { title: `Day ${n}`, text: `It was day ${n}.`, projectId, wave: "1" });
  const researcher = await loggedIn(world, "researcher");
  for (const place of ["overview", "explore", "explore/confidence", "patterns", "read"]) await visit(researcher.page, projectId, place);
  await researcher.page.getByText("Day 2").first().waitFor();
  await visit(researcher.page, projectId, "explore");
  await researcher.page.getByText("3 stories", { exact: true }).first().waitFor();
  expect(await researcher.page.getByRole("button", { name: "Show what changed for the same people" }).count()).toBe(0);

  const workgroup = await loggedIn(world, "workgroup");
  const { page } = workgroup;
  await visit(page, projectId, "overview");
  await visit(page, projectId, "explore");
  await page.locator(".empty").waitFor();
  await visit(page, projectId, "patterns");
  await page.locator(".empty").first().waitFor();
  await visit(page, projectId, "read");
  await page.getByText("There is nothing to read here yet").waitFor();
  expect([...researcher.wrong, ...workgroup.wrong]).toEqual([]);
  await researcher.close();
  await workgroup.close();
});

test("a workgroup of a small study is invited to read ten stories before its patterns", async () => {
  const projectId = await newStudy("Twelve people", ["researcher", "workgroup"]);
  await begin(projectId);
  for (let n = 1; n <= 12; n += 1) {
    const storyId = await deliver(world, { title: `Week ${n}`, text: `It was week ${n}.`, projectId, wave: "1" });
    const params = { path: { projectId, storyId } };
    await world.researcher.PUT("/v1/projects/{projectId}/stories/{storyId}/release", { params, body: { version: 1 } });
  }
  await world.researcher.POST("/v1/projects/{projectId}/published-snapshot/_publish", { params: { path: { projectId } } });
  const { page, wrong, close } = await loggedIn(world, "workgroup");
  await visit(page, projectId, "patterns");
  await page.getByText("There are 12 people in this study.").waitFor();
  const ten = page.locator(".ten li");
  await ten.first().waitFor();
  expect(await ten.count()).toBe(10);
  await page.getByText("0 of 10 opened").waitFor();
  const title = await ten.nth(2).getByRole("link").innerText();
  await ten.nth(2).getByRole("link").click();
  await page.getByRole("heading", { level: 1, name: title }).waitFor();
  await page.goBack();
  await page.getByText("1 of 10 opened").waitFor();
  expect(await ten.nth(2).innerText()).toContain("opened");
  await page.getByRole("button", { name: "To the patterns" }).click();
  await page.getByRole("tab", { name: "Dominant patterns" }).waitFor();
  expect(await page.evaluate(() => document.activeElement?.tagName)).toBe("H1");
  await page.getByRole("button", { name: "First read ten stories" }).click();
  await page.getByText("1 of 10 opened").waitFor();
  expect(wrong).toEqual([]);
  await close();
});
