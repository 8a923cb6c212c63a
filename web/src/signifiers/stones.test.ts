import { describe, expect, it } from "vitest";
import { keyAction } from "./keys";
import { inHand, laid, without } from "./stones";

const order = ["body", "mind", "contact"];

describe("stones", () => {
  it("lie in the order of the framework, each once, on the canvas", () => {
    const one = laid([], "mind", { x: 0.123456, y: 1.3 }, order);
    const two = laid(one, "body", { x: 0.5, y: 0.5 }, order);
    expect(two).toEqual([{ key: "body", x: 0.5, y: 0.5 }, { key: "mind", x: 0.1235, y: 1 }]);
    expect(laid(two, "mind", { x: 0, y: 0 }, order)).toEqual([{ key: "body", x: 0.5, y: 0.5 }, { key: "mind", x: 0, y: 0 }]);
    expect(without(two, "body").map((s) => s.key)).toEqual(["mind"]);
  });

  it("are laid by taps one after the other, unless one was chosen", () => {
    const placed = [{ key: "body", x: 0, y: 0 }];
    expect(inHand([], null, order)).toBe("body");
    expect(inHand(placed, null, order)).toBe("mind");
    expect(inHand(placed, "body", order)).toBe("body");
    expect(inHand(order.map((key) => ({ key, x: 0, y: 0 })), null, order)).toBeNull();
  });
});

describe("keys", () => {
  const plain = { shiftKey: false, ctrlKey: false, altKey: false, metaKey: false };

  it("move by 5 %, with Shift by 1 %, and clear", () => {
    expect(keyAction({ ...plain, key: "ArrowUp" })).toEqual({ kind: "move", right: 0, up: 0.05 });
    expect(keyAction({ ...plain, key: "ArrowLeft", shiftKey: true })).toEqual({ kind: "move", right: -0.01, up: 0 });
    expect(keyAction({ ...plain, key: "Delete" })).toEqual({ kind: "clear" });
    expect(keyAction({ ...plain, key: "Backspace" })).toEqual({ kind: "clear" });
  });

  it("leave the browser its own", () => {
    expect(keyAction({ ...plain, key: "ArrowLeft", altKey: true })).toBeNull();
    expect(keyAction({ ...plain, key: "Tab" })).toBeNull();
    expect(keyAction({ ...plain, key: "constructor" })).toBeNull();
  });
});
