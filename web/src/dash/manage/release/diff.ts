// What changed between two versions of a text, word by word.

/** A piece of text that stayed, came in or went out. */
export interface Piece {
  kind: "same" | "in" | "out";
  text: string;
}

/** Above this many steps a difference is shown as a whole: nobody reads a word-by-word one of that size. */
const MOST = 4_000_000;

/** The pieces that make `after` of `before`, in order. */
export function diff(before: string, after: string): Piece[] {
  const a = before.split(/(\s+)/).filter((word) => word !== "");
  const b = after.split(/(\s+)/).filter((word) => word !== "");
  let head = 0;
  while (head < a.length && head < b.length && a[head] === b[head]) head += 1;
  let tail = 0;
  while (tail < a.length - head && tail < b.length - head && a[a.length - 1 - tail] === b[b.length - 1 - tail]) tail += 1;
  const same = (words: string[]): Piece[] => words.map((text) => ({ kind: "same", text }));
  const middle = changes(a.slice(head, a.length - tail), b.slice(head, b.length - tail));
  return joined([...same(a.slice(0, head)), ...middle, ...same(tail === 0 ? [] : a.slice(-tail))]);
}

/** The longest common words stay; what is around them went out or came in. */
function changes(a: string[], b: string[]): Piece[] {
  const out = (words: string[]): Piece[] => words.map((text) => ({ kind: "out", text }));
  const come = (words: string[]): Piece[] => words.map((text) => ({ kind: "in", text }));
  if (a.length * b.length > MOST || a.length === 0 || b.length === 0) {
    return [...out(a), ...come(b)];
  }
  const width = b.length + 1;
  const longest = new Uint32Array((a.length + 1) * width);
  const at = (i: number, j: number): number => longest[i * width + j] ?? 0;
  for (let i = a.length - 1; i >= 0; i -= 1) {
    for (let j = b.length - 1; j >= 0; j -= 1) {
      longest[i * width + j] = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const pieces: Piece[] = [];
  let [i, j] = [0, 0];
  while (i < a.length && j < b.length) {
    if (a[i] === b[j]) {
      pieces.push({ kind: "same", text: a[i] ?? "" });
      i += 1;
      j += 1;
    } else if (at(i + 1, j) >= at(i, j + 1)) {
      pieces.push({ kind: "out", text: a[i] ?? "" });
      i += 1;
    } else {
      pieces.push({ kind: "in", text: b[j] ?? "" });
      j += 1;
    }
  }
  return [...pieces, ...out(a.slice(i)), ...come(b.slice(j))];
}

function joined(pieces: readonly Piece[]): Piece[] {
  return pieces.reduce<Piece[]>((all, piece) => {
    const last = all.at(-1);
    if (last?.kind === piece.kind) last.text += piece.text;
    else all.push({ ...piece });
    return all;
  }, []);
}
