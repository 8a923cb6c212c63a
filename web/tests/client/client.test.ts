// An external tool that knows only the OpenAPI document works with the running server.

import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { connect, type Api } from "../../src/api/client";
import { startDemo, type DemoServer } from "../server";

let server: DemoServer;

beforeAll(async () => {
  server = await startDemo();
});

afterAll(async () => server.stop());

async function as(role: string): Promise<Api> {
  const { data } = await connect(server.url).POST("/v1/sessions", { body: server.login(role) });
  return connect(server.url, data?.accessToken);
}

function project() {
  return { path: { projectId: server.projectId } };
}

test("a researcher walks through all stories page by page", async () => {
  const api = await as("researcher");
  const ids = new Set<string>();
  let cursor: string | undefined;
  do {
    const query = { limit: 200, ...(cursor ? { cursor } : {}) };
    const { data, response } = await api.GET("/v1/projects/{projectId}/stories", { params: { ...project(), query } });
    expect(response.status).toBe(200);
    data?.items.forEach((story) => ids.add(story.id));
    cursor = data?.next ?? undefined;
  } while (cursor);
  expect(ids.size).toBeGreaterThan(500);
});

test("a workgroup asks what stands out and gets the shares of the triad zones", async () => {
  const api = await as("workgroup");
  const lens = { waves: ["1"], perspectives: ["candidate"] };
  const { data } = await api.POST("/v1/projects/{projectId}/signifiers/{signifierKey}/summaries/_search", {
    params: { path: { projectId: server.projectId, signifierKey: "competence" } },
    body: lens,
  });
  const summary = data?.summaries[0];
  expect(summary?.kind).toBe("triad");
  const counts = summary?.triad?.zones.map((zone) => zone.count ?? 0) ?? [];
  expect(counts.reduce((sum, count) => sum + count, 0)).toBe(summary?.n);
});

test("a story is delivered, delivered again, and a wrong one is told every wrong field", async () => {
  const api = await as("researcher");
  const params = { path: { projectId: server.projectId, storyId: randomUUID() } };
  const body = {
    frameworkVersion: 1,
    wave: "3",
    perspective: "candidate",
    language: "en",
    placements: { confidence: { state: "answered" as const, value: { position: 0.4 } } },
  };
  const route = "/v1/projects/{projectId}/stories/{storyId}";
  const first = await api.PUT(route, { params, body });
  const second = await api.PUT(route, { params, body });
  expect([first.response.status, second.response.status]).toEqual([201, 200]);
  expect(second.data?.sha256).toBe(first.data?.sha256);

  const wrong = { ...body, language: "?", placements: { confidence: { state: "answered" as const, value: { position: 2 } } } };
  const refused = await api.PUT(route, { params: { path: { ...params.path, storyId: randomUUID() } }, body: wrong });
  expect(refused.response.status).toBe(400);
  const paths = refused.error?.errors?.map((error) => error.path).sort();
  expect(paths).toEqual(["$.language", "$.placements.confidence.value.position"]);
});

test("a personal access token does what its scopes say and no more", async () => {
  const api = await as("researcher");
  const made = await api.POST("/v1/projects/{projectId}/tokens", {
    params: project(),
    body: { name: "test", scopes: ["stories:read"], days: 1 },
  });
  const tool = connect(server.url, made.data?.token);
  const read = await tool.GET("/v1/projects/{projectId}/stories", { params: { ...project(), query: { limit: 1 } } });
  expect(read.data?.items).toHaveLength(1);
  const asked = await tool.POST("/v1/projects/{projectId}/summaries/_search", { params: project(), body: {} });
  expect(asked.response.status).toBe(403);
});
