// Who is logged in on this browser.

import createClient from "openapi-fetch";
import type { Api } from "../api/client";
import type { paths } from "../api/schema";
import { answer, Failure } from "./failure";
import { authorised } from "./session/authorised";
import * as calls from "./session/calls";
import { aloneInBrowser, type Given, Tokens } from "./session/tokens";
import type { Me } from "./types";

/** What tabs tell each other. */
type News = { kind: "in"; given: Given; userId: string } | { kind: "out" };

class Session {
  /** The account of whoever is logged in. */
  me = $state.raw<Me | null>(null);
  /** `starting`: not known yet whether somebody is. */
  state = $state<"starting" | "out" | "in">("starting");
  /** Whether the login ended halfway and requests wait for a new one. */
  expired = $state(false);
  /** The typed client; proves who is asking, renews the proof and waits for a new login where needed. */
  readonly api: Api;
  /** The same for a request of one's own, where headers or the body of the answer matter. The answer may be a refusal. */
  readonly send: (request: Request) => Promise<Response>;

  readonly #tokens = new Tokens(calls.renew, aloneInBrowser, (given) => this.#tell(given));
  readonly #tabs = new BroadcastChannel("duiding.session");
  #waiting: ((isBack: boolean) => void)[] = [];
  /** Whoever was last logged in on this page: what it has in memory was read by that person, and stays when they log out. */
  #person: string | null = null;

  constructor() {
    const source = {
      fresh: () => this.#tokens.fresh(),
      renewed: (stale: string | null) => this.#tokens.renewed(stale),
      loginAgain: () => this.#loginAgain(),
    };
    this.send = authorised(source);
    // Without cookies the browser never asks for a password itself when the server answers 401.
    this.api = createClient<paths>({ baseUrl: location.origin, credentials: "omit", fetch: this.send });
    this.#tabs.onmessage = (event: MessageEvent<News>) => this.#hear(event.data);
  }

  /** Finds out whether somebody is logged in. */
  async start(): Promise<void> {
    try {
      if ((await this.#tokens.renewed(null)) === null) this.state = "out";
      else await this.#arrived();
    } catch {
      this.state = "out";
    }
  }

  /** Logs in. Errors: `Failure`; its code `secondFactorNeeded` asks for the code too. */
  async signIn(email: string, password: string, code?: string): Promise<void> {
    await this.#begin(await calls.logIn({ email, password, ...(code ? { code } : {}) }));
  }

  /** Accepts an invitation and logs in. Errors: `Failure`. */
  async accept(acceptance: calls.Acceptance): Promise<void> {
    await this.#begin(await calls.accept(acceptance));
  }

  /** Finishes a login through the identity provider. Errors: `Failure`. */
  async finish(proof: calls.Finish): Promise<void> {
    await this.#begin(await calls.finish(proof));
  }

  /** Changes the password; all other logins end. Errors: `Failure`. */
  async changePassword(change: Record<string, string>): Promise<void> {
    await this.#begin(await calls.changePassword(await this.token(), change));
  }

  /** Logs out, here and in the other tabs. */
  async signOut(): Promise<void> {
    const token = await this.#tokens.fresh().catch(() => null);
    // Whoever logs out without a connection is out here; the server ends the login when its time is over.
    if (token !== null) await calls.logOut(token).catch(() => undefined);
    this.#tabs.postMessage({ kind: "out" } satisfies News);
    this.#leave();
  }

  /** A fresh access token, for the calls that carry cookies; all others go through `api` or `send`. Errors: `Failure` when the login is over and nobody logs in again. */
  async token(): Promise<string> {
    const token = (await this.#tokens.fresh()) ?? ((await this.#loginAgain()) ? await this.#tokens.fresh() : null);
    if (token === null) throw new Failure(401, null);
    return token;
  }

  /** Reads the account again, after it was changed. */
  async reloadMe(): Promise<void> {
    this.me = await answer(this.api.GET("/v1/me"));
  }

  async #begin(given: Given): Promise<void> {
    this.#tokens.keep(given);
    await this.#arrived(given);
    this.#tell(given);
  }

  /** `given`: by a login on this page, of which other windows do not know yet. */
  async #arrived(given?: Given): Promise<void> {
    const me = await answer(this.api.GET("/v1/me"));
    if (this.#isAnother(me.id)) {
      if (given && !given.refreshToken) this.#tabs.postMessage({ kind: "in", given, userId: me.id } satisfies News);
      return location.reload();
    }
    this.#person = me.id;
    this.me = me;
    this.state = "in";
    this.#resume(true);
  }

  /** Whether this is somebody else than whose stories and numbers this page may have in memory. */
  #isAnother(userId: string): boolean {
    return this.#person !== null && this.#person !== userId;
  }

  #loginAgain(): Promise<boolean> {
    if (this.state === "out") return Promise.resolve(false);
    this.expired = true;
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  #resume(isBack: boolean): void {
    this.expired = false;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve(isBack);
  }

  #leave(): void {
    this.#tokens.forget();
    this.me = null;
    this.state = "out";
    this.#resume(false);
  }

  /** Tells the other tabs of a login that they share by the cookie; one in memory is of this tab only. */
  #tell(given: Given): void {
    if (this.me && !given.refreshToken) this.#tabs.postMessage({ kind: "in", given, userId: this.me.id } satisfies News);
  }

  #hear(news: News): void {
    if (news.kind === "out") {
      if (this.state === "in") this.#leave();
      return;
    }
    if (this.#isAnother(news.userId)) return location.reload();
    this.#tokens.adopt(news.given);
    // In a tab that waits for a login nobody has to log in twice.
    if (this.state === "out" || this.expired) void this.#arrived().catch(() => undefined);
  }
}

/** Who is logged in. */
export const session = new Session();
