// Checks one answer against its question, with the limits of the server.

import { item, member, type Problems } from "./problems";
import { lengthOf } from "./texts";
import type { Anchor, Placement, PlacementValue, Signifier, SignifierKind } from "./types";

/** Most characters of a text answer. */
export const MAX_ANSWER = 20_000;

const LOWEST_SHARE = -0.005;
const SUM_TOLERANCE = 0.02 + 1e-9;
/** Members that the value of each kind may have; the first is required. */
const MEMBERS: Record<SignifierKind, (keyof PlacementValue)[]> = {
  triad: ["shares", "placement"],
  dyad: ["position"],
  stones: ["stones"],
  scale: ["point"],
  choice: ["options"],
  text: ["text"],
};
const ALL_MEMBERS = Object.values(MEMBERS).flat();

/** Adds what is wrong with an answer at `path`. */
export function checkPlacement(signifier: Signifier, placement: Placement, path: string, problems: Problems): void {
  const { state, value, rotation } = placement;
  const at = member(path, "value");
  if (rotation != null && !(Number.isInteger(rotation) && inRange(rotation, 0, 2))) {
    problems.add(member(path, "rotation"), "outOfRange");
  }
  if (state === "answered") {
    if (value == null) {
      problems.add(at, "required");
    } else {
      checkValue(signifier, value, at, problems);
    }
    return;
  }
  if (value != null) {
    problems.add(at, "unexpectedValue");
  }
  if ((state === "unknown" || state === "declined") && !signifier.allow?.includes(state)) {
    problems.add(member(path, "state"), "stateNotOffered");
  }
}

function checkValue(signifier: Signifier, value: PlacementValue, path: string, problems: Problems): void {
  const wanted = MEMBERS[signifier.kind];
  for (const name of ALL_MEMBERS) {
    if (value[name] != null && !wanted.includes(name)) {
      problems.add(member(path, name), "wrongKind");
    }
  }
  const main = wanted[0];
  if (main !== undefined && value[main] == null) {
    problems.add(member(path, main), "required");
    return;
  }
  checkShares(value, path, problems);
  checkStones(signifier, value, path, problems);
  checkOptions(signifier, value, path, problems);
  if (value.position != null && !inRange(value.position, 0, 1)) {
    problems.add(member(path, "position"), "outOfRange");
  }
  if (signifier.kind === "scale" && value.point != null && !has(signifier.points, value.point)) {
    problems.add(member(path, "point"), "unknownOption");
  }
  if (value.text != null && lengthOf(value.text) > MAX_ANSWER) {
    problems.add(member(path, "text"), "tooLong");
  }
}

function checkShares(value: PlacementValue, path: string, problems: Problems): void {
  if (value.shares != null) {
    const at = member(path, "shares");
    if (value.shares.length !== 3) {
      problems.add(at, value.shares.length < 3 ? "tooShort" : "tooLong");
      return;
    }
    value.shares.forEach((share, i) => {
      if (!inRange(share, LOWEST_SHARE, 1 - LOWEST_SHARE)) {
        problems.add(item(at, i), "outOfRange");
      }
    });
    const sum = value.shares.reduce((a, b) => a + b, 0);
    if (!(Math.abs(sum - 1) <= SUM_TOLERANCE)) {
      problems.add(at, "sharesSum");
    }
  }
  for (const axis of ["x", "y"] as const) {
    if (value.placement != null && !inRange(value.placement[axis], -0.1, 1.1)) {
      problems.add(member(member(path, "placement"), axis), "outOfRange");
    }
  }
}

function checkStones(signifier: Signifier, value: PlacementValue, path: string, problems: Problems): void {
  const at = member(path, "stones");
  const seen = new Set<string>();
  checkCount(value.stones, 50, at, problems);
  (value.stones ?? []).forEach((stone, i) => {
    if (!has(signifier.stones, stone.key)) {
      problems.add(member(item(at, i), "key"), "unknownOption");
    } else if (seen.has(stone.key)) {
      problems.add(member(item(at, i), "key"), "duplicateOption");
    }
    seen.add(stone.key);
    for (const axis of ["x", "y"] as const) {
      if (!inRange(stone[axis], 0, 1)) {
        problems.add(member(item(at, i), axis), "outOfRange");
      }
    }
  });
}

function checkOptions(signifier: Signifier, value: PlacementValue, path: string, problems: Problems): void {
  const at = member(path, "options");
  const seen = new Set<string>();
  checkCount(value.options, signifier.multiple === true ? 200 : 1, at, problems);
  (value.options ?? []).forEach((key, i) => {
    if (!has(signifier.options, key)) {
      problems.add(item(at, i), "unknownOption");
    } else if (seen.has(key)) {
      problems.add(item(at, i), "duplicateOption");
    }
    seen.add(key);
  });
}

function checkCount(list: unknown[] | null | undefined, most: number, path: string, problems: Problems): void {
  if (list?.length === 0) {
    problems.add(path, "tooShort");
  } else if (list != null && list.length > most) {
    problems.add(path, "tooLong");
  }
}

function has(anchors: Anchor[] | undefined, key: string): boolean {
  return (anchors ?? []).some((anchor) => anchor.key === key);
}

/** Written so that what is not a number is out of range. */
function inRange(value: number, least: number, most: number): boolean {
  return value >= least && value <= most;
}
