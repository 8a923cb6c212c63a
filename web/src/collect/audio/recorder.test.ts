// @vitest-environment node
import "fake-indexeddb/auto";

import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { enrolment, failure, FakeLocks, noise, ownName, standIn, storeWith, told } from "../store/fixtures";
import type { Store } from "../store/store";
import { RecorderError } from "./errors";
import { loudness } from "./level";
import { MAX_SECONDS, pickMediaType, Recorder, WARN_SECONDS, type RecorderState } from "./recorder";

const given = enrolment();
let store: Store;
let story = "";
let now = 0;

class Track extends EventTarget {
  stopped = false;
  stop(): void {
    this.stopped = true;
  }
}

class Media extends EventTarget {
  static supported = ["audio/webm;codecs=opus"];
  static last: Media | null = null;
  static isTypeSupported(type: string): boolean {
    return Media.supported.includes(type);
  }
  state = "inactive";
  timeslice = 0;
  private made = 0;

  constructor(
    readonly stream: unknown,
    readonly options: MediaRecorderOptions,
  ) {
    super();
    Media.last = this;
  }
  start(timeslice: number): void {
    [this.state, this.timeslice] = ["recording", timeslice];
  }
  pause(): void {
    this.state = "paused";
  }
  resume(): void {
    this.state = "recording";
  }
  requestData(): void {
    this.chunk(10);
  }
  stop(): void {
    this.state = "inactive";
    this.chunk(25);
    this.dispatchEvent(new Event("stop"));
  }
  chunk(size: number): void {
    const event = Object.assign(new Event("dataavailable"), { data: new Blob([noise(size, this.made)]) });
    this.made += 1;
    this.dispatchEvent(event);
  }
}

let track = new Track();
const microphone = standIn<MediaStream>({ getTracks: () => [track] });

beforeEach(async () => {
  [now, track, Media.last, Media.supported] = [0, new Track(), null, ["audio/webm;codecs=opus"]];
  store = await storeWith(ownName(), given, { locks: new FakeLocks() });
  story = (await told(store, given)).id;
});

afterEach(async () => {
  vi.restoreAllMocks();
  await store.close();
});

function recorder(states: RecorderState[] = [], ask = async () => microphone): Recorder {
  return new Recorder(story, {
    store,
    getUserMedia: ask,
    MediaRecorder: standIn<typeof MediaRecorder>(Media),
    meter: () => ({ level: () => 0.5, close: () => undefined }),
    now: () => now,
    onState: (state) => states.push(state),
  });
}

const recordings = async () => (await store.draft(story))?.recordings ?? [];
const saved = (it: Recorder, chunks: number) => vi.waitUntil(() => it.state.savedChunks === chunks, { timeout: 20_000 });
const trouble = async (promise: Promise<unknown>) => {
  const cause = await failure(promise);
  return cause instanceof RecorderError ? cause.trouble : cause;
};

describe("recording a story", () => {
  it("writes a chunk each two seconds, and is finished when all of it is on the disk", async () => {
    const states: RecorderState[] = [];
    const it = recorder(states);
    await it.start();
    expect([Media.last?.timeslice, Media.last?.options]).toEqual([2000, { mimeType: "audio/webm;codecs=opus", audioBitsPerSecond: 24_000 }]);
    for (const size of [100, 200, 300]) {
      now += 2000;
      Media.last?.chunk(size);
    }
    await saved(it, 3);
    expect((await recordings())[0]).toMatchObject({ bytes: 600, seconds: 6, finished: false });
    expect(it.level).toBe(0.5);
    now += 1000;
    const done = await it.stop();
    expect(done).toMatchObject({ bytes: 625, seconds: 7, finished: true, mediaType: "audio/webm;codecs=opus" });
    expect(await recordings()).toEqual([done]);
    expect(track.stopped).toBe(true);
    expect([...new Set(states.map((state) => state.phase))]).toEqual(["recording", "stopping", "stopped"]);
    expect(it.state.error).toBeNull();
    expect(await it.stop()).toEqual(done);
  });

  it("does not count pauses, and writes what was said before one", async () => {
    const it = recorder();
    await it.start();
    now += 3000;
    it.pause();
    await saved(it, 1);
    now += 60_000;
    expect([it.seconds, it.state.phase, it.level]).toEqual([3, "paused", 0]);
    it.resume();
    now += 2000;
    expect(it.seconds).toBe(5);
    expect((await it.stop())?.seconds).toBe(5);
  });

  it("picks a type that the browser can and the server takes", () => {
    expect(pickMediaType(Media)).toBe("audio/webm;codecs=opus");
    Media.supported = ["audio/mp4", "audio/mp4;codecs=mp4a.40.2"];
    expect(pickMediaType(Media)).toBe("audio/mp4;codecs=mp4a.40.2");
    Media.supported = ["audio/mp4", "audio/ogg"];
    expect(pickMediaType(Media)).toBe("audio/mp4");
    Media.supported = ["audio/ogg"];
    expect(pickMediaType(Media)).toBeNull();
  });

  it("warns at 55 minutes and ends at 60, with all of it", async () => {
    const it = recorder();
    await it.start();
    now = (WARN_SECONDS - 1) * 1000;
    Media.last?.chunk(10);
    expect(it.state.nearlyFull).toBe(false);
    now = WARN_SECONDS * 1000;
    Media.last?.chunk(10);
    expect([it.state.nearlyFull, it.state.phase]).toEqual([true, "recording"]);
    now = MAX_SECONDS * 1000;
    Media.last?.chunk(10);
    expect(await it.stop()).toMatchObject({ bytes: 55, seconds: 3600, finished: true });
    expect(it.state.error).toBeNull();
  });

  it("is not taken for that of a killed tab while it goes on", async () => {
    const it = recorder();
    await it.start();
    Media.last?.chunk(100);
    await saved(it, 1);
    expect(await store.recoverRecordings()).toEqual([]);
    await it.stop();
    expect((await recordings())[0]?.finished).toBe(true);
  });
});

describe("what goes wrong", () => {
  it("before it starts has a name, and leaves no recording", async () => {
    const refusing = (name: string) => recorder([], () => Promise.reject(new DOMException("no", name)));
    expect(await trouble(refusing("NotAllowedError").start())).toBe("refused");
    expect(await trouble(refusing("NotFoundError").start())).toBe("missing");
    expect(await trouble(refusing("NotReadableError").start())).toBe("busy");
    Media.supported = [];
    expect(await trouble(recorder().start())).toBe("unsupported");
    expect(await recordings()).toEqual([]);
  });

  it("when the recorder does not start leaves no recording either, and frees the microphone", async () => {
    vi.spyOn(Media.prototype, "start").mockImplementation(() => {
      throw new DOMException("no", "NotSupportedError");
    });
    await failure(recorder().start());
    expect(await recordings()).toEqual([]);
    expect(track.stopped).toBe(true);
  });

  it("that is stopped while the microphone is asked for listens to nothing, and leaves nothing in the way of finishing", async () => {
    let give: (stream: MediaStream) => void = () => undefined;
    const it = recorder([], () => new Promise<MediaStream>((resolve) => (give = resolve)));
    const starting = it.start();
    expect(await it.stop()).toBeNull();
    give(microphone);
    await starting;
    expect([track.stopped, Media.last === null]).toEqual([true, true]);
    expect(await recordings()).toEqual([]);
    await store.seal(story);
  });

  it.each(["startRecording", "locks"] as const)("that is stopped during its %s is no recording", async (step) => {
    const stopping: Promise<unknown>[] = [];
    const locks = new FakeLocks();
    const it: Recorder = recorder();
    const { startRecording } = store;
    vi.spyOn(store, "startRecording").mockImplementation(async (...asked) => {
      if (step === "startRecording") stopping.push(it.stop());
      return startRecording(...asked);
    });
    const request = locks.request.bind(locks);
    locks.request = standIn<FakeLocks["request"]>((name: string, granted: LockGrantedCallback<unknown>) => {
      if (step === "locks") stopping.push(it.stop());
      return request(name, granted);
    });
    store.locks = locks;
    await it.start();
    await Promise.all(stopping);
    expect([stopping.length, track.stopped, Media.last === null]).toEqual([1, true, true]);
    expect(await recordings()).toEqual([]);
    await store.seal(story);
  });

  it("that is stopped before it starts does not ask for the microphone", async () => {
    const ask = vi.fn(async () => microphone);
    const it = recorder([], ask);
    await it.stop();
    await it.start();
    expect([ask.mock.calls.length, await recordings()]).toEqual([0, []]);
  });

  it("when the microphone is taken away keeps what was said", async () => {
    const it = recorder();
    await it.start();
    now += 2000;
    Media.last?.chunk(100);
    track.dispatchEvent(new Event("ended"));
    await vi.waitUntil(() => it.state.phase === "stopped", { timeout: 20_000 });
    expect(it.state.error?.trouble).toBe("lost");
    expect((await recordings())[0]).toMatchObject({ bytes: 125, finished: true });
  });

  it("when the device is full keeps what was written, without a hole", async () => {
    const it = recorder();
    await it.start();
    now += 2000;
    Media.last?.chunk(100);
    await saved(it, 1);
    const put = IDBObjectStore.prototype.put;
    let full = true;
    vi.spyOn(IDBObjectStore.prototype, "put").mockImplementation(function (this: IDBObjectStore, ...args) {
      if (this.name !== "chunks" || !full) return put.apply(this, args);
      full = false; // the next, smaller one would fit
      throw new DOMException("no", "QuotaExceededError");
    });
    now += 2000;
    Media.last?.chunk(200);
    await vi.waitUntil(() => it.state.phase === "stopped", { timeout: 20_000 });
    expect(it.state.error?.trouble).toBe("storageFull");
    expect((await recordings())[0]).toMatchObject({ bytes: 100, seconds: 2, finished: true });
  });
});

describe("the level meter", () => {
  it("goes from silence to loud", () => {
    expect(loudness(new Float32Array(100))).toBe(0);
    expect(loudness(new Float32Array(100).fill(1))).toBe(1);
    const quiet = loudness(new Float32Array(100).fill(0.01));
    expect(quiet).toBeGreaterThan(0);
    expect(quiet).toBeLessThan(loudness(new Float32Array(100).fill(0.1)));
  });
});
