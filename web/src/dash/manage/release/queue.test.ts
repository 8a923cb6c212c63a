import { describe, expect, it } from "vitest";
import type { StoryItem } from "../../types";
import { type Filter, listed, neighbour, standOf } from "./queue.svelte";

const story = (id: string, more: Partial<StoryItem> = {}): StoryItem => ({
  id, title: id, language: "nl", status: "active", version: 1, releasedVersion: null, wave: "1", perspective: "candidate",
  receivedAt: `2026-01-0${id}T00:00:00Z`, ...more,
});
const all: Filter = { show: "waiting", wave: "", perspective: "", language: "" };

describe("where a story stands", () => {
  it("is told by its status and its released version", () => {
    expect(standOf(story("1"))).toBe("waiting");
    expect(standOf(story("1", { releasedVersion: 1 }))).toBe("released");
    expect(standOf(story("1", { version: 2, releasedVersion: 1 }))).toBe("newer");
    expect(standOf(story("1", { status: "held", releasedVersion: 1 }))).toBe("held");
    expect(standOf(story("1", { status: "withdrawn" }))).toBeNull();
  });
});

describe("the queue", () => {
  const items = [story("3"), story("1", { wave: "2" }), story("2", { language: "ar" }), story("4", { releasedVersion: 1 })];

  it("begins with the story that waits longest", () => {
    expect(listed(items, all).map((one) => one.id)).toEqual(["1", "2", "3"]);
  });

  it("is narrowed by wave, perspective and language", () => {
    expect(listed(items, { ...all, wave: "2" }).map((one) => one.id)).toEqual(["1"]);
    expect(listed(items, { ...all, language: "ar" }).map((one) => one.id)).toEqual(["2"]);
    expect(listed(items, { ...all, perspective: "job-coach" })).toEqual([]);
    expect(listed(items, { ...all, show: "released" }).map((one) => one.id)).toEqual(["4"]);
  });

  it("goes on from story to story, and ends", () => {
    const list = listed(items, all);
    expect([neighbour(list, "1", 1), neighbour(list, "1", -1), neighbour(list, "3", 1), neighbour(list, "9", 1)]).toEqual(["2", null, null, "1"]);
  });
});
