import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { AGAIN_AFTER, Saver, type Saving } from "./saver";

/** A disk whose writes end when the test says so. */
function disk() {
  const waiting: { done: () => void; fail: (cause: Error) => void }[] = [];
  const save = (): Promise<void> => new Promise((done, fail) => waiting.push({ done, fail }));
  const begun = async (count: number): Promise<void> => {
    while (waiting.length < count) await Promise.resolve();
  };
  return { save, waiting, begun };
}

describe("saving a draft", () => {
  test("takes changes of one moment together, and those that come meanwhile into the next save", async () => {
    const { save, waiting, begun } = disk();
    const told: Saving[] = [];
    const saver = new Saver(save, (state) => told.push(state));
    saver.touch();
    saver.touch();
    await begun(1);
    expect(waiting).toHaveLength(1);
    saver.touch();
    waiting[0]?.done();
    await begun(2);
    expect(told.at(-1)).toBe("saving");
    waiting[1]?.done();
    await saver.flush();
    expect([waiting.length, told.at(-1)]).toEqual([2, "saved"]);
  });

  test("knows whether anything is not on the disk yet", async () => {
    const { save, waiting, begun } = disk();
    const saver = new Saver(save, () => undefined);
    expect(saver.isUnsaved).toBe(false);
    saver.touch();
    expect(saver.isUnsaved, "it waits").toBe(true);
    await begun(1);
    expect(saver.isUnsaved, "it is under way").toBe(true);
    waiting[0]?.fail(new Error("full"));
    await expect(saver.flush()).rejects.toThrow("full");
    expect(saver.isUnsaved, "it failed").toBe(true);
    const again = saver.flush();
    await begun(2);
    waiting[1]?.done();
    await again;
    expect(saver.isUnsaved).toBe(false);
  });

  test("says that it failed until a later try works", async () => {
    const { save, waiting, begun } = disk();
    const told: Saving[] = [];
    const saver = new Saver(save, (state) => told.push(state));
    saver.touch();
    await begun(1);
    waiting[0]?.fail(new Error("full"));
    await expect(saver.flush()).rejects.toThrow("full");
    expect(told.at(-1)).toBe("failed");
    const again = saver.flush();
    await begun(2);
    waiting[1]?.done();
    await again;
    expect([saver.cause, told.at(-1)]).toEqual([null, "saved"]);
  });

  describe("that failed of what may pass", () => {
    beforeEach(() => void vi.useFakeTimers());
    afterEach(() => void vi.useRealTimers());

    /** A disk that is full until somebody makes room. */
    function full() {
      const state = { hasRoom: false, tries: 0, told: [] as Saving[] };
      const save = async (): Promise<void> => {
        state.tries += 1;
        if (!state.hasRoom) throw new Error("full");
      };
      return { state, saver: new Saver(save, (one) => state.told.push(one), () => true) };
    }

    test("goes on by itself as soon as there is room, without a change", async () => {
      const { state, saver } = full();
      saver.touch();
      await vi.advanceTimersByTimeAsync(2 * AGAIN_AFTER);
      expect([state.tries, state.told.at(-1)]).toEqual([3, "failed"]);
      state.hasRoom = true;
      await vi.advanceTimersByTimeAsync(AGAIN_AFTER);
      expect([state.tries, state.told.at(-1), saver.cause]).toEqual([4, "saved", null]);
      await vi.advanceTimersByTimeAsync(5 * AGAIN_AFTER);
      expect(state.tries, "what is saved is not saved again").toBe(4);
    });

    test("ends when its screen closes", async () => {
      const { state, saver } = full();
      saver.touch();
      await vi.advanceTimersByTimeAsync(0);
      saver.close();
      await vi.advanceTimersByTimeAsync(5 * AGAIN_AFTER);
      expect(state.tries).toBe(1);
    });
  });

  test("does not try again by itself what cannot pass", async () => {
    vi.useFakeTimers();
    let tries = 0;
    const saver = new Saver(async () => {
      tries += 1;
      throw new Error("open elsewhere");
    }, () => undefined);
    saver.touch();
    await vi.advanceTimersByTimeAsync(5 * AGAIN_AFTER);
    vi.useRealTimers();
    expect(tries).toBe(1);
  });
});
