// Calls the server with the access token, and once more with a new one when the server does not take it.

/** Where the tokens come from. */
export interface Source {
  /** An access token; null when the login is over. */
  fresh(): Promise<string | null>;
  /** Another one than `stale`; null when the login is over. */
  renewed(stale: string | null): Promise<string | null>;
  /** Waits until somebody has logged in again; resolves false when the person went away instead. */
  loginAgain(): Promise<boolean>;
}

/**
 * A `fetch` that proves who is asking. When the login is over halfway, it waits until the person has logged in again and
 * then sends the same request, so that nothing that was typed is lost.
 */
export function authorised(source: Source, send: (request: Request) => Promise<Response> = (r) => fetch(r)) {
  return async (request: Request): Promise<Response> => {
    const token = (await source.fresh()) ?? (await again(source));
    if (token === null) return refused();
    const response = await send(withToken(request, token));
    if (response.status !== 401 || !(await isOver(response))) return response;
    const next = (await source.renewed(token)) ?? (await again(source));
    return next === null ? response : send(withToken(request, next));
  };
}

async function again(source: Source): Promise<string | null> {
  return (await source.loginAgain()) ? source.fresh() : null;
}

/** A wrong password or code is 401 too, and says nothing about the token. */
async function isOver(response: Response): Promise<boolean> {
  const problem: unknown = await response.clone().json().catch(() => null);
  const code = typeof problem === "object" && problem !== null && "code" in problem ? problem.code : "unauthorised";
  return code === "unauthorised" || code === "unauthorized";
}

function withToken(request: Request, token: string): Request {
  const copy = request.clone();
  copy.headers.set("Authorization", `Bearer ${token}`);
  return copy;
}

function refused(): Response {
  const problem = { type: "about:blank", title: "Unauthorized", status: 401, code: "unauthorised", detail: "the login is over" };
  const headers = { "Content-Type": "application/problem+json" };
  return new Response(JSON.stringify(problem), { status: 401, headers });
}
