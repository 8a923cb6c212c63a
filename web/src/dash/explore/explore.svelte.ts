// The state of the explore area: the lens, what is selected on a figure, and what the server answers for it.

import { tick } from "svelte";
import { getLens, type SavedLens, saveLens } from "../lenses";
import { type Failure, failureOf } from "../failure";
import { language } from "../language.svelte";
import { MOST_GROUPS } from "../../plots/palette";
import { go, route } from "../router.svelte";
import { study } from "../study.svelte";
import type { Region } from "../types";
import { asked, type CompareBy, everything, full, type FullLens, isSame, type Part, partsOf } from "./lens";
import { select, type Selection } from "./view";

/** A story that is being read, and the figure that it was opened from. */
export interface Reading {
  id: string;
  signifier: string;
}

/** What the screen shows of one moment: everything in it belongs together. */
interface Shown {
  selections: Selection[];
  /** All stories of the lens, behind the selected part. */
  behind: Selection | null;
}

/** Keeps the lens and asks the server whenever it changes. */
export class Explore {
  lens = $state.raw<FullLens>(everything);
  compareBy = $state<CompareBy | null>(null);
  /** The part of a figure that is selected on top of the lens. */
  brush = $state.raw<Region | null>(null);
  shown = $state.raw<Shown | null>(null);
  failure = $state.raw<Failure | null>(null);
  isBusy = $state(false);
  reading = $state.raw<Reading | null>(null);
  #abort = new AbortController();
  #whole: { lens: string; selection: Selection } | null = null;

  /** The groups that are compared, at most four; empty without a comparison. */
  parts = $derived<Part[]>(this.allParts.slice(0, MOST_GROUPS));

  /** All groups of the comparison. */
  get allParts(): Part[] {
    return partsOf(this.lens, this.compareBy, study.framework, study.waves, (texts) => language.text(texts));
  }

  /** Changes the lens; whatever the address said of it is over. */
  change(lens: FullLens): void {
    this.lens = lens;
    this.#changed();
  }

  /** Splits every plot, or stops doing so. */
  compare(by: CompareBy | null): void {
    this.compareBy = by;
    this.#changed();
  }

  /** Selects a part of a figure; null takes the selection away. */
  mark(region: Region | null): void {
    this.brush = region;
    this.reading = null;
    this.#changed();
  }

  /** Takes everything away. */
  clear(): void {
    this.lens = everything;
    this.compareBy = null;
    this.brush = null;
    this.#changed();
  }

  /** Puts a named region into the lens, or takes it out. */
  toggleRegion(region: Region): void {
    const has = this.lens.regions.some((one) => isSame(one, region));
    const regions = has ? this.lens.regions.filter((one) => !isSame(one, region)) : [...this.lens.regions, region];
    this.change({ ...this.lens, regions });
  }

  /** Keeps lens, comparison and selection; the address of the page then names it. Errors: `Failure`. */
  async save(name: string): Promise<void> {
    const kept = await this.#kept(name === "" ? null : name);
    go("explore", route.rest, { lens: kept.id }, { replace: true });
    this.#named = kept.id;
  }

  /** Keeps what is looked at without a name, for a place outside this area; its id. Errors: `Failure`. */
  async lensId(): Promise<string> {
    return (await this.#kept(null)).id;
  }

  #kept(name: string | null): Promise<SavedLens> {
    return saveLens(study.path, { name, lens: asked(this.lens, this.brush), compareBy: this.compareBy });
  }

  #named: string | null = null;

  /** Shows the lens that the address names, or what there is. */
  async open(id: string | null): Promise<void> {
    if (id !== null && id !== this.#named) {
      this.#named = id;
      try {
        const kept = await getLens(study.path, id);
        this.lens = full(kept.lens);
        this.compareBy = kept.compareBy;
        this.brush = null;
      } catch (cause) {
        this.failure = failureOf(cause);
        return;
      }
    }
    await this.load();
  }

  #changed(): void {
    if (route.query.has("lens")) {
      this.#named = null;
      go("explore", route.rest, {}, { replace: true });
    }
    void this.load();
  }

  /** Asks the server; an answer that is no longer wanted is broken off. */
  async load(): Promise<void> {
    this.#abort.abort();
    const abort = new AbortController();
    this.#abort = abort;
    this.isBusy = true;
    const began = performance.now();
    try {
      const shown = await this.#ask(abort.signal);
      if (abort.signal.aborted) return;
      const answered = performance.now();
      this.shown = shown;
      this.failure = null;
      this.isBusy = false;
      await painted();
      performance.measure("lens-to-redraw", { start: began, end: performance.now() });
      performance.measure("answers-to-redraw", { start: answered, end: performance.now() });
    } catch (cause) {
      if (abort.signal.aborted) return;
      this.failure = failureOf(cause);
      this.isBusy = false;
    }
  }

  /** Breaks off what is under way, when somebody leaves. */
  stop(): void {
    this.#abort.abort();
  }

  async #ask(signal: AbortSignal): Promise<Shown> {
    const parts = this.parts.length > 0 ? this.parts : [{ key: "all", label: "", lens: this.lens }];
    const wanted = parts.map((part) => select(part.key, part.label, asked(part.lens, this.brush), signal));
    const behind = this.brush === null ? Promise.resolve(null) : this.#all(signal);
    const [whole, ...selections] = await Promise.all([behind, ...wanted]);
    const [only] = selections;
    if (this.brush === null && parts.length === 1 && only) this.#whole = { lens: JSON.stringify(this.lens), selection: only };
    return { selections: selections.filter((one) => one !== null), behind: whole };
  }

  /** All stories of the lens: mostly still there from before something was selected. */
  async #all(signal: AbortSignal): Promise<Selection> {
    const lens = JSON.stringify(this.lens);
    if (this.#whole?.lens === lens) return this.#whole.selection;
    const selection = await select("behind", "", asked(this.lens), signal);
    this.#whole = { lens, selection };
    return selection;
  }
}

/** Resolves when what changed is on the screen. */
async function painted(): Promise<void> {
  await tick();
  await new Promise((resolve) => requestAnimationFrame(resolve));
}
