// What can go wrong with what is kept on this device, for screens to tell apart.

/** Something that the store refuses or cannot do; nothing was changed. */
export class StoreError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
  }
}

/** The device has no room for this; what was saved before is still there. */
export class StorageFull extends StoreError {}

/** There is no such draft, story, recording or enrolment on this device. */
export class NotFound extends StoreError {}

/** The story is not in a state in which this can be done, such as changing one that is finished. */
export class WrongState extends StoreError {}

/** Another tab saved this draft meanwhile: read it again before saving, so that nothing of it is overwritten. */
export class ChangedElsewhere extends StoreError {}

/** The enrolment still has stories that the server does not have. */
export class StillUndelivered extends StoreError {}

/** A recording of the story is not finished; finish or recover it first. */
export class RecordingOpen extends StoreError {}

/** Another tab runs a newer version of the app: this one must be loaded again. */
export class NewerVersion extends StoreError {}

/** What is kept cannot be decrypted: its key is gone, or it was changed. */
export class Unreadable extends StoreError {}

/** The browser does not let us keep anything, such as in some private windows. */
export class NoStorage extends StoreError {}

/** An error of IndexedDB as one of ours; others as they are. */
export function typedError(cause: unknown): unknown {
  if (cause instanceof StoreError) return cause;
  switch (nameOf(cause)) {
    case "QuotaExceededError":
      return new StorageFull("there is no room left on this device", { cause });
    case "VersionError":
      return new NewerVersion("another tab runs a newer version", { cause });
    case "SecurityError":
      return new NoStorage("the browser does not allow anything to be kept", { cause });
    default:
      return cause;
  }
}

/** Name of an error or of a DOMException; empty for anything else. */
export function nameOf(cause: unknown): string {
  if (typeof cause !== "object" || cause === null || !("name" in cause)) return "";
  return typeof cause.name === "string" ? cause.name : "";
}
