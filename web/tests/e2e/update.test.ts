// New versions of the app, while something is being told.

import { createServer, request, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { begin, saved } from "./telling";
import { enrolled, phone, startWorld, type World } from "./world";

let world: World;
let front: Server;
/** Whether the server has another version of the app than before. */
let isNew = false;

/** Stands before the server as a proxy does: no driver sees what a browser fetches for a new worker. */
function pass(incoming: IncomingMessage, outgoing: ServerResponse): void {
  const { method, headers, url = "/" } = incoming;
  const { accept, ...others } = headers;
  const onward = request(new URL(url, world.server.url), { method, headers: { ...others, accept } }, (answer) => {
    const { "content-length": length, ...rest } = answer.headers;
    const changed = isNew && url === "/collect/sw.js" && answer.statusCode === 200;
    outgoing.writeHead(answer.statusCode ?? 502, changed ? rest : { ...rest, ...(length ? { "content-length": length } : {}) });
    answer.on("end", () => outgoing.end(changed ? "\n// the next version\n" : ""));
    answer.pipe(outgoing, { end: false });
  });
  if (isNew) onward.removeHeader("if-none-match");
  onward.on("error", () => outgoing.destroy());
  incoming.pipe(onward);
}

beforeAll(async () => {
  world = await startWorld();
  front = createServer(pass);
  await new Promise<void>((resolve) => front.listen(0, "127.0.0.1", resolve));
});

afterAll(async () => {
  front.closeAllConnections();
  front.close();
  await world.stop();
});

test("a new version of the app is used when the facilitator says so, and drafts go on in it", async () => {
  isNew = false;
  const url = `http://127.0.0.1:${(front.address() as AddressInfo).port}`;
  const context = await phone(world);
  const page = await enrolled({ ...world, server: { ...world.server, url } }, context);
  await begin(page);
  await page.getByRole("radio", { name: "Nederlands" }).check();
  await saved(page);
  isNew = true;
  await page.evaluate(async () => (await navigator.serviceWorker.ready).update().then(() => undefined));
  await page.getByRole("button", { name: "Later verder" }).click();
  await page.evaluate(() => Object.assign(window, { old: true }));
  await page.getByRole("button", { name: "Use the new version" }).click();
  await page.waitForFunction(() => !("old" in window));
  await page.getByRole("listitem").getByRole("button").click();
  expect(await page.getByRole("radio", { name: "Nederlands" }).isChecked()).toBe(true);
  await context.close();
});
