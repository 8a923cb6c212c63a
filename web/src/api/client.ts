// The typed client: paths, bodies and answers come from openapi/openapi.json, generated into schema.d.ts.

import createClient, { type Client } from "openapi-fetch";
import type { paths } from "./schema";

export type Api = Client<paths>;

/** A client of the server at `baseUrl`; with a token it proves who is asking. */
export function connect(baseUrl: string, token?: string): Api {
  const headers = token ? { Authorization: `Bearer ${token}` } : {};
  return createClient<paths>({ baseUrl, headers });
}
