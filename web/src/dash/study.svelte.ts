// The study that is open: loaded before any of its areas is shown.

import type { Api } from "../api/client";
import type { Framework } from "../framework/types";
import { answer, Failure, failureOf } from "./failure";
import { language } from "./language.svelte";
import { capabilities, type Capability } from "./may";
import { session } from "./session.svelte";
import type { Project, Role, Wave } from "./types";

interface Loaded {
  project: Project;
  framework: Framework | null;
  frameworkVersion: number;
  waves: Wave[];
}

class Study {
  #loaded = $state.raw<Loaded | null>(null);
  /** Why it could not be loaded; null when it could. */
  failure = $state.raw<Failure | null>(null);
  #wanted = "";

  /** Whether the study with this id is there. */
  isOpen(projectId: string): boolean {
    return this.#loaded?.project.id === projectId;
  }

  get project(): Project {
    return this.#open.project;
  }
  /** What the reader is in this study; a member without a role here reads as a facilitator: nothing but the study. */
  get role(): Role {
    return this.#open.project.role ?? "facilitator";
  }
  /** Whether the reader sees more than the workgroup: smaller groups, and what was kept for researchers (`Role::audience`). */
  get seesMore(): boolean {
    return this.role === "researcher" || this.role === "externalResearcher";
  }
  /** Whether a framework was published. Only Overview and Manage are shown without one. */
  get hasFramework(): boolean {
    return this.#open.framework !== null;
  }
  /** The newest published framework. Errors: there is none; ask `hasFramework` first in Overview and Manage. */
  get framework(): Framework {
    const { framework } = this.#open;
    if (framework === null) throw new Error("this study has no framework yet");
    return framework;
  }
  /** Version of `framework`; 0 when there is none. */
  get frameworkVersion(): number {
    return this.#open.frameworkVersion;
  }
  /** The waves in their order. */
  get waves(): Wave[] {
    return this.#open.waves;
  }
  get api(): Api {
    return session.api;
  }
  /** The path parameters of every call: `params: { path: study.path }`. */
  get path(): { projectId: string } {
    return { projectId: this.#open.project.id };
  }

  /** Whether the reader may do this. */
  may(verb: Capability): boolean {
    return capabilities[this.role].includes(verb);
  }

  /** Loads a study. What was asked last is what is shown. */
  async open(projectId: string): Promise<void> {
    this.#wanted = projectId;
    this.failure = null;
    if (!this.isOpen(projectId)) this.#loaded = null;
    try {
      const loaded = await load(projectId);
      if (this.#wanted !== projectId) return;
      this.#loaded = loaded;
      language.fallback = loaded.framework?.defaultLanguage ?? "nl";
    } catch (cause) {
      if (this.#wanted === projectId) this.failure = failureOf(cause);
    }
  }

  /** Loads it again, after its framework, waves or title changed. */
  async reload(): Promise<void> {
    await this.open(this.#open.project.id);
  }

  /** Forgets it, when somebody logs out. */
  close(): void {
    this.#wanted = "";
    this.#loaded = null;
    this.failure = null;
  }

  get #open(): Loaded {
    if (this.#loaded === null) throw new Error("no study is open");
    return this.#loaded;
  }
}

async function load(projectId: string): Promise<Loaded> {
  const params = { path: { projectId } };
  const [project, waves, versions] = await Promise.all([
    answer(session.api.GET("/v1/projects/{projectId}", { params })),
    answer(session.api.GET("/v1/projects/{projectId}/waves", { params })),
    answer(session.api.GET("/v1/projects/{projectId}/frameworks", { params })),
  ]);
  const newest = versions.items.filter((item) => item.state === "published").at(-1);
  if (newest === undefined) return { project, waves: waves.items, framework: null, frameworkVersion: 0 };
  const version = newest.version;
  const { document } = await answer(
    session.api.GET("/v1/projects/{projectId}/frameworks/{version}", { params: { path: { projectId, version } } }),
  );
  return { project, waves: waves.items, framework: document, frameworkVersion: version };
}

/** The study that is open. Its members may be read inside an area, not before. */
export const study = new Study();
