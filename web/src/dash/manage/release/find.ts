// What in a story looks as if it could identify somebody: names, numbers, addresses, dates. Own small rules for Dutch and
// English; they miss things and see too much, so they only suggest: a person decides.

/** What something looks like. */
export type Kind = "name" | "email" | "phone" | "bsn" | "account" | "address" | "date" | "number";

/** Something found, by its place in the text (UTF-16 units, `end` not included). */
export interface Found {
  start: number;
  end: number;
  text: string;
  kind: Kind;
}

const MONTHS =
  "januari|februari|maart|april|mei|juni|juli|augustus|september|oktober|november|december|" +
  "january|february|march|may|june|july|august|october";
const STREETS = "straat|laan|weg|plein|gracht|kade|dijk|singel|steeg|dreef|hof|plantsoen|boulevard";

/** Patterns in the order in which they win. */
const PATTERNS: readonly (readonly [Kind, RegExp])[] = [
  ["email", /[\p{L}\p{N}._%+-]+@[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+/gu],
  ["account", /\b[A-Z]{2}\d{2} ?[A-Z]{4}(?: ?\d{2,4}){3,5}\b/g],
  ["date", /\b\d{1,2}[-/.]\d{1,2}[-/.](?:\d{4}|\d{2})\b|\b\d{4}-\d{2}-\d{2}\b/g],
  ["date", new RegExp(`\\b\\d{1,2}(?:st|nd|rd|th)? (?:of )?(?:${MONTHS})\\b(?:,? \\d{4})?`, "gi")],
  ["date", new RegExp(`\\b(?:${MONTHS}) \\d{1,2}(?:st|nd|rd|th)?\\b(?:,? \\d{4})?`, "gi")],
  ["address", new RegExp(`\\p{Lu}[\\p{L}'-]*(?: \\p{L}[\\p{L}'-]*)?(?:${STREETS})(?: \\d+ ?[a-z]?)?(?![\\p{L}\\d])`, "gu")],
  ["address", /\b\d+[a-z]? (?:\p{Lu}[\p{L}'-]+ ){1,3}(?:Street|Road|Avenue|Lane|Square|Drive|Close|Court|Way)\b/gu],
  ["address", /\b[1-9]\d{3} ?[A-Z]{2}\b/g],
  ["phone", /(?<![\d+])(?:\+|00)\d{1,3}(?:[ -]?(?:\(0\))?[ -]?\d){7,11}(?!\d)/g],
  ["phone", /(?<!\d)0(?:[ -]?\d){9}(?!\d)/g],
  ["number", /(?<![\d.,])\d(?:[ .]?\d){5,}(?![\d])/g],
];

/** Everything in a text that looks like something about a person, from begin to end. `known`: names that may stay. */
export function find(text: string, known: ReadonlySet<string> = new Set()): Found[] {
  const found: Found[] = [];
  const isFree = (start: number, end: number): boolean => found.every((one) => end <= one.start || start >= one.end);
  for (const [kind, pattern] of PATTERNS) {
    for (const match of text.matchAll(pattern)) {
      const end = match.index + match[0].length;
      if (isFree(match.index, end)) {
        found.push({ start: match.index, end, text: match[0], kind: kind === "number" && isBsn(match[0]) ? "bsn" : kind });
      }
    }
  }
  // What is an address is not the end of a name: `meneer Jansen van de Kerkstraat 12`.
  const rest = found.reduce((left, { start, end }) => left.slice(0, start) + "0".repeat(end - start) + left.slice(end), text);
  return [...found, ...names(rest)].filter((one) => !known.has(one.text)).sort((a, b) => a.start - b.start);
}

/** Whether digits could be a Dutch citizen service number: eight or nine digits that pass the eleven test. */
export function isBsn(text: string): boolean {
  const digits = text.replace(/\D/g, "").padStart(9, "0");
  if (digits.length !== 9 || /^0+$/.test(digits) || text.replace(/\D/g, "").length < 8) {
    return false;
  }
  const sum = [...digits].reduce((total, digit, index) => total + Number(digit) * (index === 8 ? -1 : 9 - index), 0);
  return sum % 11 === 0;
}

const SALUTATIONS = new Set(
  "meneer mevrouw mevr mw dhr heer juf meester dokter dr drs ing ir prof oom tante opa oma mr mrs ms miss mister sir uncle aunt".split(" "),
);
/** Words between the names of one person. */
const PARTICLES = new Set("de den der het 't ten ter van von le la el al ben bin ibn abu da di dos du st".split(" "));
/** Written with a capital, and not the name of somebody. */
const ORDINARY = new Set(
  ("i i'm i'll i'd i've monday tuesday wednesday thursday friday saturday sunday january february march april may june july " +
    "august september october november december dutch english arabic turkish polish ukrainian french german spanish " +
    "nederlands engels arabisch turks pools oekraïens frans duits spaans nederland nederlandse nederlander nederlanders " +
    "u uw god allah christmas easter ramadan kerst pasen suikerfeest internet facebook whatsapp youtube google tv ok").split(" "),
);

/** Words that begin many sentences, so that a name may follow them: `Toen Fatima kwam`. */
const STARTERS = new Set(
  ("ik hij zij ze we wij jij je jullie hun het de een die dat dit deze toen ook en maar want of als na bij met van voor door op in om " +
    "nu daarna later gisteren vandaag morgen mijn zijn haar ons onze er daar hier wat wie waar waarom hoe niet soms nooit altijd eerst " +
    "dus omdat terwijl tot sinds zonder zelfs alleen volgens tegen naar aan uit over he she it they you my his her our their the a an this " +
    "that these those then when while and but or so because if after before with without from for at by on to as now later yesterday today " +
    "tomorrow there here what who where why how not sometimes never always first only also even since until about").split(" "),
);

interface Word {
  text: string;
  start: number;
  /** Whether a capital says nothing here: the word begins a sentence. */
  isFirst: boolean;
}

/** Words with a capital where none is needed, or after a salutation; several in a row are one name. */
function names(text: string): Found[] {
  const words = wordsOf(text);
  const found: Found[] = [];
  for (let at = 0; at < words.length; at += 1) {
    const end = nameFrom(words, at);
    const last = words[end - 1];
    const first = words[at];
    if (end > at && first && last) {
      const stop = last.start + last.text.length;
      found.push({ start: first.start, end: stop, text: text.slice(first.start, stop), kind: "name" });
      at = end - 1;
    }
  }
  return [...found, ...sameAtBegin(words, found)];
}

/** Where a name that begins at this word ends; the same place when none begins here. */
function nameFrom(words: readonly Word[], at: number): number {
  const first = words[at];
  const before = words[at - 1];
  if (first === undefined || (first.isFirst && STARTERS.has(first.text.toLowerCase()))) {
    return at;
  }
  const isCalled = before !== undefined && isNext(before, first) && SALUTATIONS.has(before.text.toLowerCase());
  if (!isName(first) && !(isCalled && isCapital(first.text) && !ORDINARY.has(first.text.toLowerCase())) && !isParticleOfName(words, at, isCalled)) {
    return at;
  }
  let end = at + 1;
  for (let next = end; next < words.length; next += 1) {
    const word = words[next];
    const previous = words[next - 1];
    if (!word || !previous || !isNext(previous, word) || word.isFirst) break;
    if (isName(word)) end = next + 1;
    else if (!PARTICLES.has(word.text.toLowerCase())) break;
  }
  // One word that begins a sentence is no name by its capital alone.
  return first.isFirst && end === at + 1 && !isCalled ? at : end;
}

/** `de Vries` or `van den Berg` after `meneer`. */
function isParticleOfName(words: readonly Word[], at: number, isCalled: boolean): boolean {
  const rest = words.slice(at, at + 4);
  const name = rest.findIndex((word) => !PARTICLES.has(word.text.toLowerCase()));
  return isCalled && name > 0 && isCapital(rest[name]?.text ?? "");
}

/** A name that is known from elsewhere in the text also begins sentences. */
function sameAtBegin(words: readonly Word[], found: readonly Found[]): Found[] {
  const known = new Set(found.flatMap((name) => name.text.split(" ")).filter((part) => isCapital(part)));
  const isThere = (word: Word): boolean => found.some((name) => word.start >= name.start && word.start < name.end);
  return words
    .filter((word) => word.isFirst && known.has(word.text) && !isThere(word))
    .map((word) => ({ start: word.start, end: word.start + word.text.length, text: word.text, kind: "name" as const }));
}

function wordsOf(text: string): Word[] {
  return [...text.matchAll(/\p{L}[\p{L}\p{M}'’-]*/gu)].map((match) => {
    const before = text.slice(0, match.index).replace(/[\s"'“”‘’(«\[]+$/u, "");
    const gap = text.slice(before.length, match.index);
    const isFirst = before === "" || /[.!?:…;]$/.test(before) || /\n/.test(gap) || /["“‘«]/.test(gap);
    const isShort = before !== "" && /\.$/.test(before) && SALUTATIONS.has(/(\p{L}+)\.$/u.exec(before)?.[1]?.toLowerCase() ?? "");
    return { text: match[0].replace(/['’]s?$/u, ""), start: match.index, isFirst: isFirst && !isShort };
  });
}

/** Whether nothing but a space (or the point of an abbreviation) is between two words. */
function isNext(a: Word, b: Word): boolean {
  const gap = b.start - a.start - a.text.length;
  return gap === 1 || (gap === 2 && SALUTATIONS.has(a.text.toLowerCase()));
}

function isCapital(text: string): boolean {
  return /^\p{Lu}/u.test(text);
}

/** A capital and then a small letter; words in capitals only are mostly of organisations, as in UWV. */
function isName(word: Word): boolean {
  return /^\p{Lu}[\p{L}'’-]*\p{Ll}/u.test(word.text) && !ORDINARY.has(word.text.toLowerCase()) && !SALUTATIONS.has(word.text.toLowerCase());
}
