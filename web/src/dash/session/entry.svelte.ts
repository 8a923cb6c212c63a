// What somebody brings along in the address: an invitation, or the way back from the identity provider. It is taken out of
// the address at once, so that it stays in no history and no screenshot.

const HANDLE = "duiding.login";
const INVITATION = "duiding.login.invitation";
const PURPOSE = "duiding.login.purpose";

/** Why somebody went to the identity provider: to log in, or to link its login to the account that is open. */
export type Purpose = "login" | "link";

/** What a fragment brings; null for any other. */
export function read(hash: string): { invitation: string } | "login" | null {
  const fragment = hash.replace(/^#\/?/, "");
  if (fragment === "login") return "login";
  const code = new URLSearchParams(fragment).get("invitation");
  return fragment.startsWith("invitation=") && code ? { invitation: code } : null;
}

class Entry {
  /** Code of an invitation that is being accepted; null when none is. */
  invitation = $state<string | null>(null);
  /** Whether the browser came back from the identity provider. */
  isBack = $state(false);

  constructor() {
    this.#take();
    globalThis.addEventListener("hashchange", () => this.#take());
  }

  /** Handle of the login through the identity provider that is under way in this tab; null when none is. */
  get handle(): string | null {
    return sessionStorage.getItem(HANDLE);
  }

  /** Why somebody went there. */
  get purpose(): Purpose {
    return sessionStorage.getItem(PURPOSE) === "link" ? "link" : "login";
  }

  /** Remembers, for this tab only, a login that goes on at the identity provider. */
  leave(handle: string, purpose: Purpose): void {
    sessionStorage.setItem(HANDLE, handle);
    sessionStorage.setItem(PURPOSE, purpose);
    if (this.invitation !== null) sessionStorage.setItem(INVITATION, this.invitation);
  }

  /** Forgets what was brought, when it was used or given up. */
  done(): void {
    this.isBack = false;
    this.invitation = null;
    sessionStorage.removeItem(HANDLE);
    sessionStorage.removeItem(PURPOSE);
    sessionStorage.removeItem(INVITATION);
  }

  #take(): void {
    const brought = read(location.hash);
    if (brought === null) return;
    history.replaceState(null, "", location.pathname);
    if (brought === "login") {
      this.isBack = true;
      this.invitation = sessionStorage.getItem(INVITATION);
    } else {
      this.invitation = brought.invitation;
    }
  }
}

/** What was brought along in the address. */
export const entry = new Entry();
