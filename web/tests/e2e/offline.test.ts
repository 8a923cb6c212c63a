// A story that is told where there is no signal.

import { createHash } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { begin, everythingSent, finish, tellToReview } from "./telling";
import { arrived, enrolled, enrolmentLink, phone, startWorld, story, type World } from "./world";

let world: World;

beforeAll(async () => {
  world = await startWorld();
});

afterAll(async () => world.stop());

test("a whole story with its recording is told without signal, and arrives when there is signal again", async () => {
  const before = await arrived(world);
  const context = await phone(world);
  const first = await enrolled(world, context);
  await first.close();
  await context.setOffline(true);
  const page = await context.newPage();
  await page.goto(`${world.server.url}/collect`);
  await begin(page);
  const text = "Ik nam de bus. 🚌 \u0627\u0644\u0628\u0627\u0635";
  await tellToReview(page, { text, title: "De bus", record: 3 });
  await finish(page);
  await page.getByText("1 story not sent yet").waitFor();
  expect(await arrived(world)).toEqual(before);

  await context.setOffline(false);
  await everythingSent(page);
  const ids = (await arrived(world)).filter((id) => !before.includes(id));
  expect(ids).toHaveLength(1);
  const kept = await story(world, ids[0] ?? "");
  expect(kept.body.text).toBe(text);
  expect(kept.body.title).toBe("De bus");
  expect(kept.body.wave).toBe("3");
  expect(kept.body.perspective).toBe("candidate");
  expect(kept.body.consent?.way).toBe("spoken");
  expect(kept.body.permissions).toMatchObject({ quote: true, workgroup: true, recording: true, archive: true });
  // Keys put the first handle in the middle: every placement has these very digits.
  expect(kept.body.placements.confidence).toEqual({ state: "answered", value: { position: 0.5 }, inputMethod: "keyboard" });
  expect(kept.body.placements.competence?.value?.shares?.reduce((a, b) => a + b)).toBe(1);
  await recordingIsWhole(ids[0] ?? "");
  await context.close();
});

async function recordingIsWhole(storyId: string): Promise<void> {
  const params = { path: { projectId: world.server.projectId, storyId } };
  const { data } = await world.researcher.GET("/v1/projects/{projectId}/stories/{storyId}/attachments", { params });
  const file = data?.items[0];
  expect(data?.items).toHaveLength(1);
  expect(file?.mediaType).toBe("audio/webm;codecs=opus");
  expect([file?.typeFits, file?.receivedBytes]).toEqual([true, file?.bytes]);
  const content = await world.researcher.GET("/v1/projects/{projectId}/stories/{storyId}/attachments/{attachmentId}/content", {
    params: { path: { ...params.path, attachmentId: file?.id ?? "" } },
    parseAs: "arrayBuffer",
  });
  const bytes = content.data as unknown as ArrayBuffer;
  expect(createHash("sha256").update(new Uint8Array(bytes)).digest("hex")).toBe(file?.sha256);
}

test("a recording that the teller does not want to be kept is deleted before the story goes on, and never sent", async () => {
  const before = await arrived(world);
  const context = await phone(world);
  const page = await enrolled(world, context);
  await begin(page);
  const asked = page.getByRole("heading", { name: "May we keep the recording until your story is typed out?" });
  await tellToReview(page, {
    record: 2,
    at: async (_, now) => {
      if ((await asked.count()) === 0) return;
      await now.getByRole("radio", { name: "No" }).check();
      await now.getByText("Then the recording is deleted here. The text of the story stays.").waitFor();
      await now.locator("footer").getByRole("button", { name: "Next" }).click();
      await now.getByText("First delete the recording, or choose yes.").waitFor();
      await now.getByRole("button", { name: "Delete recording" }).click();
      await now.getByRole("button", { name: "Delete recording" }).click();
      await asked.waitFor({ state: "detached" });
    },
  });
  const left = await page.evaluate(async () => {
    const db = await new Promise<IDBDatabase>((resolve) => {
      const opening = indexedDB.open("duiding");
      opening.onsuccess = () => resolve(opening.result);
    });
    const count = (of: string): Promise<number> =>
      new Promise((resolve) => {
        const counting = db.transaction(of).objectStore(of).count();
        counting.onsuccess = () => resolve(counting.result);
      });
    return [await count("recordings"), await count("chunks")];
  });
  expect(left).toEqual([0, 0]);
  await finish(page);
  await everythingSent(page);
  const id = (await arrived(world)).find((one) => !before.includes(one)) ?? "";
  const { body } = await story(world, id);
  expect(body.permissions).not.toHaveProperty("archive");
  expect([body.attachments ?? [], body.text]).toEqual([[], "I took the bus to work by myself for the first time."]);
  await context.close();
});

test("what the app calls ready without signal is all there: every screen opens where there is none", async () => {
  const context = await phone(world);
  const page = await context.newPage();
  await page.goto(await enrolmentLink(world));
  await page.getByText("You can now collect stories without a connection too.").waitFor();
  await context.setOffline(true);
  await page.getByRole("button", { name: "Next" }).click();
  const back = page.getByRole("button", { name: "Back" });
  for (const reloads of [false, true]) {
    if (reloads) await page.goto(`${world.server.url}/collect`);
    for (const [button, screen] of [["Settings and help", "Settings and help"], ["Print a paper form", "Print a paper form"], ["Type in a paper form", "Type in a paper form"]] as const) {
      await page.getByRole("button", { name: button }).click();
      await page.getByRole("heading", { name: screen, level: 1 }).waitFor();
      await back.click();
    }
    await begin(page);
    await page.getByRole("button", { name: "Go on later" }).click();
  }
  await context.close();
});

test("a browser that keeps nothing for later is not called ready without signal", async () => {
  const context = await phone(world, { serviceWorkers: "block" });
  const page = await context.newPage();
  await page.goto(await enrolmentLink(world));
  await page.getByText("The form does not work without a connection here.").waitFor();
  // The page that is open has all its screens: a story that is begun in it can be told to its end.
  await page.getByRole("button", { name: "Next" }).click();
  await context.setOffline(true);
  await begin(page);
  await tellToReview(page, { text: "Told in a page that stays open." });
  await finish(page);
  await context.setOffline(false);
  await everythingSent(page);
  await context.close();
});

test("who says no to taking part leaves nothing behind", async () => {
  const before = await arrived(world);
  const context = await phone(world);
  const page = await enrolled(world, context);
  await begin(page);
  await page.locator("footer").getByRole("button").click();
  await page.getByRole("checkbox", { name: "Go on without a code" }).check();
  await page.locator("footer").getByRole("button").click();
  await page.getByRole("radio", { name: "Phone" }).check();
  await page.locator("footer").getByRole("button").click();
  await page.getByRole("radio", { name: "No, rather not" }).check();
  await page.getByRole("button", { name: "Delete and go back" }).click();
  await page.getByText("There are no stories on this device yet.").waitFor();
  expect(await arrived(world)).toEqual(before);
  await context.close();
});

test("a code that was used before does not make another phone one of the project", async () => {
  const context = await phone(world);
  const page = await context.newPage();
  await page.goto(`${world.server.url}/collect#enrol=due_nothing`);
  await page.getByText("This code does not work (any more)").waitFor();
  // The code is not in the address, where it would stay in the history.
  expect(new URL(page.url()).hash).toBe("");
  await context.close();
});
