// The named regions of the study.

import { answer } from "../failure";
import { study } from "../study.svelte";
import type { NamedRegion } from "../types";

class Regions {
  list = $state.raw<NamedRegion[]>([]);

  /** Reads them. Errors: `Failure`. */
  async load(): Promise<void> {
    const page = await answer(study.api.GET("/v1/projects/{projectId}/regions", { params: { path: study.path } }));
    this.list = page.items;
  }

  /** Adds one that was just made. */
  add(region: NamedRegion): void {
    this.list = [...this.list, region];
  }
}

/** The named regions of the study that is open. */
export const regions = new Regions();
