// Lines and taps on a picture, by pointer events, in the units of the picture.

import type { Attachment } from "svelte/attachments";
import type { Point } from "./picture";

/** What happens to the picture. */
export interface StrokeHandlers {
  width: () => number;
  height: () => number;
  /** A line under way, `isDone` when it is let go; null when it is broken off. */
  draw: () => ((line: Point[] | null, isDone: boolean) => void) | undefined;
  tap: () => ((point: Point) => void) | undefined;
  /** Whether a finger draws; else it scrolls the page. */
  isTouch: () => boolean;
}

/** A pointer that moves less than this (CSS pixels) taps. */
const TAP_RADIUS = 5;

interface Stroke {
  id: number;
  x: number;
  y: number;
  line: Point[];
  isDrawing: boolean;
}

/** Listens on the element that has the picture's shape. */
export function strokes(handlers: StrokeHandlers): Attachment<HTMLElement> {
  return (board) => {
    let stroke: Stroke | null = null;

    const at = (event: PointerEvent): Point => {
      const box = board.getBoundingClientRect();
      return {
        x: ((event.clientX - box.left) / Math.max(1, box.width)) * handlers.width(),
        y: ((event.clientY - box.top) / Math.max(1, box.height)) * handlers.height(),
      };
    };
    const down = (event: PointerEvent): void => {
      if (stroke !== null || !event.isPrimary || event.button !== 0) return;
      stroke = { id: event.pointerId, x: event.clientX, y: event.clientY, line: [at(event)], isDrawing: false };
      if (event.pointerType !== "touch" || handlers.isTouch()) board.setPointerCapture(event.pointerId);
    };
    const move = (event: PointerEvent): void => {
      const draw = handlers.draw();
      if (stroke === null || event.pointerId !== stroke.id || draw === undefined) return;
      if (event.pointerType === "touch" && !handlers.isTouch()) return;
      stroke.isDrawing ||= Math.hypot(event.clientX - stroke.x, event.clientY - stroke.y) > TAP_RADIUS;
      if (!stroke.isDrawing) return;
      stroke.line.push(at(event));
      draw([...stroke.line], false);
    };
    const up = (event: PointerEvent): void => {
      if (stroke === null || event.pointerId !== stroke.id) return;
      const { line, isDrawing, x, y } = stroke;
      stroke = null;
      if (isDrawing) handlers.draw()?.(line, true);
      else if (Math.hypot(event.clientX - x, event.clientY - y) <= TAP_RADIUS) handlers.tap()?.(at(event));
    };
    const stop = (event: PointerEvent): void => {
      if (stroke === null || event.pointerId !== stroke.id) return;
      stroke = null;
      handlers.draw()?.(null, true);
    };

    const listeners = { pointerdown: down, pointermove: move, pointerup: up, pointercancel: stop };
    const entries = Object.entries(listeners) as [keyof typeof listeners, (event: PointerEvent) => void][];
    entries.forEach(([name, listener]) => board.addEventListener(name, listener));
    return () => entries.forEach(([name, listener]) => board.removeEventListener(name, listener));
  };
}
