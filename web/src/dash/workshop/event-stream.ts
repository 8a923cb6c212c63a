// Server-sent events from the chunks of a response: a line may be cut anywhere, also between CR and LF.

/** One event. */
export interface StreamEvent {
  event: string;
  data: string;
  id: string | null;
}

/** Puts events together. */
export class EventParser {
  #rest = "";
  #event = "";
  #data: string[] = [];
  #lastId: string | null = null;

  /** Id of the last event that had one. */
  get lastId(): string | null {
    return this.#lastId;
  }

  /** Takes what came in and gives the events that are whole now. */
  push(chunk: string): StreamEvent[] {
    const text = this.#rest + chunk;
    // A CR at the end may be half of a line end.
    const whole = text.endsWith("\r") ? text.length - 1 : text.length;
    const lines = text.slice(0, whole).split(/\r\n|\r|\n/u);
    this.#rest = (lines.pop() ?? "") + text.slice(whole);
    return lines.flatMap((line) => this.#line(line));
  }

  #line(line: string): StreamEvent[] {
    if (line === "") return this.#dispatch();
    const at = line.indexOf(":");
    if (at === 0) return [];
    const field = at < 0 ? line : line.slice(0, at);
    const value = at < 0 ? "" : line.slice(at + 1).replace(/^ /u, "");
    if (field === "event") this.#event = value;
    if (field === "data") this.#data.push(value);
    if (field === "id" && !value.includes("\0")) this.#lastId = value;
    return [];
  }

  #dispatch(): StreamEvent[] {
    const found = { event: this.#event || "message", data: this.#data.join("\n"), id: this.#lastId };
    const isEmpty = this.#data.length === 0;
    this.#event = "";
    this.#data = [];
    return isEmpty ? [] : [found];
  }
}
