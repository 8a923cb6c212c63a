import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";

vi.hoisted(() => vi.stubGlobal("__APP_VERSION__", "test"));

afterEach(() => {
  vi.doUnmock("./paper/Print.svelte");
  vi.resetModules();
});

describe("screens that are loaded later", () => {
  it("are not part of the first load", () => {
    const here = import.meta.dirname;
    const first = ["Root.svelte", "app.svelte.ts", "screens/Home.svelte", "screens/Enrol.svelte", "screens/Receipt.svelte"];
    const imports = first.flatMap((file) => [...readFileSync(join(here, file), "utf8").matchAll(/^\s*import .* from "(.+)";$/gm)]);
    const names = imports.map(([, path]) => path?.split("/").at(-1));
    for (const later of ["Story.svelte", "Entry.svelte", "Print.svelte", "Settings.svelte", "Rejected.svelte", "export", "closing", "recorder"]) {
      expect(names).not.toContain(later);
    }
  });

  it("stay the same when they were opened once, so that a story is not begun anew by the way back", async () => {
    const { screen, allScreens } = await import("./later");
    await allScreens();
    expect(screen("story")).toBe(screen("story"));
  });

  it("are asked for again when they could not be fetched", async () => {
    let tries = 0;
    vi.doMock("./paper/Print.svelte", () => {
      tries += 1;
      throw new Error("no signal");
    });
    const { screen } = await import("./later");
    await expect(screen("print")).rejects.toThrow();
    vi.doUnmock("./paper/Print.svelte");
    expect((await screen("print")).default).toBeTypeOf("function");
    expect(tries).toBe(1);
  });
});
