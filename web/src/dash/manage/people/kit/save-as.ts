// Files of the server, fetched with the token of the session and given to whoever looks: no token is ever in an address.

import { saveFile } from "../../../parts/download";
import { session } from "../../../session.svelte";
import { type Answer, problemOf } from "./task.svelte";

/** A place where a browser writes a file, as the File System Access API gives it. */
interface Place {
  createWritable(): Promise<WritableStream<Uint8Array>>;
}
type Picker = (options: { suggestedName: string }) => Promise<Place>;

/**
 * Downloads `path` (with its query) as a file called `name`. Where the browser can, it is written as it comes in;
 * elsewhere it is gathered first. A file that was cut is thrown away, with the problem `cut`. `null` when whoever was
 * asked where to put it chose nowhere.
 */
export async function saveAs(path: string, name: string): Promise<Answer<string> | null> {
  const place = await askPlace(name);
  if (place === "nowhere") return null;
  const response = await session.send(new Request(path, { credentials: "omit" }));
  const { ok, status } = response;
  if (!ok) return { error: await response.json().catch(() => undefined), response: { ok, status } };
  try {
    if (place && response.body) await response.body.pipeTo(await place.createWritable());
    else saveFile(name, await response.blob(), response.headers.get("Content-Type") ?? "application/octet-stream");
  } catch {
    return { error: { ...problemOf(undefined, status), code: "cut" }, response: { ok: false, status } };
  }
  return { data: name, response: { ok, status } };
}

/** Where to write it; undefined where browsers cannot be asked. It has to be asked before anything else is waited for. */
async function askPlace(name: string): Promise<Place | "nowhere" | undefined> {
  const picker = pickerOf(globalThis);
  if (!picker) return undefined;
  try {
    return await picker({ suggestedName: name });
  } catch (cause) {
    return cause instanceof DOMException && cause.name === "AbortError" ? "nowhere" : undefined;
  }
}

function pickerOf(scope: object): Picker | undefined {
  if (!("showSaveFilePicker" in scope)) return undefined;
  const picker = scope.showSaveFilePicker;
  return typeof picker === "function" ? (options) => picker.call(scope, options) : undefined;
}
