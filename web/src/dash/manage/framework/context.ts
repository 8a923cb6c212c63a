// The editor that the fields of a page belong to.

import { getContext, setContext } from "svelte";
import type { Editor } from "./editor.svelte";

const KEY = Symbol("framework editor");

/** Makes an editor known to all fields in the component that calls this while it is made. */
export function provideEditor(editor: () => Editor): void {
  setContext(KEY, editor);
}

/** The editor of this page. */
export function useEditor(): Editor {
  return getContext<() => Editor>(KEY)();
}
