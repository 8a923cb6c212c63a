import { describe, expect, it } from "vitest";
import { all, pageOf } from "./pages";
import { elsewhere, errorAt, memberPath, problemOf, Task } from "./task.svelte";
import type { Problem } from "./types";

const problem: Problem = {
  type: "about:blank", title: "Bad Request", status: 400, code: "invalidInput", detail: "",
  errors: [
    { path: "$.processing.purposes[0].key", code: "wrongFormat", message: "" },
    { path: "$.attributes['work-kind']", code: "unknownOption", message: "" },
    { path: "$.counts", code: "outOfRange", message: "" },
  ],
};
const ok = { ok: true, status: 200 };

describe("what is wrong with a field", () => {
  it("is what the server says of it or of something in it", () => {
    expect(errorAt(problem, "$.processing.purposes[0]")).toBe("wrongFormat");
    expect(errorAt(problem, memberPath("$.attributes", "work-kind"))).toBe("unknownOption");
  });

  it("is not what it says of a field whose name begins the same", () => {
    expect(errorAt(problem, "$.count")).toBeUndefined();
  });

  it("is told apart where no field shows it", () => {
    expect(elsewhere(problem, ["$.processing", "$.attributes"]).map((error) => error.path)).toEqual(["$.counts"]);
  });

  it("keeps its quote in the path of an odd key", () => {
    expect(memberPath("$.texts", "nl")).toBe("$.texts.nl");
    expect(memberPath("$.texts", "o'clock")).toBe("$.texts['o\\'clock']");
  });
});

describe("asking the server", () => {
  it("gives the data on, and says that it went well also when there is nothing to give", async () => {
    const task = new Task();
    const given: string[] = [];
    expect(await task.run(async () => ({ data: "one", response: ok }), (data) => given.push(data))).toBe(true);
    expect(await task.run(async () => ({ response: { ok: true, status: 204 } }))).toBe(true);
    expect(given).toEqual(["one"]);
  });

  it("keeps the problem until the next question", async () => {
    const task = new Task();
    expect(await task.run(async () => ({ error: problem, response: { ok: false, status: 400 } }))).toBe(false);
    expect(task.error("$.counts")).toBe("outOfRange");
    await task.run(async () => ({ response: ok }));
    expect(task.problem).toBeNull();
  });

  it("says offline when there was no answer, and unknown when the answer said nothing", async () => {
    const task = new Task();
    await task.run(() => Promise.reject(new TypeError("Failed to fetch")));
    expect(task.problem?.code).toBe("offline");
    expect(problemOf("<html>", 502).code).toBe("unknown");
  });

  it("does not ask twice at once, so that a double click makes no second code", async () => {
    const task = new Task();
    let asked = 0;
    const ask = async () => {
      asked += 1;
      return { response: ok };
    };
    await Promise.all([task.run(ask), task.run(ask)]);
    expect(asked).toBe(1);
  });
});

describe("a list of many pages", () => {
  it("is read to its end", async () => {
    const pages: Record<string, { items: number[]; next: string | null }> = { first: { items: [1], next: "b" }, b: { items: [2], next: null } };
    const answer = await all(async (cursor) => ({ data: pages[cursor ?? "first"], response: ok }));
    expect(answer.data).toEqual([1, 2]);
  });

  it("is nothing when one page fails, so that half a list never looks whole", async () => {
    const answer = await all<number>(async (cursor) =>
      cursor ? { error: problem, response: { ok: false, status: 400 } } : { data: { items: [1], next: "b" }, response: ok },
    );
    expect(answer.data).toBeUndefined();
  });

  it("shows the last page when it became shorter", () => {
    expect(pageOf([1, 2, 3], 9, 2)).toEqual({ shown: [3], pages: 2, page: 1 });
    expect(pageOf([], 3, 2)).toEqual({ shown: [], pages: 1, page: 0 });
  });
});
