import { cleanup, fireEvent, render } from "@testing-library/svelte";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { reference } from "../framework/reference.testing";
import type { Placement } from "../framework/types";
import { signifierWords } from "../i18n/signifiers";
import Question from "./Question.svelte";

const framework = reference;
const remark = { key: "remark", kind: "text", question: { nl: "Nog iets?", en: "Anything else?" } } as const;

/** Shows a question whose answer comes back, as the form does. */
function ask(key: string, options: { language?: "nl" | "en" | "ar"; placement?: Placement; perspective?: string } = {}) {
  const signifier = [...framework.signifiers, remark].find((s) => s.key === key);
  if (signifier === undefined) {
    throw new Error(`no question ${key}`);
  }
  const { language = "en", placement = null, perspective = "candidate" } = options;
  const answers: (Placement | null)[] = [];
  const common = { signifier, perspective, language, framework, words: signifierWords[language] };
  const onchange = async (next: Placement | null): Promise<void> => {
    answers.push(next);
    await view.rerender({ placement: next });
  };
  const view = render(Question, { props: { ...common, placement, onchange } });
  return { ...view, last: () => answers.at(-1), answers };
}

/** The figure is 200 by 100 pixels, at the top left of the screen. */
beforeEach(() => {
  vi.spyOn(Element.prototype, "getBoundingClientRect").mockImplementation(() => new DOMRect(0, 0, 200, 100));
  Element.prototype.setPointerCapture = () => undefined;
});
afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
});

function surface(container: HTMLElement): Element {
  const found = container.querySelector("[data-grab=surface]");
  if (found === null) {
    throw new Error("no figure");
  }
  return found;
}

async function point(target: Element, name: string, x: number, y: number): Promise<void> {
  const init = { clientX: x, clientY: y, pointerId: 1, isPrimary: true, button: 0, bubbles: true };
  await fireEvent(target, new PointerEvent(name, init));
}

async function tap(container: HTMLElement, x: number, y: number): Promise<void> {
  await point(surface(container), "pointerdown", x, y);
  await point(surface(container), "pointerup", x, y);
}

describe("a triad", () => {
  it("starts unset: the ball waits, nothing is answered, and a screen reader hears so", () => {
    const { container, getAllByRole, answers } = ask("competence");
    expect(container.querySelector(".placed")).toBeNull();
    expect(container.querySelectorAll("[data-ball]").length).toBe(1);
    expect(getAllByRole("slider").map((s) => s.getAttribute("aria-valuetext"))).toEqual(Array(3).fill("Not placed yet"));
    expect(answers).toEqual([]);
  });

  it("is placed by a tap, and says so in words", async () => {
    const { container, last, getByRole } = ask("competence");
    await tap(container, 100, 10);
    expect(last()).toEqual({
      state: "answered", inputMethod: "tap",
      value: { shares: [0.9, 0.05, 0.05], placement: { x: 0.5, y: 0.9 } },
    });
    expect(getByRole("status").textContent).toContain("Almost only the work itself");
  });

  it("is shown mirrored to who reads from the right, and the shares stay with their anchors", async () => {
    const dutch = ask("competence", { language: "nl" });
    await tap(dutch.container, 10, 95);
    expect(dutch.last()?.value?.shares?.[1]).toBeGreaterThan(0.9);
    const arabic = ask("competence", { language: "ar" });
    await tap(arabic.container, 10, 95);
    expect(arabic.last()?.value?.shares?.[2]).toBeGreaterThan(0.9);
  });

  it("says a drag only when it is let go, and forgets one that the phone breaks off or that ends far away", async () => {
    const { container, answers, last } = ask("competence");
    const figure = surface(container);
    await point(figure, "pointerdown", 100, 90);
    await point(figure, "pointermove", 100, 50);
    expect(answers).toEqual([]);
    await point(figure, "pointerup", 100, 50);
    expect(last()).toMatchObject({ inputMethod: "drag", value: { shares: [0.5, 0.25, 0.25] } });
    for (const [name, y] of [["pointercancel", 20], ["pointerup", 400]] as const) {
      await point(figure, "pointerdown", 100, 90);
      await point(figure, "pointermove", 100, y);
      await point(figure, name, 100, y);
    }
    expect(answers.length).toBe(1);
  });

  it("is placed in the middle by the first arrow key, moved by the next, and cleared by Delete", async () => {
    const { getAllByRole, last, getByRole, container } = ask("competence");
    const [handle] = getAllByRole("slider");
    const third = expect.closeTo(1 / 3, 3);
    if (handle === undefined) {
      throw new Error("no handle");
    }
    await fireEvent.keyDown(handle, { key: "ArrowUp" });
    expect(last()).toMatchObject({ inputMethod: "keyboard", value: { shares: [third, third, third] } });
    await fireEvent.keyDown(handle, { key: "ArrowUp" });
    expect(last()?.value?.shares?.[0]).toBeCloseTo(0.3833, 3);
    expect(container.querySelector(".placed.focused")).not.toBeNull();
    expect(handle.getAttribute("aria-valuetext")).toBe("All three about equally");
    expect(getByRole("status").getAttribute("aria-live")).toBe("off");
    await fireEvent.keyDown(handle, { key: "Delete" });
    expect(last()).toBeNull();
  });

  it("can be told in numbers: two of them, and the third follows", async () => {
    const { getAllByRole, last, answers } = ask("competence");
    const fields = getAllByRole("spinbutton", { hidden: true });
    await fireEvent.change(fields[0] as Element, { target: { value: "60" } });
    expect(answers).toEqual([]);
    await fireEvent.change(fields[1] as Element, { target: { value: "30" } });
    expect(last()).toMatchObject({ inputMethod: "number", value: { shares: [0.6, 0.3, 0.1] } });
    expect(fields.map((f) => (f as HTMLInputElement).value)).toEqual(["60", "30", "10"]);
  });
});

describe("a dyad", () => {
  it("moves the way the arrow points, also mirrored, and Home is always the first extreme", async () => {
    const placement: Placement = { state: "answered", value: { position: 0.5 } };
    for (const [language, position] of [["en", 0.55], ["ar", 0.45]] as const) {
      const { getByRole, last, unmount } = ask("culture", { language, placement });
      await fireEvent.keyDown(getByRole("slider"), { key: "ArrowRight" });
      expect(last()?.value?.position).toBe(position);
      await fireEvent.input(getByRole("slider"), { target: { value: "0" } });
      expect(last()?.value?.position).toBe(0);
      unmount();
    }
  });

  it("is the share of the document's right anchor, on whichever side that is shown", async () => {
    const english = ask("culture");
    await tap(english.container, 150, 50);
    const arabic = ask("culture", { language: "ar" });
    await tap(arabic.container, 150, 50);
    expect([english.last()?.value?.position, arabic.last()?.value?.position]).toEqual([0.75, 0.25]);
  });
});

describe("stones", () => {
  it("are laid one after the other by taps; one may be left out", async () => {
    const { container, last } = ask("health");
    await tap(container, 40, 20);
    await tap(container, 100, 75);
    expect(last()?.value?.stones).toEqual([{ key: "body", x: 0.2, y: 0.8 }, { key: "mind", x: 0.5, y: 0.25 }]);
  });

  it("are cleared one by one by a key, and the answer goes with the last of them", async () => {
    const placement: Placement = { state: "answered", value: { stones: [{ key: "mind", x: 0.5, y: 0.5 }] } };
    const { getByRole, last } = ask("health", { placement });
    await fireEvent.keyDown(getByRole("slider", { name: "mind and feelings: from going badly (0) to going well (100)" }), { key: "Delete" });
    expect(last()).toBeNull();
  });
});

describe("lists", () => {
  it("of one take one, of more take more, in the framework's order, and none is no answer", async () => {
    const one = ask("transport");
    await fireEvent.click(one.getByRole("radio", { name: "by bike" }));
    expect(one.last()).toMatchObject({ state: "answered", value: { options: ["bike"] } });
    const more = ask("who-should-hear");
    await fireEvent.click(more.getByRole("checkbox", { name: "the municipality" }));
    await fireEvent.click(more.getByRole("checkbox", { name: "the employer" }));
    expect(more.last()?.value?.options).toEqual(["employer", "municipality"]);
    await fireEvent.click(more.getByRole("checkbox", { name: "the employer" }));
    await fireEvent.click(more.getByRole("checkbox", { name: "the municipality" }));
    expect(more.last()).toBeNull();
  });

  it("with faces still say each in words", () => {
    const { getAllByRole, container } = ask("tone");
    expect(getAllByRole("radio").length).toBe(5);
    expect(container.querySelectorAll("svg").length).toBe(5);
    expect(container.textContent).toContain("neither unpleasant nor pleasant");
  });
});

describe("a text", () => {
  it("is kept without what would get the story refused, and says when there is little room", async () => {
    const { getByRole, last } = ask("remark");
    await fireEvent.input(getByRole("textbox"), { target: { value: "a\0b" } });
    expect(last()).toEqual({ state: "answered", value: { text: "ab" } });
    expect(getByRole("status").textContent).toBe("");
    await fireEvent.input(getByRole("textbox"), { target: { value: "x".repeat(19_900) } });
    expect(getByRole("status").textContent).toBe("Room for 100 more characters");
    await fireEvent.input(getByRole("textbox"), { target: { value: " " } });
    expect(last()).toBeNull();
  });
});

describe("beside an answer", () => {
  it("one may say that it is not about this, and take that back without losing the answer", async () => {
    const placement: Placement = { state: "answered", value: { position: 0.2 }, inputMethod: "tap" };
    const { getByRole, last, container } = ask("culture", { placement });
    const button = getByRole("button", { name: "Not about this" });
    await fireEvent.click(button);
    expect(last()).toEqual({ state: "notApplicable" });
    expect(button.getAttribute("aria-pressed")).toBe("true");
    expect(container.querySelector(".placed")).toBeNull();
    await fireEvent.click(button);
    expect(last()).toEqual(placement);
  });

  it("only the states are offered that the framework allows", () => {
    const names = (key: string) => {
      const { getAllByRole, unmount } = ask(key);
      const found = getAllByRole("button").filter((b) => b.hasAttribute("aria-pressed")).map((b) => b.textContent);
      unmount();
      return found;
    };
    expect(names("culture")).toEqual(["Not about this", "I don't know"]);
    expect(names("money")).toEqual(["Not about this", "Rather not say"]);
  });

  it("the answer can be cleared, and the focus goes back to the figure", async () => {
    const { getByText, last, getAllByRole } = ask("culture", { placement: { state: "answered", value: { position: 0.2 } } });
    await fireEvent.click(getByText("Clear"));
    expect(last()).toBeNull();
    expect(document.activeElement).toBe(getAllByRole("slider")[0]);
  });

  it("texts that are missing in a language keep their own language and direction", () => {
    const { getByRole } = ask("culture", { language: "ar" });
    const heading = getByRole("heading");
    expect([heading.getAttribute("lang"), heading.getAttribute("dir")]).toEqual(["nl", "ltr"]);
    expect(heading.closest("section")?.getAttribute("dir")).toBe("rtl");
  });
});
