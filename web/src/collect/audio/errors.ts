// What can go wrong with recording, for screens to tell apart. Whatever was recorded before is kept.

export type RecorderTrouble =
  /** The browser cannot record, or the page is not allowed to. */
  | "unsupported"
  /** The person or the phone refused the microphone. */
  | "refused"
  /** There is no microphone. */
  | "missing"
  /** Another app uses the microphone. */
  | "busy"
  /** The microphone was taken away while recording, such as by a call. */
  | "lost"
  /** The device has no room for more. */
  | "storageFull"
  /** Anything else that could not be kept. */
  | "notKept";

/** Recording did not start, or ended before it was asked to. */
export class RecorderError extends Error {
  constructor(
    readonly trouble: RecorderTrouble,
    options?: ErrorOptions,
  ) {
    super(`recording: ${trouble}`, options);
    this.name = "RecorderError";
  }
}

const BY_NAME: Record<string, RecorderTrouble> = {
  NotAllowedError: "refused",
  SecurityError: "refused",
  NotFoundError: "missing",
  OverconstrainedError: "missing",
  NotReadableError: "busy",
  AbortError: "busy",
};

/** What the refusal of a microphone means. */
export function microphoneError(cause: unknown): RecorderError {
  const name = cause instanceof Error || cause instanceof DOMException ? cause.name : "";
  return new RecorderError(BY_NAME[name] ?? "unsupported", { cause });
}
