import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { reference } from "../../framework/reference.testing";
import { Failure } from "../failure";
import { lensName } from "./about";
import type { Board, Cluster, Interpretation, Observation } from "./api";
import { lackingOf, orderAfter, orderBeside, pilesOf, threadsOf } from "./board-view";
import { Drafts, revisionFor, standing } from "./drafts.svelte";
import { EventParser } from "./event-stream";
import { backOff, listen } from "./live";
import { idsIn, isPrintable, lensOfStories, spread } from "./paper-stories";
import { clock, nextStep, offsetOf, secondsLeft } from "./timer";

const kept = { revision: 1, mayEdit: true, createdAt: "", updatedAt: "", author: { id: "p", name: "Ada" }, votes: { count: 0, mine: false } };
const observation = (id: string, exhibitId: string): Observation => ({
  ...kept, id, exhibitId, text: id, strength: "medium", interpretations: 0, needsInterpretations: true,
});
const interpretation = (id: string, observationId: string, clusterIds: string[] = []): Interpretation => ({
  ...kept, id, observationId, text: id, clusterIds,
});
const cluster = (id: string, order: number, kind: Cluster["kind"] = "theme"): Cluster => ({
  ...kept, id, name: id, kind, order, createdBy: { id: "p", name: "Ada" },
});

function boardOf(over: Partial<Board>): Board {
  const workshop = { ...kept, id: "w", title: "", state: "open" as const, steps: [], step: null, createdBy: { id: "p", name: "" }, change: 1 };
  return { change: 1, workshop, exhibits: [], observations: [], interpretations: [], ideas: [], clusters: [], ...over };
}

describe("events from the server", () => {
  const text = ': still here\r\n\r\nevent: change\r\nid: 18\r\ndata: {"change":18}\r\n\r\nevent: present\ndata: {"present":3}\n\n';
  const events = [
    { event: "change", data: '{"change":18}', id: "18" },
    { event: "present", data: '{"present":3}', id: "18" },
  ];

  it("are the same wherever the network cuts them", () => {
    for (let at = 0; at <= text.length; at += 1) {
      const parser = new EventParser();
      expect([...parser.push(text.slice(0, at)), ...parser.push(text.slice(at))]).toEqual(events);
    }
    const parser = new EventParser();
    expect(Array.from(text).flatMap((char) => parser.push(char))).toEqual(events);
    expect(parser.lastId).toBe("18");
  });

  it("are not told before they are whole, and comments are none", () => {
    const parser = new EventParser();
    expect(parser.push("data: a\ndata: b\n")).toEqual([]);
    expect(parser.push(": ping\n\n")).toEqual([{ event: "message", data: "a\nb", id: null }]);
    expect(parser.push("\n\n: only a comment\n\n")).toEqual([]);
  });
});

describe("listening to a workshop", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  const stream = (text: string) => new Response(text);
  function heard() {
    return { onchange: vi.fn(), onpresent: vi.fn(), online: vi.fn(), onend: vi.fn() };
  }

  it("connects again from the last event that was heard", async () => {
    const ids: (string | null)[] = [];
    const told = heard();
    const stop = listen(async (lastId) => {
      ids.push(lastId);
      if (ids.length === 2) throw new Failure(0, null);
      return stream('id: 7\nevent: change\ndata: {}\n\nevent: present\ndata: {"present":2}\n\n');
    }, told);
    await vi.advanceTimersByTimeAsync(60_000);
    stop();
    expect(ids.slice(0, 3)).toEqual([null, "7", "7"]);
    expect(told.onpresent).toHaveBeenCalledWith(2);
    expect(told.online).toHaveBeenCalledWith(false);
  });

  it("stops for good when the workshop is gone", async () => {
    const told = heard();
    const begin = vi.fn(() => Promise.reject(new Failure(404, null)));
    listen(begin, told);
    await vi.advanceTimersByTimeAsync(120_000);
    expect(begin).toHaveBeenCalledTimes(1);
    expect(told.onend).toHaveBeenCalledTimes(1);
  });

  it("waits longer each time, at most half a minute, and not all at the same moment", () => {
    expect([0, 1, 2, 9].map((attempt) => backOff(attempt, () => 1))).toEqual([1000, 2000, 4000, 30_000]);
    expect(backOff(2, () => 0)).toBe(2000);
  });
});

describe("the clock of a step", () => {
  const step = { key: "observe", startedAt: "2026-06-01T10:00:00Z", minutes: 15 };

  it("runs on the time of the server, whatever the clock of the tablet says", () => {
    const server = Date.parse("2026-06-01T10:05:00Z");
    const device = Date.parse("2026-06-01T09:00:00Z");
    expect(secondsLeft(step, device, offsetOf(server, device))).toBe(600);
    expect(secondsLeft(step, device + 1000, offsetOf(server, device))).toBe(599);
  });

  it("counts on when the time is over", () => {
    expect([clock(600), clock(65), clock(0), clock(-61)]).toEqual(["10:00", "1:05", "0:00", "+1:01"]);
  });

  it("goes from step to step and ends after the last", () => {
    const steps = [{ key: "look", title: {}, minutes: 5 }, { key: "observe", title: {}, minutes: 15 }];
    expect(nextStep(steps, null)?.key).toBe("look");
    expect(nextStep(steps, { ...step, key: "look" })?.key).toBe("observe");
    expect(nextStep(steps, step)).toBeNull();
  });
});

describe("what somebody is typing", () => {
  beforeEach(() => sessionStorage.clear());

  it("stays while the board changes, and after the page was loaded again", () => {
    const drafts = new Drafts("w", sessionStorage);
    drafts.write("observations:e1", "I see");
    const { id } = drafts.begin("observations:e1");
    const again = new Drafts("w", sessionStorage);
    expect(again.at("observations:e1")).toEqual({ id, text: "I see", revision: null, before: "" });
    expect(new Drafts("other", sessionStorage).at("observations:e1")).toBeUndefined();
  });

  it("goes on when only votes changed or somebody else wrote the same", () => {
    const drafts = new Drafts("w", null);
    drafts.edit({ id: "o", text: "old", revision: 3 });
    drafts.write("o", "mine");
    const draft = drafts.begin("o");
    expect(standing(draft, { text: "old", revision: 3 }).kind).toBe("fine");
    expect(standing(draft, { text: "mine", revision: 4 }).kind).toBe("fine");
    // Only the strength changed: the text that was seen is still there.
    expect(revisionFor(draft, { text: "old", revision: 4 })).toBe(4);
  });

  it("is laid beside what somebody else made of it, and neither is lost", () => {
    const drafts = new Drafts("w", null);
    drafts.edit({ id: "o", text: "old", revision: 3 });
    drafts.write("o", "mine");
    const theirs = { text: "theirs", revision: 4 };
    expect(standing(drafts.begin("o"), theirs)).toEqual({ kind: "changed", theirs: "theirs", revision: 4 });
    expect(revisionFor(drafts.begin("o"), theirs)).toBe(3);
    drafts.rebase("o", theirs);
    expect(drafts.begin("o")).toEqual({ id: "o", text: "mine", revision: 4, before: "theirs" });
    expect(standing(drafts.begin("o"), theirs).kind).toBe("fine");
  });

  it("becomes something new when the item was taken away", () => {
    const drafts = new Drafts("w", null);
    drafts.edit({ id: "o", text: "old", revision: 3 });
    expect(standing(drafts.begin("o"), undefined).kind).toBe("removed");
    drafts.renew("o");
    expect(drafts.begin("o")).toMatchObject({ text: "old", revision: null });
    expect(drafts.begin("o").id).not.toBe("o");
  });

  it("is not read from a storage that holds something else", () => {
    sessionStorage.setItem("duiding.workshop-draft.w", '[["a", {"text": 1}], 7]');
    expect(new Drafts("w", sessionStorage).at("a")).toBeUndefined();
    sessionStorage.setItem("duiding.workshop-draft.w", "not json");
    expect(new Drafts("w", sessionStorage).at("a")).toBeUndefined();
  });
});

describe("the board", () => {
  it("says which observations lack an interpretation still", () => {
    const board = boardOf({
      observations: [observation("o1", "e1"), observation("o2", "e1"), observation("o3", "e2")],
      interpretations: [interpretation("i1", "o1"), interpretation("i2", "o1"), interpretation("i3", "o2")],
    });
    expect(threadsOf(board, "e1").map((thread) => [thread.observation.id, thread.lacking])).toEqual([["o1", 0], ["o2", 1]]);
    expect([lackingOf(board, "e1"), lackingOf(board, "e2")]).toEqual([1, 1]);
  });

  it("lays interpretations in piles of one kind; what lies in the other kind is still loose here", () => {
    const board = boardOf({
      clusters: [cluster("t2", 20), cluster("t1", 10), cluster("p1", 10, "perspective")],
      interpretations: [interpretation("i1", "o", ["t1", "p1"]), interpretation("i2", "o", ["p1"]), interpretation("i3", "o")],
    });
    const themes = pilesOf(board, "theme");
    expect(themes.piles.map((pile) => [pile.cluster.id, pile.interpretations.map((one) => one.id)])).toEqual([["t1", ["i1"]], ["t2", []]]);
    expect(themes.loose.map((one) => one.id)).toEqual(["i2", "i3"]);
  });

  it("puts things at the end, and one place up or down", () => {
    const all = [{ id: "a", order: 10 }, { id: "b", order: 20 }, { id: "c", order: 30 }];
    expect([orderAfter([]), orderAfter(all)]).toEqual([10, 40]);
    expect(orderBeside(all, "c", -1)).toBe(15);
    expect(orderBeside(all, "a", 1)).toBe(25);
    expect(orderBeside(all, "b", -1)).toBe(0);
    expect(orderBeside(all, "a", -1)).toBeNull();
  });
});

describe("the story pack", () => {
  it("takes stories from all over a list", () => {
    expect(spread([1, 2, 3, 4, 5, 6, 7, 8], 4)).toEqual([1, 3, 5, 7]);
    expect(spread([1, 2], 4)).toEqual([1, 2]);
  });

  it("takes each story once, however many stones of it lie on a canvas, and none that may not be opened", () => {
    expect(idsIn({ plots: [{ ids: ["a", null, "b"] }, { ids: ["b", "a", "c"] }, { ids: null }] })).toEqual(["a", "b", "c"]);
  });

  it("holds nothing that waits for its release, whoever prints it", () => {
    const agreed = reference.consents?.find((consent) => consent.scope === "workgroup")?.key ?? "";
    const story = (over: object) => ({
      details: { id: "s", title: "", language: "nl", held: [], status: "active" as const, version: 2, releasedVersion: 2, ...over },
      body: { permissions: { [agreed]: true } },
    });
    const consents = reference.consents ?? [];
    expect(isPrintable(story({}), "researcher", consents)).toBe(true);
    for (const over of [{ releasedVersion: null }, { releasedVersion: 1 }, { status: "held" }]) expect(isPrintable(story(over), "researcher", consents)).toBe(false);
    // Nor where the teller did not let the workgroup read it.
    for (const permissions of [{}, { [agreed]: false }]) expect(isPrintable({ ...story({}), body: { permissions } }, "researcher", consents)).toBe(false);
    // The server gives others only what was released and permitted, and no numbers of versions.
    expect(isPrintable({ ...story({ status: null, version: null, releasedVersion: null }), body: null }, "workgroup", consents)).toBe(true);
  });

  it("never lays two stories about one person side by side", () => {
    const change = { kind: "change" as const, layer: { perspective: "coach" }, compared: ["1", "3"] };
    expect(lensOfStories({}, change)).toEqual({ perspectives: ["coach"], waves: ["3"] });
    const gap = { kind: "perspective-gap" as const, layer: { wave: "2" }, compared: ["candidate", "coach"] };
    expect(lensOfStories({}, gap)).toEqual({ waves: ["2"], perspectives: ["candidate"] });
  });
});

describe("what a figure on the table is about", () => {
  const words = { all: "all stories", area: (question: string) => `area on ${question}` };
  const names = {
    framework: reference,
    waves: [{ key: "2", ordinal: 2, label: { en: "Second wave" }, state: "closed" as const }],
    text: (texts: Record<string, string>) => texts.en ?? "",
  };

  it("is said in full, and is all stories only when nothing was chosen", () => {
    expect(lensName(names, { waves: [], perspectives: [], attributes: {}, regions: [] }, words)).toBe("all stories");
    const lens = { waves: ["2"], attributes: { trajectory: ["temporary-job"] }, regions: [{ signifier: "confidence", interval: [0, 0.2] }] };
    const said = lensName(names, lens, words);
    expect(said).toMatch(/^Second wave · .+ · area on /);
    expect(said).not.toContain("temporary-job");
    expect(said).not.toContain("all stories");
  });
});
