// The first lines of a story.

/** The beginning of a text, cut after a whole word at about so many characters, with `…` when there is more. */
export function opening(text: string, length: number): string {
  const line = text.trim().replace(/\s+/gu, " ");
  const letters = Array.from(line);
  if (letters.length <= length) return line;
  const cut = letters.slice(0, length).join("");
  const space = cut.lastIndexOf(" ");
  // A language without spaces is cut where it is.
  return `${space > length / 2 ? cut.slice(0, space) : cut}…`;
}
