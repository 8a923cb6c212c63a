// Stories that are being told, saved after every change.

import type { StoryBody } from "../../framework/types";
import type { DevicePackage, Draft, Enrolment, Recording } from "../model";
import { isoNow, storyRow, within, type Context } from "./context";
import { closeValue, newKey, openValue, type Closed } from "./crypt";
import { ChangedElsewhere, WrongState } from "./errors";
import { aboutPlace } from "./items";
import { recordingOf } from "./recordings";
import type { ContentRow, RecordingRow, StoryRow } from "./schema";

/** What a new draft begins with. */
export interface DraftStart {
  /** Key of the first screen. */
  screen: string;
  /** Language of the interface while the teller answers. */
  language: string;
  body?: Partial<StoryBody>;
  notes?: Record<string, unknown>;
}

/** A draft without its recordings, as it is kept: those have records of their own. */
type Kept = Omit<Draft, "recordings">;

/** A framework with its version. */
export type OwnFramework = NonNullable<DevicePackage["framework"]>;

/** A draft with the row it belongs to. */
export interface Found {
  row: StoryRow;
  draft: Draft;
  recordings: RecordingRow[];
}

const place = (id: string): string => `draft:${id}`;
const frameworkPlace = (id: string): string => `framework:${id}`;

export class Drafts {
  /** What this tab last saw of each draft. */
  private readonly marks = new Map<string, string>();
  /** Saves go in the order in which they were asked, whichever is encrypted first. */
  private readonly last = new Map<string, Promise<unknown>>();

  constructor(private readonly context: Context) {}

  /** Begins a story under a new id. The wave and framework version are those of the enrolment, never of a clock. */
  async create(enrolment: Enrolment, start: DraftStart): Promise<Draft> {
    const { assignment, framework } = enrolment.package;
    const now = isoNow(this.context);
    const begun: Partial<StoryBody> = { schema: 1, collectedBy: assignment.facilitator, placements: {}, ...start.body };
    const body = { ...begun, wave: assignment.wave, ...(framework ? { frameworkVersion: framework.version } : {}) };
    const id = crypto.randomUUID();
    const { screen, language, notes = {} } = start;
    const kept: Kept = { id, enrolment: enrolment.id, startedAt: now, changedAt: now, screen, language, body, notes };
    await this.insert(kept, assignment.projectId, framework);
    return { ...kept, recordings: [] };
  }

  /**
   * A draft; null when there is none, or it is a finished story: that one is shown to nobody. It waits for the saves asked
   * before, and those asked later for it: a save meanwhile would leave an older mark behind than is on the disk, and the
   * next one would be taken for another tab's.
   */
  get(id: string): Promise<Draft | null> {
    return this.inOrder(id, async () => {
      const found = await this.find(id);
      if (found?.row.state !== "draft") return null;
      this.marks.set(id, found.row.mark);
      return found.draft;
    });
  }

  /**
   * The framework that a story was begun with: its answers are to these questions, whatever the device got since. Null when
   * there was none, and for what an older app began.
   */
  async framework(id: string): Promise<OwnFramework | null> {
    const row = await this.context.db.read(["contents"], (tx) => tx.objectStore("contents").get([id, "framework"]));
    if (!row) return null;
    return openValue<OwnFramework>(await this.context.keys.ofStory(id), frameworkPlace(id), row.closed);
  }

  /**
   * The recordings of a draft; null when there is none, or it is a finished story. Whoever asks does not see the text: what
   * another tab saved meanwhile stays what this one did not see, and is not overwritten.
   */
  recordings(id: string): Promise<Recording[] | null> {
    return this.inOrder(id, async () => {
      const found = await this.find(id);
      return found?.row.state === "draft" ? found.draft.recordings : null;
    });
  }

  /**
   * Saves a draft; resolves when it is on the disk. Its recordings are not touched: they are made, finished and deleted one
   * by one. Errors: `StorageFull`, `WrongState` (finished meanwhile), `ChangedElsewhere`, `NotFound`.
   */
  save(draft: Draft): Promise<void> {
    // What the screen changes from here on belongs to the next save. As JSON: a screen's state is made of proxies.
    const copy: Draft = JSON.parse(JSON.stringify(draft));
    const { recordings: _, ...kept } = copy;
    return this.inOrder(draft.id, () => this.write(kept));
  }

  /** A story with its draft, whatever its state; null when there is none, or its content was wiped. */
  async find(id: string): Promise<Found | null> {
    const rows = await this.context.db.read(["stories", "contents", "recordings"], async (tx) => ({
      row: await tx.objectStore("stories").get(id),
      content: await tx.objectStore("contents").get([id, "draft"]),
      recordings: await tx.objectStore("recordings").getAll(within(id)),
    }));
    if (!rows.row || !rows.content) return null;
    const kept = await openValue<Kept>(await this.context.keys.ofStory(id), place(id), rows.content.closed);
    const recordings = rows.recordings.sort((a, b) => a.order - b.order);
    return { row: rows.row, draft: { ...kept, recordings: recordings.map(recordingOf) }, recordings };
  }

  /** Waits for the saves of a story that were asked before, then does `work`. */
  inOrder<T>(id: string, work: () => Promise<T>): Promise<T> {
    const before = this.last.get(id) ?? Promise.resolve();
    const next = before.then(work, work);
    this.last.set(id, next);
    const settled = (): void => {
      if (this.last.get(id) === next) this.last.delete(id);
    };
    next.then(settled, settled);
    return next;
  }

  private async insert(kept: Kept, project: string, framework: OwnFramework | null): Promise<void> {
    const { id } = kept;
    const key = await newKey();
    const contents: ContentRow[] = [{ id, kind: "draft", closed: await closeValue(key, place(id), kept) }];
    if (framework) contents.push({ id, kind: "framework", closed: await closeValue(key, frameworkPlace(id), framework) });
    const about = await closeValue(key, aboutPlace(id), aboutOf(kept.body));
    const row: StoryRow = { ...emptyRow(kept, project), about };
    await this.context.db.write(["stories", "contents", "keys"], async (tx) => {
      await tx.objectStore("keys").put({ id, key });
      for (const content of contents) await tx.objectStore("contents").put(content);
      await tx.objectStore("stories").put(row);
    });
    this.marks.set(id, row.mark);
    this.context.changes.announce(id);
  }

  private async write(draft: Kept): Promise<void> {
    const { id, screen } = draft;
    const key = await this.context.keys.ofStory(id);
    const kept: Kept = { ...draft, changedAt: isoNow(this.context) };
    const closed = await closeValue(key, place(id), kept);
    const about = await closeValue(key, aboutPlace(id), aboutOf(kept.body));
    await this.replace(kept, { closed, about, screen });
  }

  private async replace(kept: Kept, write: { closed: Closed; about: Closed; screen: string }): Promise<void> {
    const { id, changedAt } = kept;
    const [seen, mark] = [this.marks.get(id), crypto.randomUUID()];
    await this.context.db.write(["stories", "contents"], async (tx) => {
      const row = await storyRow(tx, id);
      if (row.state !== "draft") throw new WrongState("this story is finished");
      // Its own mark is there when the first try was written and only its answer was lost.
      if (seen !== undefined && row.mark !== seen && row.mark !== mark) throw new ChangedElsewhere("saved by another tab");
      await tx.objectStore("contents").put({ id, kind: "draft", closed: write.closed });
      await tx.objectStore("stories").put({ ...row, about: write.about, screen: write.screen, changedAt, mark });
    });
    this.marks.set(id, mark);
    this.context.changes.announce(id);
  }
}

function emptyRow(kept: Kept, project: string): Omit<StoryRow, "about"> {
  const { id, enrolment, startedAt, changedAt, screen } = kept;
  const nothingSent = { sentBytes: 0, totalBytes: 0, problem: null, held: [], receivedAt: null, wipedAt: null };
  return { id, enrolment, project, state: "draft", startedAt, changedAt, screen, mark: crypto.randomUUID(), ...nothingSent };
}

/** What a facilitator knows a story by: never words of the teller. */
function aboutOf(body: Partial<StoryBody>): string {
  return body.teller || body.perspective || "";
}
