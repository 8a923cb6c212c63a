// The tokens of a login: kept in memory, renewed in time, and by one tab at a time.

/** What the server gives at a login and at every renewal. */
export interface Given {
  accessToken: string;
  /** Seconds that the access token works. */
  expiresIn: number;
  /** For the next renewal; absent where the browser keeps it in a cookie that no script reads. */
  refreshToken?: string | null;
}

/** What came of asking for new tokens: null when the login is over. Throws when the server could not say. */
export type Renew = (refreshToken: string | null) => Promise<Given | null>;

/** Runs something while no other tab runs it. */
export type Alone = <T>(run: () => Promise<T>) => Promise<T>;

/** An access token goes a while before its end: the clock of a laptop that slept is late. */
const SPARE_MS = 30_000;

/** Keeps the tokens of one login. */
export class Tokens {
  #access: string | null = null;
  #until = 0;
  #refresh: string | null = null;
  #renewing: Promise<string | null> | null = null;
  readonly #renew: Renew;
  readonly #alone: Alone;
  readonly #onrenewed: (given: Given) => void;

  constructor(renew: Renew, alone: Alone, onrenewed: (given: Given) => void = () => undefined) {
    this.#renew = renew;
    this.#alone = alone;
    this.#onrenewed = onrenewed;
  }

  /** The access token as it is, however old; null when nobody is logged in. */
  get access(): string | null {
    return this.#access;
  }

  /** Takes what the server gave. */
  keep(given: Given): void {
    this.#access = given.accessToken;
    this.#until = Date.now() + given.expiresIn * 1000;
    this.#refresh = given.refreshToken ?? null;
  }

  /** Takes an access token that another tab was given; the refresh token in memory, if any, is of another login. */
  adopt(given: Given): void {
    this.keep({ ...given, refreshToken: this.#refresh });
  }

  /** Forgets the login. */
  forget(): void {
    this.#access = null;
    this.#until = 0;
    this.#refresh = null;
  }

  /** An access token that works for a while; null when the login is over. Throws when the server could not be asked. */
  async fresh(): Promise<string | null> {
    if (this.#access !== null && Date.now() < this.#until - SPARE_MS) return this.#access;
    return this.renewed(this.#access);
  }

  /**
   * Another access token than `stale`, which the server did not take; null when the login is over. However many ask at the
   * same time, a refresh token is used once: using it twice ends the session.
   */
  renewed(stale: string | null): Promise<string | null> {
    if (this.#access !== null && this.#access !== stale) return Promise.resolve(this.#access);
    this.#renewing ??= this.#alone(() => this.#ask(stale)).finally(() => {
      this.#renewing = null;
    });
    return this.#renewing;
  }

  async #ask(stale: string | null): Promise<string | null> {
    // Another tab may have renewed while this one waited for its turn.
    if (this.#access !== null && this.#access !== stale) return this.#access;
    const given = await this.#renew(this.#refresh);
    if (given === null) {
      this.forget();
      return null;
    }
    this.keep(given);
    this.#onrenewed(given);
    return given.accessToken;
  }
}

/** Runs while no other tab of this browser runs; at once where the browser has no locks. */
export const aloneInBrowser: Alone = async (run) => {
  if (!("locks" in navigator)) return run();
  return navigator.locks.request("duiding.session", run);
};
