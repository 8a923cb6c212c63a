import { describe, expect, it } from "vitest";
import { authorised, type Source } from "./authorised";

const refusal = (code: string): Response => Response.json({ code, status: 401, detail: "" }, { status: 401 });
const sentTo = (send: (token: string | null, body: string) => Response) => async (request: Request): Promise<Response> =>
  send(request.headers.get("Authorization"), await request.text());
const post = (): Request => new Request("http://server/v1/things", { method: "POST", body: "typed at length" });

function source(overrides: Partial<Source> = {}): Source {
  return {
    fresh: () => Promise.resolve("old"),
    renewed: () => Promise.resolve("new"),
    loginAgain: () => Promise.resolve(false),
    ...overrides,
  };
}

describe("a call that proves who is asking", () => {
  it("carries the access token", async () => {
    const call = authorised(source(), sentTo((token) => new Response(token)));
    expect(await (await call(post())).text()).toBe("Bearer old");
  });

  it("is sent once more, with its body, when the token does not work any more", async () => {
    const bodies: string[] = [];
    const send = sentTo((token, body) => {
      bodies.push(body);
      return token === "Bearer new" ? new Response("done") : refusal("unauthorised");
    });
    expect(await (await authorised(source(), send)(post())).text()).toBe("done");
    expect(bodies).toEqual(["typed at length", "typed at length"]);
  });

  it("leaves a wrong code to the form that asked for it", async () => {
    let times = 0;
    const send = sentTo(() => {
      times += 1;
      return refusal("wrongCode");
    });
    expect((await authorised(source(), send)(post())).status).toBe(401);
    expect(times).toBe(1);
  });

  it("waits for a new login when the old one is over, and loses nothing", async () => {
    let isBack = false;
    const waiting = source({
      fresh: () => Promise.resolve(isBack ? "after login" : "old"),
      renewed: () => Promise.resolve(null),
      loginAgain: () => {
        isBack = true;
        return Promise.resolve(true);
      },
    });
    const send = sentTo((token, body) => (token === "Bearer after login" ? new Response(body) : refusal("unauthorised")));
    expect(await (await authorised(waiting, send)(post())).text()).toBe("typed at length");
  });

  it("is refused without being sent when nobody logs in again", async () => {
    let times = 0;
    const send = sentTo(() => {
      times += 1;
      return new Response();
    });
    const response = await authorised(source({ fresh: () => Promise.resolve(null) }), send)(post());
    expect(response.status).toBe(401);
    expect(times).toBe(0);
  });
});
