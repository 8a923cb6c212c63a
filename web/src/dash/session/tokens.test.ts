import { describe, expect, it, vi } from "vitest";
import { type Alone, type Given, Tokens } from "./tokens";

const alone: Alone = (run) => run();
const given = (name: string, expiresIn = 900): Given => ({ accessToken: name, expiresIn, refreshToken: `refresh ${name}` });

describe("the tokens of a login", () => {
  it("give the access token that works without asking the server", async () => {
    const renew = vi.fn();
    const tokens = new Tokens(renew, alone);
    tokens.keep(given("first"));
    expect(await tokens.fresh()).toBe("first");
    expect(renew).not.toHaveBeenCalled();
  });

  it("renew a token before it ends", async () => {
    const tokens = new Tokens(() => Promise.resolve(given("second")), alone);
    tokens.keep(given("first", 10));
    expect(await tokens.fresh()).toBe("second");
  });

  it("use a refresh token once, however many ask at the same time", async () => {
    const used: (string | null)[] = [];
    const renew = async (refresh: string | null): Promise<Given> => {
      used.push(refresh);
      await Promise.resolve();
      return given("second");
    };
    const tokens = new Tokens(renew, alone);
    tokens.keep(given("first"));
    const all = await Promise.all([tokens.renewed("first"), tokens.renewed("first"), tokens.renewed("first")]);
    expect(all).toEqual(["second", "second", "second"]);
    expect(used).toEqual(["refresh first"]);
  });

  it("do not renew for an answer to a token that was renewed already", async () => {
    const renew = vi.fn();
    const tokens = new Tokens(renew, alone);
    tokens.keep(given("second"));
    expect(await tokens.renewed("first")).toBe("second");
    expect(renew).not.toHaveBeenCalled();
  });

  it("take what another tab was given while this one waited for its turn", async () => {
    const renew = vi.fn();
    const tokens = new Tokens(renew, (run) => {
      tokens.adopt({ accessToken: "of the other tab", expiresIn: 900 });
      return run();
    });
    tokens.keep({ accessToken: "first", expiresIn: 900 });
    expect(await tokens.renewed("first")).toBe("of the other tab");
    expect(renew).not.toHaveBeenCalled();
  });

  it("are forgotten when the login is over", async () => {
    const tokens = new Tokens(() => Promise.resolve(null), alone);
    tokens.keep(given("first", 0));
    expect(await tokens.fresh()).toBeNull();
    expect(tokens.access).toBeNull();
  });

  it("stay when the server cannot be reached, and are renewed at the next try", async () => {
    const renew = vi.fn<() => Promise<Given>>().mockRejectedValueOnce(new TypeError("no connection")).mockResolvedValueOnce(given("second"));
    const tokens = new Tokens(renew, alone);
    tokens.keep(given("first", 0));
    await expect(tokens.fresh()).rejects.toThrow("no connection");
    expect(await tokens.fresh()).toBe("second");
  });
});
