// A lens in the address by its id, so that a view can be shared without a word about anybody in it.

import { getLens, saveLens } from "../lenses";
import { study } from "../study.svelte";
import type { Lens } from "../types";

/** The id under which the server keeps a lens; null where it keeps none for this reader. The same lens has the same id. */
export async function idOf(lens: Lens): Promise<string | null> {
  const saved = await saveLens(study.path, { name: null, lens, compareBy: null }).catch(() => null);
  return saved?.id ?? null;
}

/** The lens with this id. Errors: `Failure` when there is none. */
export async function lensWith(id: string): Promise<Lens> {
  return (await getLens(study.path, id)).lens;
}
