// Suggestions for a story: what to replace, by what, everywhere it occurs. Nothing is replaced by itself.

import { aliasesFor, type Memory, peopleOf, written } from "./fictional";
import { find, type Kind } from "./find";

/** One thing to replace wherever it occurs. */
export interface Suggestion {
  text: string;
  kind: Kind;
  /** How often it occurs in title and text. */
  count: number;
  /** What could stand there. */
  proposal: string;
}

/** A title and a text. */
export interface Written {
  title: string;
  text: string;
}

/** What stands for everything that is no name of a person, such as `[date]`, by kind. */
export type Placeholders = Record<Exclude<Kind, "name"> | "place", string>;

const CALLED = /(?:meneer|mevrouw|mevr\.?|mw\.?|dhr\.?|heer|dokter|dr\.?|mr\.?|mrs\.?|ms\.?|miss|mister)\s$/i;
/** What follows these is where somebody is, and hardly ever who. */
const WHERE = /(?:^|[^\p{L}])(?:in|te|uit|vanuit)\s$/iu;

/**
 * What looks as if it could identify somebody in a story, each thing once, in the order of the text. `known` are words that
 * may stay, among them names that were put in. Names of one person get one made-up name, which `memory` keeps.
 */
export function suggest(
  story: Written,
  seed: string,
  known: ReadonlySet<string>,
  placeholders: Placeholders,
  memory: Memory = new Map(),
): Suggestion[] {
  const whole = `${story.title}\n${story.text}`;
  const found = find(whole, known);
  const once = found.filter((one, index) => found.findIndex((other) => other.text === one.text) === index);
  const names = once.filter((one) => one.kind === "name");
  const texts = names.map((one) => one.text);
  const people = peopleOf(texts);
  const aliases = aliasesFor(texts, people, seed, `${whole}\n${[...known].join("\n")}`, memory);
  return once.map((one) => {
    const { text, kind } = one;
    const count = found.filter((other) => other.text === text).length;
    if (kind !== "name") return { text, kind, count, proposal: placeholders[kind] };
    const before = whole.slice(Math.max(0, one.start - 10), one.start);
    if (WHERE.test(before)) return { text, kind, count, proposal: placeholders.place };
    const alias = aliases.get(people[names.indexOf(one)] ?? 0);
    const isCalled = CALLED.test(before);
    return { text, kind, count, proposal: alias ? written(text, alias, isCalled) : "" };
  });
}

/**
 * The story with all that was found as `from` replaced; not where it is part of something longer that was found: `Jan` in
 * `Jan de Vries` goes with that.
 */
export function replaced(story: Written, from: string, to: string, known: ReadonlySet<string>): Written {
  const whole = `${story.title}\n${story.text}`;
  const places = find(whole, known).filter((one) => one.text === from);
  const within = (begin: number, end: number): string => {
    const here = places.filter((one) => one.start >= begin && one.end <= end);
    const pieces = here.map((one, index) => whole.slice(here[index - 1]?.end ?? begin, one.start) + to);
    return pieces.join("") + whole.slice(here.at(-1)?.end ?? begin, end);
  };
  return { title: within(0, story.title.length), text: within(story.title.length + 1, whole.length) };
}
