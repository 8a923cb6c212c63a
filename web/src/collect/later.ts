// Screens that a first look does not need. They are loaded when they are opened, and all of them in a quiet moment before:
// a phone without signal must have them.

import type { Component } from "svelte";

/** What a screen is opened with; each takes what it needs. */
interface Opened {
  id: string;
  after: string | null;
}

type Loaded = Promise<{ default: Component<Opened> }>;

const SCREENS = {
  story: (): Loaded => import("./screens/Story.svelte"),
  paper: (): Loaded => import("./paper/Entry.svelte"),
  print: (): Loaded => withNothing(import("./paper/Print.svelte")),
  settings: (): Loaded => withNothing(import("./screens/Settings.svelte")),
  rejected: (): Loaded => import("./screens/Rejected.svelte"),
};

/** A screen that is opened with nothing, as one of the others. */
async function withNothing(loading: Promise<{ default: Component<Record<string, never>> }>): Loaded {
  const { default: Screen } = await loading;
  return { default: (internals) => Screen(internals, {}) };
}

/** Names of these screens. */
export type LaterName = keyof typeof SCREENS;

const loaded = new Map<LaterName, Loaded>();

/** Whether a screen is one of these. */
export function isLater(name: string): name is LaterName {
  return Object.hasOwn(SCREENS, name);
}

/** A screen, from here on the same one. Fails when it cannot be fetched; the next call tries again. */
export function screen(name: LaterName): Loaded {
  const known = loaded.get(name);
  if (known) return known;
  const loading = SCREENS[name]();
  loaded.set(name, loading);
  loading.catch(() => loaded.delete(name));
  return loading;
}

/** Loads all of them. Fails when one cannot be fetched. */
export async function allScreens(): Promise<void> {
  await Promise.all(Object.keys(SCREENS).filter(isLater).map(screen));
}
