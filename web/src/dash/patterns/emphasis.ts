// Where the weight of a sentence lies: on the answers that it names, not on the questions.

/** A piece of a sentence. */
export interface Piece {
  text: string;
  isStrong: boolean;
}

// An apostrophe inside a word ("auto's") neither opens nor closes.
const QUOTED = /(?<=^|[\s(])'(.+?)'(?=[\s.,:;)]|$)/gu;

/**
 * A sentence in pieces: what it has between quotes is strong, unless it is one of `questions`. The quotes of what is strong
 * are left out.
 */
export function emphasised(sentence: string, questions: readonly string[] = []): Piece[] {
  const pieces: Piece[] = [];
  let from = 0;
  for (const found of sentence.matchAll(QUOTED)) {
    const label = found[1] ?? "";
    if (questions.some((question) => label === question || label.startsWith(`${question}:`))) continue;
    pieces.push({ text: sentence.slice(from, found.index), isStrong: false }, { text: label, isStrong: true });
    from = found.index + found[0].length;
  }
  pieces.push({ text: sentence.slice(from), isStrong: false });
  return pieces.filter((piece) => piece.text !== "");
}

/**
 * The first sentence of a finding, which is its heading, and the rest. What the first one has between brackets at its end (how
 * far it may be off) is the beginning of the rest. Points in numbers and between quotes end nothing.
 */
export function headed(sentence: string): { head: string; rest: string } {
  const end = endOfFirst(sentence);
  const [first, later] = [sentence.slice(0, end), sentence.slice(end).trim()];
  const aside = /^(.*\S)\s*\(([^()]*)\)\.$/u.exec(first);
  if (!aside) return { head: first, rest: later };
  const [, head = "", said = ""] = aside;
  return { head: `${head}.`, rest: `${said.charAt(0).toUpperCase()}${said.slice(1)}. ${later}`.trim() };
}

function endOfFirst(sentence: string): number {
  let isQuoted = false;
  for (let at = 0; at < sentence.length; at += 1) {
    const [before, char, after] = [sentence[at - 1] ?? " ", sentence[at], sentence[at + 1] ?? " "];
    if (char === "'" && /[\s(]/u.test(before)) isQuoted = true;
    else if (char === "'" && /[\s.,:;)]/u.test(after)) isQuoted = false;
    else if (char === "." && !isQuoted && after === " ") return at + 1;
  }
  return sentence.length;
}
