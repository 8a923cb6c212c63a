// What all screens of the form share: the store, the queue, the language of the interface, and which screen is open.

import { interfaceLanguage, preferredLanguage, wordsIn, type InterfaceLanguage } from "../i18n";
import { directionOf } from "../framework/texts";
import { latest } from "./latest";
import type { Draft, Enrolment, StoryItem } from "./model";
import { enrol, type Enrolled } from "./queue/enrol";
import { byTimeout, startQueue, type Queue, type QueueState } from "./queue/queue";
import type { Wire } from "./queue/wire";
import { persistStorage, storageState, type StorageState } from "./store/storage";
import { fetchRecorded } from "./recorded";
import type { Saver } from "./saver";
import type { OwnFramework } from "./store/drafts";
import { ChangedElsewhere } from "./store/errors";
import { openStore, type Store } from "./store/store";

/** Which screen is open. */
export type View =
  | { name: "home" }
  | { name: "enrol" }
  | { name: "settings" }
  | { name: "story"; id: string }
  /** A form on paper that is typed in; `after` is the story that was finished just before. */
  | { name: "paper"; id: string; after?: string }
  | { name: "print" }
  | { name: "receipt"; id: string }
  | { name: "rejected"; id: string };

/** A draft as its screen opens with it. */
export interface Opened {
  draft: Draft;
  /** The framework that it was begun with; null for a draft of an older app. */
  framework: OwnFramework | null;
  /** It has more than the disk: it is to be saved at once. */
  isUnsaved: boolean;
}

const LANGUAGE_KEY = "duiding-interface";
const ENROLMENT_KEY = "duiding-enrolment";

/** Version of the app, given by the build. */
export const APP_VERSION: string = __APP_VERSION__;

export class App {
  view = $state<View>({ name: "home" });
  language = $state<InterfaceLanguage>(preferredLanguage([remembered(LANGUAGE_KEY), ...navigator.languages]));
  items = $state.raw<StoryItem[]>([]);
  enrolments = $state.raw<Enrolment[]>([]);
  /** Id of the enrolment that new stories belong to. */
  chosen = $state<string>(remembered(ENROLMENT_KEY));
  queueState = $state.raw<QueueState>(NOTHING_YET);
  storage = $state.raw<StorageState | null>(null);
  /** What the address asked for at the start: a one-time code. */
  code = $state("");
  /** Something that stops the whole app. */
  failure = $state<unknown>(null);
  ready = $state(false);

  readonly words = $derived(wordsIn(this.language));
  readonly direction = $derived(directionOf(this.language));
  readonly enrolment = $derived(this.enrolments.find((e) => e.id === this.chosen) ?? this.enrolments[0] ?? null);
  readonly undelivered = $derived(this.queueState.undelivered);

  /** Drafts that could not be saved before their screen closed, by id: they are opened again as they were left. */
  readonly unsaved = new Map<string, Draft>();

  store!: Store;
  private queue: Queue | null = null;

  /** Opens what is kept here, recovers what a killed tab left, and begins to deliver. */
  async start(): Promise<void> {
    this.takeCode();
    window.addEventListener("popstate", (event) => this.popped(event.state));
    window.addEventListener("hashchange", () => this.takeCode());
    try {
      this.store = await openStore("duiding", { appVersion: APP_VERSION });
      await this.store.recoverRecordings();
      await this.refresh();
    } catch (cause) {
      this.failure = cause;
      return;
    }
    this.store.subscribe(() => {
      // While a story is told nobody sees the list; it is read again when it is shown.
      if (this.view.name !== "story") void this.refresh().catch(() => undefined);
    });
    this.queue = startQueue({ store: this.store });
    this.queueState = this.queue.state;
    this.queue.subscribe((state) => {
      const reached = state.lastContactAt !== this.queueState.lastContactAt;
      this.queueState = state;
      if (reached) void this.fetchRecorded();
    });
    if (this.enrolments.length === 0 || this.code) this.view = { name: "enrol" };
    history.replaceState($state.snapshot(this.view), "");
    this.ready = true;
    await this.look();
  }

  /** Reads again what is on this device. */
  readonly refresh = latest(async () => {
    [this.items, this.enrolments] = await Promise.all([this.store.items(), this.store.enrolments.list()]);
  });

  /** Fetches the recorded questions that this device does not have yet. */
  private readonly fetchRecorded = latest(() => fetchRecorded(this.enrolments).catch(() => undefined));

  /** Looks how much room there is. */
  async look(): Promise<void> {
    this.storage = await storageState();
  }

  /** Opens a screen; the phone's own way back leads to the one before. */
  go(view: View): void {
    this.view = view;
    void this.refresh().catch(() => undefined);
    history.pushState(view, "");
    window.scrollTo(0, 0);
  }

  /** Opens a screen in the place of this one, which the way back then skips. */
  replace(view: View): void {
    this.view = view;
    history.replaceState(view, "");
    window.scrollTo(0, 0);
  }

  speak(language: InterfaceLanguage): void {
    this.language = language;
    remember(LANGUAGE_KEY, language);
  }

  choose(enrolment: string): void {
    this.chosen = enrolment;
    remember(ENROLMENT_KEY, enrolment);
  }

  /** Exchanges a one-time code for an assignment, and asks the browser to keep what comes. */
  async enrol(code: string): Promise<Enrolled> {
    const outcome = await enrol(this.store, this.wire(), code.trim(), APP_VERSION);
    if (outcome.kind === "ok") {
      this.choose(outcome.enrolment.id);
      await persistStorage();
      await Promise.all([this.refresh(), this.look()]);
      void this.poke();
    }
    return outcome;
  }

  /** Begins a story and opens it; on paper, the screen to type in a form. */
  async begin(enrolment: Enrolment, paper: boolean): Promise<void> {
    const id = await this.newDraft(enrolment, paper ? { paper } : {});
    this.go(paper ? { name: "paper", id } : { name: "story", id });
  }

  /** Begins the next form of a stack in the place of the one that was finished (`after`), with what the two share. */
  async beginNext(enrolment: Enrolment, shared: Draft["body"], after: string): Promise<void> {
    const id = await this.newDraft(enrolment, { paper: true }, shared);
    this.replace({ name: "paper", id, after });
  }

  /** Tries to deliver now. */
  poke(): Promise<void> {
    return this.queue?.poke() ?? Promise.resolve();
  }

  private async newDraft(enrolment: Enrolment, notes: Draft["notes"], shared: Draft["body"] = {}): Promise<string> {
    const languages = enrolment.package.framework?.document.languages ?? [];
    const language = languages.includes(this.language) ? this.language : (languages[0] ?? this.language);
    const perspectives = enrolment.package.assignment.perspectives;
    const body = { language, ...(perspectives.length === 1 ? { perspective: perspectives[0] } : {}), ...shared };
    const draft = await this.store.createDraft(enrolment.id, { screen: "language", language, body, notes });
    await this.refresh();
    return draft.id;
  }

  wire(): Wire {
    return { fetch: fetch.bind(globalThis), schedule: byTimeout, now: Date.now };
  }

  /** Opens a draft; null when there is none, or it is finished. */
  async openDraft(id: string): Promise<Opened | null> {
    const framework = await this.store.frameworkOf(id);
    const left = this.unsaved.get(id);
    if (!left) {
      const draft = await this.store.draft(id);
      return draft && { draft, framework, isUnsaved: false };
    }
    // Its text is not read: what another tab saved meanwhile is still seen as that of another tab, and not overwritten.
    const recordings = await this.store.recordingsOfDraft(id);
    if (recordings) return { draft: { ...left, recordings }, framework, isUnsaved: true };
    this.unsaved.delete(id);
    return null;
  }

  /**
   * The screen of a draft closes, perhaps by the phone's own way back, which asks nobody: what could not be saved yet is
   * tried once more, and kept until the draft is opened again. What another tab overtook is not: its text is the newer one.
   */
  closeDraft(draft: Draft, saver: Pick<Saver, "isUnsaved" | "cause" | "flush">): void {
    this.unsaved.delete(draft.id);
    if (!saver.isUnsaved || saver.cause instanceof ChangedElsewhere) return;
    this.unsaved.set(draft.id, draft);
    const forget = (): void => {
      if (this.unsaved.get(draft.id) === draft) this.unsaved.delete(draft.id);
    };
    saver.flush().then(forget, (cause: unknown) => {
      if (cause instanceof ChangedElsewhere) forget();
    });
  }

  /** The framework and wave of a draft: its own framework where it has one, since the device may have a newer one by now. */
  packageOf(draft: Draft, own: OwnFramework | null): Enrolment["package"] | null {
    const pkg = this.enrolments.find((e) => e.id === draft.enrolment)?.package ?? null;
    return pkg && own ? { ...pkg, framework: own } : pkg;
  }

  /** A code in the fragment is taken out of the address at once: nobody reads it over a shoulder or from the history. */
  private takeCode(): void {
    const code = new URLSearchParams(location.hash.slice(1)).get("enrol");
    if (!code) return;
    this.code = code;
    history.replaceState(history.state, "", location.pathname);
    if (this.ready) this.go({ name: "enrol" });
  }

  private popped(state: unknown): void {
    this.view = isView(state) ? state : { name: "home" };
    void this.refresh().catch(() => undefined);
  }
}

const NOTHING_YET: QueueState = {
  online: navigator.onLine,
  busy: false,
  nextTryAt: null,
  lastContactAt: null,
  undelivered: 0,
  problem: null,
};

function isView(state: unknown): state is View {
  return typeof state === "object" && state !== null && "name" in state && typeof state.name === "string";
}

/** A choice of this device that says nothing about anybody. */
function remembered(key: string): string {
  try {
    return localStorage.getItem(key) ?? "";
  } catch {
    return "";
  }
}

function remember(key: string, value: string): void {
  try {
    localStorage.setItem(key, value);
  } catch {
    // It is asked again next time.
  }
}

/** The language of the interface that fits a language of stories, else the one that is in use. */
export function interfaceFor(tag: string, otherwise: InterfaceLanguage): InterfaceLanguage {
  return interfaceLanguage(tag) ?? otherwise;
}

export const app = new App();
