// Whether something is on the screen, or nearly: what is not need not be drawn.

import { flushSync } from "svelte";
import type { Attachment } from "svelte/attachments";

/** Tells whether the element is within a screen's reach, and again whenever that changes. On paper everything is. */
export function watched(tell: (isNear: boolean) => void): Attachment<HTMLElement> {
  return (element) => {
    const observer = new IntersectionObserver((entries) => tell(entries.at(-1)?.isIntersecting ?? false), { rootMargin: "150px" });
    observer.observe(element);
    // The page is printed as it is when this is done.
    const print = (): void => flushSync(() => tell(true));
    globalThis.addEventListener("beforeprint", print);
    return () => {
      observer.disconnect();
      globalThis.removeEventListener("beforeprint", print);
    };
  };
}
