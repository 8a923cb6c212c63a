// Keys that move a ball or a stone.

/** What a key does to a handle. Moves are in parts of the figure: to the right of the screen, and up. */
export type KeyAction = { kind: "move"; right: number; up: number } | { kind: "clear" };

const STEP = 0.05;
const FINE_STEP = 0.01;
const ARROWS: Record<string, readonly [right: number, up: number]> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, 1],
  ArrowDown: [0, -1],
};

/** What a key does, or null when it is none of ours: browser shortcuts stay what they are. */
export function keyAction(event: Pick<KeyboardEvent, "key" | "shiftKey" | "ctrlKey" | "altKey" | "metaKey">): KeyAction | null {
  if (event.ctrlKey || event.altKey || event.metaKey) {
    return null;
  }
  if (event.key === "Delete" || event.key === "Backspace") {
    return { kind: "clear" };
  }
  const arrow = Object.hasOwn(ARROWS, event.key) ? ARROWS[event.key] : undefined;
  const step = event.shiftKey ? FINE_STEP : STEP;
  return arrow === undefined ? null : { kind: "move", right: arrow[0] * step, up: arrow[1] * step };
}
