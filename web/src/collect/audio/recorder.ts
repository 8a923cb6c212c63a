// Recording a story: every two seconds what was said is written to the disk.

import type { Recording } from "../model";
import type { Locks } from "../store/context";
import { StorageFull } from "../store/errors";
import { recordingLock } from "../store/recordings";
import type { Store } from "../store/store";
import { microphoneError, RecorderError } from "./errors";
import { meterOf, type Meter } from "./level";

export type RecorderPhase = "idle" | "recording" | "paused" | "stopping" | "stopped";

/** How it stands with a recording. */
export interface RecorderState {
  phase: RecorderPhase;
  /** Chunks that are on the disk. */
  savedChunks: number;
  /** Less than five minutes are left. */
  nearlyFull: boolean;
  /** Why it ended before it was asked to; what was said until then is kept. */
  error: RecorderError | null;
}

/** What a recorder needs; all but the store has a default in a browser. */
export interface RecorderOptions {
  store: Pick<Store, "startRecording" | "appendChunk" | "finishRecording" | "locks">;
  getUserMedia?: (constraints: MediaStreamConstraints) => Promise<MediaStream>;
  MediaRecorder?: typeof MediaRecorder;
  meter?: (stream: MediaStream) => Meter | null;
  /** Milliseconds of a clock that never jumps. */
  now?: () => number;
  onState?: (state: RecorderState) => void;
}

/** Most that one recording may be, in seconds. */
export const MAX_SECONDS = 60 * 60;
/** From here on people are told that it will end. */
export const WARN_SECONDS = 55 * 60;

const TIMESLICE_MS = 2000;
const BITS_PER_SECOND = 24_000;
const TYPES = ["audio/webm;codecs=opus", "audio/mp4;codecs=mp4a.40.2", "audio/mp4"];

/** The first media type that this browser records and the server takes in; null when there is none. */
export function pickMediaType(recorder: Pick<typeof MediaRecorder, "isTypeSupported">): string | null {
  return TYPES.find((type) => recorder.isTypeSupported(type)) ?? null;
}

/** Records once; for another recording of the story make another. */
export class Recorder {
  state: RecorderState = { phase: "idle", savedChunks: 0, nearlyFull: false, error: null };
  private media: MediaRecorder | null = null;
  private stream: MediaStream | null = null;
  private meter: Meter | null = null;
  private recording: Recording | null = null;
  private chunks = 0;
  /** All writes so far, one after the other. */
  private written: Promise<void> = Promise.resolve();
  private ended: Promise<Recording | null> | null = null;
  private releaseLock: () => void = () => undefined;
  private runningSince: number | null = null;
  private ranMs = 0;

  constructor(
    private readonly story: string,
    private readonly options: RecorderOptions,
  ) {}

  /** Seconds recorded, without pauses. */
  get seconds(): number {
    const running = this.runningSince === null ? 0 : this.now() - this.runningSince;
    return (this.ranMs + running) / 1000;
  }

  /** How loud it is now, from 0 to 1. */
  get level(): number {
    return this.state.phase === "recording" ? (this.meter?.level() ?? 0) : 0;
  }

  /**
   * Asks for the microphone and records. Throws `RecorderError`, and what the store throws; then nothing is recorded, and
   * neither when it was stopped meanwhile: people may take long to answer whether the microphone may be used.
   */
  async start(): Promise<void> {
    if (this.state.phase !== "idle" || this.ended) return;
    const type = this.mediaType();
    this.stream = await this.microphone();
    if (this.isStopped()) return this.letGo();
    try {
      this.recording = await this.options.store.startRecording(this.story, type);
      await this.lock(this.recording.id);
      if (this.isStopped()) return await this.forget();
      this.listen(this.stream, type);
    } catch (cause) {
      await this.forget();
      throw cause instanceof StorageFull ? new RecorderError("storageFull", { cause }) : cause;
    }
  }

  /** Stops listening for a while; what was said until now is written. */
  pause(): void {
    if (this.state.phase !== "recording") return;
    this.media?.requestData();
    this.media?.pause();
    this.holdClock();
    this.set({ phase: "paused" });
  }

  /** Goes on after a pause. */
  resume(): void {
    if (this.state.phase !== "paused") return;
    this.media?.resume();
    this.runningSince = this.now();
    this.set({ phase: "recording" });
  }

  /**
   * Ends the recording; resolves when all of it is on the disk. Null when nothing was recorded. What could not be kept is in
   * `state.error`; what was kept before is in the recording.
   */
  stop(): Promise<Recording | null> {
    this.ended ??= this.end();
    return this.ended;
  }

  private isStopped(): boolean {
    return this.ended !== null;
  }

  private now(): number {
    return (this.options.now ?? (() => performance.now()))();
  }

  private recorderClass(): typeof MediaRecorder | null {
    return this.options.MediaRecorder ?? (typeof MediaRecorder === "undefined" ? null : MediaRecorder);
  }

  private mediaType(): string {
    const recorder = this.recorderClass();
    const type = recorder && pickMediaType(recorder);
    if (!type) throw new RecorderError("unsupported");
    return type;
  }

  private async microphone(): Promise<MediaStream> {
    const ask = this.options.getUserMedia ?? ourMicrophone();
    if (!ask) throw new RecorderError("unsupported");
    try {
      return await ask({ audio: { channelCount: 1, echoCancellation: true, noiseSuppression: true } });
    } catch (cause) {
      throw microphoneError(cause);
    }
  }

  private listen(stream: MediaStream, mimeType: string): void {
    const RecorderClass = this.recorderClass();
    if (!RecorderClass) throw new RecorderError("unsupported");
    const media = new RecorderClass(stream, { mimeType, audioBitsPerSecond: BITS_PER_SECOND });
    media.addEventListener("dataavailable", (event) => this.keep(event.data));
    media.addEventListener("error", () => this.fail(new RecorderError("lost")));
    // A browser that stops by itself, as when the microphone is taken away.
    media.addEventListener("stop", () => this.lost());
    for (const track of stream.getTracks()) track.addEventListener("ended", () => this.lost());
    media.start(TIMESLICE_MS);
    this.media = media;
    this.meter = (this.options.meter ?? meterOf)(stream);
    this.runningSince = this.now();
    this.set({ phase: "recording" });
  }

  /** Writes a chunk after those before it. */
  private keep(data: Blob): void {
    const recording = this.recording;
    if (!recording || data.size === 0) return;
    const [index, seconds] = [this.chunks, this.seconds];
    this.chunks += 1;
    this.written = this.written.then(async () => {
      // After one that was not kept nothing can follow: the sound would have a hole.
      if (this.state.error && this.state.savedChunks < index) return;
      await this.options.store.appendChunk(this.story, recording.id, index, data, seconds);
      this.set({ savedChunks: index + 1 });
    }).catch((cause: unknown) => this.fail(notKept(cause)));
    this.watchLength(seconds);
  }

  private watchLength(seconds: number): void {
    if (seconds >= WARN_SECONDS && !this.state.nearlyFull) this.set({ nearlyFull: true });
    if (seconds >= MAX_SECONDS) void this.stop();
  }

  private lost(): void {
    if (this.state.phase === "recording" || this.state.phase === "paused") this.fail(new RecorderError("lost"));
  }

  /** Ends before it was asked to; keeps what is there. */
  private fail(error: RecorderError): void {
    if (!this.state.error) this.set({ error });
    void this.stop();
  }

  private async end(): Promise<Recording | null> {
    if (!this.recording) return null;
    this.holdClock();
    this.set({ phase: "stopping" });
    await this.stopMedia();
    await this.written;
    try {
      return await this.options.store.finishRecording(this.story, this.recording.id, this.keptSeconds());
    } catch (cause) {
      // The chunks are there: it is finished when the app starts again.
      if (!this.state.error) this.set({ error: notKept(cause) });
      return null;
    } finally {
      this.letGo();
      this.set({ phase: "stopped" });
    }
  }

  /** Length of what was kept; that of the last kept chunk stands when a later one was not. */
  private keptSeconds(): number | undefined {
    return this.state.savedChunks === this.chunks ? this.seconds : undefined;
  }

  /** Resolves after the last chunk came. */
  private stopMedia(): Promise<void> {
    const media = this.media;
    if (!media || media.state === "inactive") return Promise.resolve();
    return new Promise((resolve) => {
      media.addEventListener("stop", () => resolve(), { once: true });
      media.stop();
    });
  }

  private holdClock(): void {
    this.ranMs = this.seconds * 1000;
    this.runningSince = null;
  }

  /** Holds a lock while recording, so that another tab does not take this for the recording of a killed one. */
  private async lock(recording: string): Promise<void> {
    const locks: Locks | null = this.options.store.locks;
    if (!locks) return;
    await new Promise<void>((held, failed) => {
      const until = new Promise<void>((release) => {
        this.releaseLock = release;
      });
      const request = locks.request(recordingLock(recording), async () => {
        held();
        await until;
      });
      request.catch(failed);
    });
  }

  /** After a start that did not work: nothing was said yet. */
  private async forget(): Promise<void> {
    const empty = this.recording;
    this.recording = null;
    this.letGo();
    // One that stays behind is deleted when recordings are recovered.
    if (empty) await this.options.store.finishRecording(this.story, empty.id).catch(() => undefined);
  }

  private letGo(): void {
    this.stream?.getTracks().forEach((track) => track.stop());
    this.meter?.close();
    this.releaseLock();
  }

  private set(changed: Partial<RecorderState>): void {
    this.state = { ...this.state, ...changed };
    this.options.onState?.(this.state);
  }
}

function notKept(cause: unknown): RecorderError {
  return new RecorderError(cause instanceof StorageFull ? "storageFull" : "notKept", { cause });
}

function ourMicrophone(): RecorderOptions["getUserMedia"] | null {
  const devices = typeof navigator === "undefined" ? undefined : navigator.mediaDevices;
  return devices ? (constraints) => devices.getUserMedia(constraints) : null;
}
