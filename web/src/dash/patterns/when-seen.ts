// Does something when an element comes near what is seen, once: pictures and stories are asked for when they are needed.

import type { Attachment } from "svelte/attachments";

/** Calls `seen` once, when the element is on the screen or nearly so. */
export function whenSeen(seen: () => void): Attachment<Element> {
  return (element) => {
    if (typeof IntersectionObserver === "undefined") return void seen();
    const watch = new IntersectionObserver(
      (entries) => {
        if (!entries.some((entry) => entry.isIntersecting)) return;
        watch.disconnect();
        seen();
      },
      { rootMargin: "300px" },
    );
    watch.observe(element);
    return () => watch.disconnect();
  };
}
