// What is said of files of stories that were made.

import { cleanup, fireEvent, render, waitFor } from "@testing-library/svelte";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { app } from "../app.svelte";
import { exportUndelivered, type Exported } from "../queue/export";
import Files from "./Files.svelte";

vi.hoisted(() => vi.stubGlobal("__APP_VERSION__", "test"));
vi.mock("../queue/export", () => ({ exportUndelivered: vi.fn() }));
vi.mock("../save-file", () => ({ saveFile: vi.fn() }));

beforeEach(() => app.speak("en"));
afterEach(cleanup);

const FILE = { name: "a.duiding", file: new Blob(), enrolment: "e", stories: ["s"] };

/** What the screen says when making files came to this. */
async function said(outcome: Partial<Exported>) {
  vi.mocked(exportUndelivered).mockResolvedValueOnce({ files: [], left: [], tooLarge: [], ...outcome });
  const screen = render(Files);
  await fireEvent.click(screen.getByRole("button", { name: app.words.settings.export }));
  const [status, alert] = [screen.getByRole("status"), screen.getByRole("alert")];
  await waitFor(() => expect(`${status.textContent}${alert.textContent}`).not.toBe(""));
  return { status: status.textContent, alert: alert.textContent };
}

it("says that files were made, or that there is nothing to put into one", async () => {
  const words = app.words.settings;
  expect(await said({ files: [FILE] })).toEqual({ status: words.exported(1), alert: "" });
  cleanup();
  expect(await said({})).toEqual({ status: words.exportNone, alert: "" });
});

it("says that a recording is too large for a file", async () => {
  const words = app.words.settings;
  const outcome = { files: [FILE], tooLarge: [{ story: "s", recording: "r" }] };
  expect(await said(outcome)).toEqual({ status: words.exported(1), alert: words.exportTooLarge });
});

it("does not take what cannot be read for a missing key", async () => {
  const words = app.words.settings;
  const [noKey, unreadable] = [{ story: "a", why: "noKey" as const }, { story: "b", why: "unreadable" as const }];
  expect(await said({ left: [unreadable] })).toEqual({ status: "", alert: words.exportUnreadable });
  cleanup();
  expect(await said({ left: [unreadable, noKey] })).toEqual({ status: "", alert: `${words.exportNoKey} ${words.exportUnreadable}` });
});
