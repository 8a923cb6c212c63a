// What people who manage a study do at the same time, or take back: nothing of anybody is lost without being asked.

import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { loggedIn, visit } from "./visitor";
import { startWorld, type World } from "./world";

let world: World;

beforeAll(async () => {
  world = await startWorld();
});

afterAll(async () => world.stop());

const projectOf = () => ({ projectId: world.server.projectId });

/** A new draft with the document of the first version; answers its number. There is one draft at a time: an older one goes. */
async function draft(): Promise<number> {
  const { data: all } = await world.researcher.GET("/v1/projects/{projectId}/frameworks", { params: { path: projectOf() } });
  for (const { version, state } of all?.items ?? []) {
    const path = { ...projectOf(), version };
    if (state === "draft") await world.researcher.DELETE("/v1/projects/{projectId}/frameworks/{version}", { params: { path } });
  }
  const path = { ...projectOf(), version: 1 };
  const { data: first } = await world.researcher.GET("/v1/projects/{projectId}/frameworks/{version}", { params: { path } });
  if (!first) throw new Error("there is no framework");
  const made = await world.researcher.POST("/v1/projects/{projectId}/frameworks", { params: { path: projectOf() }, body: first.document });
  if (!made.data) throw new Error(`no draft was made: ${JSON.stringify(made.error)}`);
  return made.data.details.version;
}

/** The Dutch title that the server has. */
async function titleOf(version: number): Promise<string | undefined> {
  const path = { ...projectOf(), version };
  const { data } = await world.researcher.GET("/v1/projects/{projectId}/frameworks/{version}", { params: { path } });
  return data?.document.title.nl;
}

async function editorOf(page: Page, version: number) {
  await visit(page, world.server.projectId, `manage/framework/${version}/basics`);
  const title = page.getByRole("group", { name: "Title" }).getByRole("textbox", { name: "Dutch" });
  await title.waitFor();
  return {
    title,
    saved: page.getByRole("status").getByText("Saved", { exact: true }),
    conflict: page.getByRole("dialog", { name: "Somebody else changed this draft" }),
  };
}

test("of two researchers in one draft the second is asked whose text stays, also before it is published", async () => {
  const version = await draft();
  const [one, two] = [await loggedIn(world, "researcher"), await loggedIn(world, "researcher")];
  const [first, second] = [await editorOf(one.page, version), await editorOf(two.page, version)];

  await first.title.fill("Van de eerste");
  await first.saved.waitFor();
  await expect.poll(() => titleOf(version)).toBe("Van de eerste");
  await second.title.fill("Van de tweede");
  await second.conflict.waitFor();
  expect(await titleOf(version)).toBe("Van de eerste");
  await second.conflict.getByRole("button", { name: "Take what the other did" }).click();
  await second.conflict.waitFor({ state: "detached" });
  expect(await second.title.inputValue()).toBe("Van de eerste");

  await second.title.fill("Van de tweede");
  await expect.poll(() => titleOf(version)).toBe("Van de tweede");
  await first.title.fill("Toch van de eerste");
  await first.conflict.getByRole("button", { name: "Keep what I have" }).click();
  await expect.poll(() => titleOf(version)).toBe("Toch van de eerste");

  // The second never saw what the first kept: it is not published unseen.
  await two.page.getByRole("button", { name: "Publish", exact: true }).click();
  await two.page.getByRole("button", { name: "Yes, publish" }).click();
  await second.conflict.getByRole("button", { name: "Take what the other did" }).click();
  await second.conflict.waitFor({ state: "detached" });
  expect(await two.page.getByRole("dialog").count()).toBe(0);
  expect(await second.title.inputValue()).toBe("Toch van de eerste");
  expect([...one.wrong, ...two.wrong]).toEqual([]);
  await one.close();
  await two.close();
});

test("the planned days of a wave can be taken away again", async () => {
  const path = { ...projectOf(), waveKey: "3" };
  const { error } = await world.coordinator.PATCH("/v1/projects/{projectId}/waves/{waveKey}", { params: { path }, body: { opensOn: "2026-03-02", closesOn: "2026-04-12" } });
  expect(error).toBeUndefined();
  const { page, wrong, close } = await loggedIn(world, "coordinator");
  await visit(page, world.server.projectId, "manage/waves");
  const wave = page.getByRole("listitem").filter({ has: page.getByRole("heading", { name: "Third wave" }) });
  const dialog = page.getByRole("dialog");
  await wave.getByRole("button", { name: "Change" }).click();
  await dialog.getByLabel("Last day").fill("");
  await dialog.getByRole("button", { name: "Save" }).click();
  await wave.getByText(/^from March 2, 2026/i).waitFor();
  await wave.getByRole("button", { name: "Change" }).click();
  await dialog.getByLabel("First day").fill("");
  await dialog.getByRole("button", { name: "Save" }).click();
  await wave.getByText("no days planned yet").waitFor();
  expect(wrong).toEqual([]);
  await close();
});
