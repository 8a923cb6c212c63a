// The calls that begin, renew and end a login. They carry cookies, which no other call does.

import { Failure, failureOf, isProblem } from "../failure";
import type { Given } from "./tokens";

/** Who somebody is, at a login. */
export interface Credentials {
  email: string;
  password: string;
  /** Where a second factor is on: the digits of the app, or a recovery code. */
  code?: string;
}

/** Accepting an invitation. */
export interface Acceptance {
  /** One-time code of the invitation. */
  code: string;
  email: string;
  /** Needed for a new account only. */
  name?: string;
  password: string;
  secondFactorCode?: string;
}

/** A login through the identity provider that comes to its end. */
export interface Finish {
  handle: string;
  code?: string;
  invitation?: { code: string; name?: string };
}

/** Logs in. Errors: `Failure`. */
export function logIn(credentials: Credentials): Promise<Given> {
  return begin("/v1/sessions", { ...credentials });
}

/** Accepts an invitation and logs in. Errors: `Failure`. */
export function accept(acceptance: Acceptance): Promise<Given> {
  return begin("/v1/invitations/_accept", { ...acceptance });
}

/** Finishes a login through the identity provider. Errors: `Failure`. */
export function finish(proof: Finish): Promise<Given> {
  return begin("/v1/sessions/_oidc-finish", { ...proof });
}

/** Changes the password, which ends all logins and begins a new one. Errors: `Failure`. */
export function changePassword(token: string, change: Record<string, string>): Promise<Given> {
  return begin("/v1/me/password", change, { method: "PUT", token });
}

/** New tokens, by the token in memory or else by the browser's cookie; null when the login is over. Errors: `Failure`. */
export async function renew(refreshToken: string | null): Promise<Given | null> {
  try {
    return await begin("/v1/sessions/_refresh", refreshToken === null ? {} : { refreshToken });
  } catch (cause) {
    const failure = failureOf(cause);
    // 400: without a cookie there is no token in the question at all.
    if (failure.status === 401 || failure.status === 400) return null;
    throw failure;
  }
}

/** Ends the login of a token. Errors: `Failure`. */
export async function logOut(token: string): Promise<void> {
  await sent("/v1/sessions/current", { method: "DELETE", headers: { Authorization: `Bearer ${token}` } });
}

interface How {
  method?: "POST" | "PUT";
  token?: string;
}

async function begin(path: string, body: Record<string, unknown>, how: How = {}): Promise<Given> {
  const authorisation: Record<string, string> = how.token === undefined ? {} : { Authorization: `Bearer ${how.token}` };
  const headers = { "Content-Type": "application/json", ...authorisation };
  const response = await sent(path, { method: how.method ?? "POST", headers, body: JSON.stringify(body) });
  const given: unknown = await response.json();
  if (!isGiven(given)) throw new Failure(response.status, null);
  return given;
}

async function sent(path: string, init: RequestInit & { headers: Record<string, string> }): Promise<Response> {
  const headers = { ...init.headers, "X-Duiding-Browser": "1" };
  const response = await fetch(new URL(path, location.origin), { ...init, headers, credentials: "same-origin" }).catch(
    (cause: unknown) => {
      throw failureOf(cause);
    },
  );
  if (response.ok) return response;
  const problem: unknown = await response.json().catch(() => null);
  const wait = Number(response.headers.get("Retry-After") ?? "");
  throw new Failure(response.status, isProblem(problem) ? problem : null, wait > 0 ? wait : null);
}

function isGiven(value: unknown): value is Given {
  return typeof value === "object" && value !== null && "accessToken" in value && "expiresIn" in value;
}
