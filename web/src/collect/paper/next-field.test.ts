import { afterEach, describe, expect, it } from "vitest";
import { enterGoesOn, nextField } from "./next-field";

function form(html: string): HTMLElement {
  const made = document.createElement("div");
  made.innerHTML = html;
  made.onkeydown = (event) => enterGoesOn(event, made);
  document.body.append(made);
  return made;
}

function at(made: HTMLElement, id: string): HTMLElement {
  const found = made.querySelector<HTMLElement>(`#${id}`);
  if (!found) throw new Error(`no field ${id}`);
  return found;
}

function press(field: HTMLElement, init: KeyboardEventInit): KeyboardEvent {
  field.focus();
  const event = new KeyboardEvent("keydown", { bubbles: true, cancelable: true, ...init });
  field.dispatchEvent(event);
  return event;
}

afterEach(() => document.body.replaceChildren());

describe("Enter in a form with many fields", () => {
  it("goes to the next field, and passes one that is off", () => {
    const made = form(`<input id="a"><input id="b" disabled><select id="c"></select>`);
    press(at(made, "a"), { key: "Enter" });
    expect(document.activeElement?.id).toBe("c");
  });

  it("takes radio buttons of one group as one field, entered where it is ticked", () => {
    const group = `<input type="radio" name="g" id="g1"><input type="radio" name="g" id="g2" checked>`;
    const made = form(`<input id="a">${group}<input id="b">`);
    expect(nextField(made, at(made, "a"))?.id).toBe("g2");
    expect(nextField(made, at(made, "g1"))?.id).toBe("b");
  });

  it("stays an Enter in a text of several lines, on a button, and while a character is composed", () => {
    const made = form(`<textarea id="t"></textarea><button id="b"></button><input id="i"><input id="j">`);
    for (const [id, init] of [["t", {}], ["b", {}], ["i", { isComposing: true }]] as const) {
      expect(press(at(made, id), { key: "Enter", ...init }).defaultPrevented).toBe(false);
      expect(document.activeElement?.id).toBe(id);
    }
  });

  it("leads to nothing after the last field", () => {
    const made = form(`<input id="a">`);
    expect(nextField(made, at(made, "a"))).toBeNull();
  });
});
