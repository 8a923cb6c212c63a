// What keeps the app on the device, and new versions of it: fetched beside the old one, and used when the facilitator says so.
// Drafts stay what they are.

import { allScreens } from "./later";

/** Whether the app opens without a connection: not known yet; yes; never in this browser. */
export type Kept = "coming" | "yes" | "no";

/** Milliseconds for what is still on its way to the disk when a story is left, such as the end of a recording. */
const SETTLE_MS = 3000;

class Versions {
  /** A new version waits to be used. */
  waiting = $state(false);
  kept = $state<Kept>("coming");
  /** Another version than that of this page is in place, and the page is to be loaded again. */
  replaced = $state(false);
  private worker: ServiceWorker | null = null;

  /** Says that a version is there. */
  found(worker: ServiceWorker): void {
    this.worker = worker;
    this.waiting = true;
  }

  /** Uses the new version: the page is loaded again when it is in place. */
  use(): void {
    this.worker?.postMessage({ type: "SKIP_WAITING" });
  }
}

export const versions = new Versions();

/**
 * Registers what makes the app work without a connection, and looks for new versions. Called when the first screen is there:
 * all that is fetched for later must not keep it waiting. `isFree` says whether this window may be loaded again: another one
 * may take the new version while somebody tells or records in this one.
 */
export function watchVersions(isFree: () => boolean, reload: () => void = () => location.reload()): void {
  if (!("serviceWorker" in navigator) || import.meta.env.DEV) {
    versions.kept = "no";
    return;
  }
  let hasOne = navigator.serviceWorker.controller !== null;
  navigator.serviceWorker.addEventListener("controllerchange", () => {
    // The first one takes over a page that runs already: that is no reason to load it again.
    if (hasOne && isFree()) reload();
    else if (hasOne) versions.replaced = true;
    hasOne = true;
  });
  $effect.root(() => {
    $effect(() => reloadLater(isFree, reload));
  });
  void register();
}

/** Loads the page again when nothing is told in it any more, and all that was is saved. */
function reloadLater(isFree: () => boolean, reload: () => void): (() => void) | undefined {
  if (!versions.replaced || !isFree()) return undefined;
  const timer = setTimeout(reload, SETTLE_MS);
  return () => clearTimeout(timer);
}

async function register(): Promise<void> {
  const kept = await registered();
  // All screens are in this page too, which began before they were kept: with or without a worker it needs no signal now.
  await allScreens().catch(() => undefined);
  versions.kept = kept ? "yes" : "no";
}

/** Whether the files of the app are kept. Without them the form works as long as the page is open. */
async function registered(): Promise<boolean> {
  try {
    const registration = await navigator.serviceWorker.register("/collect/sw.js", { scope: "/collect" });
    if (registration.waiting) versions.found(registration.waiting);
    registration.addEventListener("updatefound", () => watch(registration.installing));
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "visible") void registration.update().catch(() => undefined);
    });
    return registration.active !== null || (await installed(registration.installing ?? registration.waiting));
  } catch {
    return false;
  }
}

/** Whether a first worker got all files; not when the connection was lost in the middle. */
function installed(worker: ServiceWorker | null): Promise<boolean> {
  return new Promise((resolve) => {
    const look = (): void => {
      if (worker === null || worker.state === "redundant") resolve(false);
      else if (worker.state === "activated") resolve(true);
    };
    worker?.addEventListener("statechange", look);
    look();
  });
}

function watch(worker: ServiceWorker | null): void {
  worker?.addEventListener("statechange", () => {
    if (worker.state === "installed" && navigator.serviceWorker.controller) versions.found(worker);
  });
}
