// A server with the demo study, a browser, and what people of the project see of the stories that were collected.

import { chromium, type Browser, type BrowserContext, type BrowserContextOptions, type Page } from "playwright-core";
import { connect, type Api } from "../../src/api/client";
import { startDemo, type DemoServer } from "../server";

const FLAGS = [
  "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync", "--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream",
];

export interface World {
  server: DemoServer;
  browser: Browser;
  researcher: Api;
  coordinator: Api;
  /** Ids of the stories that the server had before anything was told here. */
  before: Set<string>;
  stop(): Promise<void>;
}

/** Starts everything. */
export async function startWorld(): Promise<World> {
  const server = await startDemo();
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: FLAGS });
  const [researcher, coordinator] = [await signIn(server, "researcher"), await signIn(server, "coordinator")];
  const world = { server, browser, researcher, coordinator, before: new Set<string>() };
  world.before = await storyIds(world);
  return {
    ...world,
    stop: async () => {
      await browser.close();
      await server.stop();
    },
  };
}

export async function signIn(server: DemoServer, role: string): Promise<Api> {
  const { data } = await connect(server.url).POST("/v1/sessions", { body: server.login(role) });
  return connect(server.url, data?.accessToken);
}

function project(world: Pick<World, "server">) {
  return { path: { projectId: world.server.projectId } };
}

async function storyIds(world: Pick<World, "server" | "researcher">): Promise<Set<string>> {
  const ids = new Set<string>();
  let cursor: string | undefined;
  do {
    const query = { limit: 200, ...(cursor ? { cursor } : {}) };
    const { data } = await world.researcher.GET("/v1/projects/{projectId}/stories", { params: { ...project(world), query } });
    if (!data) throw new Error("the stories cannot be listed");
    for (const story of data.items) ids.add(story.id);
    cursor = data.next ?? undefined;
  } while (cursor);
  return ids;
}

/** Ids of the stories that came in since the world began. */
export async function arrived(world: World): Promise<string[]> {
  return [...(await storyIds(world))].filter((id) => !world.before.has(id));
}

/** A story as a researcher reads it. */
export async function story(world: World, storyId: string) {
  const { data } = await world.researcher.GET("/v1/projects/{projectId}/stories/{storyId}", {
    params: { path: { projectId: world.server.projectId, storyId } },
  });
  if (!data?.body) throw new Error(`there is no story ${storyId}`);
  return { status: data.details.status, body: data.body };
}

/** A link that makes a phone one of the project. */
export async function enrolmentLink(world: World, perspectives = ["candidate"], wave = "3"): Promise<string> {
  const { data } = await world.coordinator.POST("/v1/projects/{projectId}/enrolments", {
    params: project(world),
    body: { facilitator: "facilitator 3", wave, perspectives, days: 30 },
  });
  if (!data) throw new Error("no enrolment was made");
  return data.link.replace(/^https?:\/\/[^/]+/, world.server.url);
}

/** A phone of a facilitator. */
export async function phone(world: World, options: BrowserContextOptions = {}): Promise<BrowserContext> {
  const context = await world.browser.newContext({
    viewport: { width: 390, height: 800 },
    locale: "en",
    permissions: ["microphone"],
    ...options,
  });
  context.setDefaultTimeout(60_000);
  return context;
}

/** Opens the form on an enrolled phone; the app works without a connection from then on. */
export async function enrolled(world: World, context: BrowserContext, perspectives = ["candidate"]): Promise<Page> {
  const page = await context.newPage();
  await page.goto(await enrolmentLink(world, perspectives));
  await page.getByText("Done. This device now collects for").waitFor();
  await page.getByText("You can now collect stories without a connection too.").waitFor();
  await page.getByRole("button", { name: "Next" }).click();
  await page.getByRole("button", { name: "Start a story" }).waitFor();
  return page;
}

/** Publishes a framework that asks one question: telling is quick where what happens afterwards matters. */
export async function publishShort(world: World): Promise<void> {
  const { data } = await world.researcher.GET("/v1/projects/{projectId}/frameworks/{version}", {
    params: { path: { projectId: world.server.projectId, version: 1 } },
  });
  if (!data) throw new Error("there is no framework");
  const kept = data.document.signifiers.filter((s) => s.key === "confidence");
  const document = {
    ...data.document,
    signifiers: kept,
    consents: data.document.consents?.filter((c) => c.scope === "participation" || c.scope === "recording"),
    planned: data.document.planned?.filter((p) => p.signifier === "confidence"),
  };
  const made = await world.researcher.POST("/v1/projects/{projectId}/frameworks", { params: project(world), body: document });
  const version = made.data?.details.version;
  if (version === undefined) throw new Error(`the short framework was not taken: ${JSON.stringify(made.error)}`);
  const published = await world.researcher.POST("/v1/projects/{projectId}/frameworks/{version}/_publish", {
    params: { path: { projectId: world.server.projectId, version } },
  });
  if (!published.response.ok) throw new Error(`the short framework was not published: ${JSON.stringify(published.error)}`);
}
