// The identity provider: whether there is one, and how a login begins there.

import { answer } from "../failure";
import { session } from "../session.svelte";
import { entry, type Purpose } from "./entry.svelte";
import createClient from "openapi-fetch";
import type { paths } from "../../api/schema";

// Beginning sets a cookie that binds the login to this browser, and nobody is logged in yet.
const open = createClient<paths>({ baseUrl: location.origin, credentials: "same-origin" });

/** What to write on the button; null where the server has no provider, or cannot say. */
export async function providerName(): Promise<string | null> {
  try {
    const offer = await answer(open.GET("/v1/sessions/_oidc"));
    return offer.available ? (offer.name ?? null) : null;
  } catch {
    return null;
  }
}

/** Sends the browser to the provider to log in. Errors: `Failure`. */
export async function leaveToLogIn(): Promise<void> {
  await leave("login", await answer(open.POST("/v1/sessions/_oidc")));
}

/** Sends the browser to the provider to link its login to the account. Errors: `Failure`. */
export async function leaveToLink(proof: { currentPassword: string; code?: string }): Promise<void> {
  const headers = { Authorization: `Bearer ${await session.token()}` };
  await leave("link", await answer(open.POST("/v1/me/identities/_begin", { body: proof, headers })));
}

/** Links the login that came back to the account. Errors: `Failure`. */
export async function finishLink(handle: string): Promise<void> {
  const headers = { Authorization: `Bearer ${await session.token()}` };
  await answer(open.POST("/v1/me/identities", { body: { handle }, headers }));
}

async function leave(purpose: Purpose, begun: { handle: string; authorizationUrl: string }): Promise<void> {
  entry.leave(begun.handle, purpose);
  location.assign(begun.authorizationUrl);
}
