// When a window is loaded again for a new version that is in place: never while somebody tells.

import { flushSync } from "svelte";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { versions, watchVersions } from "./versions.svelte";

vi.mock("./later", () => ({ allScreens: () => Promise.resolve() }));

const worker = { state: "activated", addEventListener: () => undefined };

class Container extends EventTarget {
  controller: object | null = worker;
  register = () => Promise.resolve(Object.assign(new EventTarget(), { active: worker, waiting: null, installing: null }));
}

let container: Container;
let view = $state("home");
/** Another for each test: what watched in the tests before goes on. */
let reload = vi.fn();

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubEnv("DEV", false);
  reload = vi.fn();
  [view, versions.replaced, container] = ["home", false, new Container()];
  Object.defineProperty(navigator, "serviceWorker", { value: container, configurable: true });
});

afterEach(() => {
  Reflect.deleteProperty(navigator, "serviceWorker");
  vi.unstubAllEnvs();
  vi.useRealTimers();
});

/** Another version takes this window over. */
function replace(): void {
  container.dispatchEvent(new Event("controllerchange"));
  flushSync();
}

function open(screen: string): void {
  view = screen;
  flushSync();
}

const watch = (): void => watchVersions(() => view === "home", reload);

describe("a window, when another version is in place,", () => {
  it("is loaded again at once where nothing is told", () => {
    watch();
    replace();
    expect(reload).toHaveBeenCalledTimes(1);
  });

  it("stays as it is while somebody tells, and is loaded again when that is over and saved", () => {
    watch();
    open("story");
    replace();
    vi.advanceTimersByTime(3600_000);
    expect(reload).not.toHaveBeenCalled();
    open("home");
    expect(reload).not.toHaveBeenCalled();
    vi.advanceTimersByTime(5000);
    expect(reload).toHaveBeenCalledTimes(1);
  });

  it("stays as it is when the next story is begun before that", () => {
    watch();
    open("story");
    replace();
    open("home");
    vi.advanceTimersByTime(100);
    open("story");
    vi.advanceTimersByTime(3600_000);
    expect(reload).not.toHaveBeenCalled();
  });

  it("is not loaded again for the first version, which it is of", () => {
    container.controller = null;
    watch();
    replace();
    expect(reload).not.toHaveBeenCalled();
    replace();
    expect(reload).toHaveBeenCalledTimes(1);
  });
});
