// Stones on a canvas: which lie where, in the order of the framework.

import type { StonePoint } from "../framework/types";
import { type Point, round4 } from "./triangle";

/** Where the first arrow key puts a stone. */
export const MIDDLE: Point = { x: 0.5, y: 0.5 };

/** The stones with one of them laid at a point (0 to 1, origin bottom left; the nearest edge when outside), in 4 decimals. */
export function laid(stones: readonly StonePoint[], key: string, at: Point, order: readonly string[]): StonePoint[] {
  const all = [...without(stones, key), { key, x: round4(at.x), y: round4(at.y) }];
  return all.sort((a, b) => order.indexOf(a.key) - order.indexOf(b.key));
}

/** The stones without one. */
export function without(stones: readonly StonePoint[], key: string): StonePoint[] {
  return stones.filter((stone) => stone.key !== key);
}

/**
 * The stone that a tap on the canvas lays: the one that was chosen, else the first that still waits; null when all lie and
 * none was chosen.
 */
export function inHand(stones: readonly StonePoint[], chosen: string | null, order: readonly string[]): string | null {
  const waiting = order.filter((key) => !stones.some((stone) => stone.key === key));
  return chosen !== null && order.includes(chosen) ? chosen : (waiting[0] ?? null);
}
