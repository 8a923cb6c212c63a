// Taps and drags on a figure, by pointer events. What can be taken hold of has `data-grab`: the name of a handle, or
// `surface` for the figure itself.

import type { Attachment } from "svelte/attachments";
import type { Point } from "./triangle";

/** What happens to the figure. Points are in parts of the surface, x from the left of the screen, y from the bottom. */
export interface DragHandlers {
  /** The box that points are measured in. */
  surface: () => Element | undefined;
  /** Under way; `isAway`: so far from the figure that letting go changes nothing. */
  move: (grabbed: string, point: Point, isAway: boolean) => void;
  /** Let go on or near the figure. */
  drop: (grabbed: string, point: Point) => void;
  /** Pressed and let go at the same place. */
  tap: (grabbed: string, point: Point) => void;
  /** Let go far away, or interrupted by the phone: everything is as it was before. */
  cancel: () => void;
}

/** A finger that moves less than this (CSS pixels) taps. */
const TAP_RADIUS = 6;
/** How far outside the figure (CSS pixels) something may be let go and still is placed at its edge. */
const REACH = 40;

interface Hold {
  id: number;
  grabbed: string;
  start: Point;
  /** From the finger to the middle of what it holds, so that nothing jumps when it is taken. */
  offset: Point;
  isMoving: boolean;
}

/** Listens on the element that has the figure and everything that can be dragged onto it. */
export function dragging(handlers: DragHandlers): Attachment<HTMLElement> {
  return (board) => {
    let hold: Hold | null = null;

    const down = (event: PointerEvent): void => {
      const target = event.target instanceof Element ? event.target.closest("[data-grab]") : null;
      const grabbed = target?.getAttribute("data-grab");
      if (target == null || grabbed == null || hold !== null || !event.isPrimary || event.button !== 0) {
        return;
      }
      hold = { id: event.pointerId, grabbed, start: at(event), offset: offsetOf(target, grabbed, event), isMoving: false };
      board.setPointerCapture(event.pointerId);
    };

    const move = (event: PointerEvent): void => {
      if (hold === null || event.pointerId !== hold.id) {
        return;
      }
      hold.isMoving ||= Math.hypot(event.clientX - hold.start.x, event.clientY - hold.start.y) > TAP_RADIUS;
      const place = hold.isMoving ? placeOf(event, hold, handlers.surface()) : null;
      if (place !== null) {
        handlers.move(hold.grabbed, place.point, place.isAway);
      }
    };

    const up = (event: PointerEvent): void => {
      if (hold === null || event.pointerId !== hold.id) {
        return;
      }
      const held = hold;
      hold = null;
      const place = placeOf(event, held, handlers.surface());
      if (place === null || (held.isMoving && place.isAway)) {
        handlers.cancel();
      } else if (held.isMoving) {
        handlers.drop(held.grabbed, place.point);
      } else {
        handlers.tap(held.grabbed, place.point);
      }
    };

    const stop = (event: PointerEvent): void => {
      if (hold !== null && event.pointerId === hold.id) {
        hold = null;
        handlers.cancel();
      }
    };

    const listeners = { pointerdown: down, pointermove: move, pointerup: up, pointercancel: stop, lostpointercapture: stop };
    const entries = Object.entries(listeners) as [keyof typeof listeners, (event: PointerEvent) => void][];
    entries.forEach(([name, listener]) => board.addEventListener(name, listener));
    return () => entries.forEach(([name, listener]) => board.removeEventListener(name, listener));
  };
}

function at(event: PointerEvent): Point {
  return { x: event.clientX, y: event.clientY };
}

function offsetOf(target: Element, grabbed: string, event: PointerEvent): Point {
  const ball = target.querySelector("[data-ball]") ?? target;
  const box = ball.getBoundingClientRect();
  return grabbed === "surface"
    ? { x: 0, y: 0 }
    : { x: box.left + box.width / 2 - event.clientX, y: box.top + box.height / 2 - event.clientY };
}

function placeOf(event: PointerEvent, hold: Hold, surface: Element | undefined): { point: Point; isAway: boolean } | null {
  const box = surface?.getBoundingClientRect();
  if (box === undefined || box.width === 0 || box.height === 0) {
    return null;
  }
  const x = event.clientX + (hold.isMoving ? hold.offset.x : 0);
  const y = event.clientY + (hold.isMoving ? hold.offset.y : 0);
  const outside = Math.max(box.left - x, x - box.right, box.top - y, y - box.bottom);
  return { point: { x: (x - box.left) / box.width, y: (box.bottom - y) / box.height }, isAway: outside > REACH };
}
