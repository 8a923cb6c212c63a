// Names for people in stories: short, of several backgrounds, and as far as possible for women and men alike.

/** First names. */
export const firstNames = [
  "Noor", "Deniz", "Sam", "Nour", "Ola", "Robin", "Amal", "Charlie", "Derya", "Jip", "Salam", "Kamil", "Alex", "Umut", "Bo",
  "Samar", "Sasza", "Jamie", "Evren", "Luca", "Ihsan", "Maja", "Riley", "Ada", "Sterre", "Rida", "Zosia", "Morgan", "Çınar",
  "Mees", "Yasmin", "Alka", "Casey", "Umay", "Fenna", "Karam", "Nika", "Taylor", "Yağmur", "Pim",
] as const;

/** Family names. */
export const familyNames = [
  "Visser", "Kaya", "Haddad", "Lis", "Green", "Mulder", "Deniz", "Saleh", "Nowak", "Brown", "Bakker", "Demir", "Mansour",
  "Zając", "Hill", "Kuiper", "Yıldız", "Nasser", "Wrona", "Field", "Smit", "Aydın", "Khalil", "Sowa", "Wood",
] as const;

/** Somebody's name in the story that is told on. */
export interface Alias {
  first: string;
  family: string;
}

/** Words of names that say nothing about who it is. */
const PARTICLES = new Set("de den der het 't ten ter van von le la el al ben bin ibn abu da di dos du st".split(" "));

/** The parts of a name that tell who it is, in small letters: `Jan de Vries` gives `jan`, `vries`. */
export function partsOf(name: string): string[] {
  return name.toLowerCase().split(/\s+/).filter((part) => part !== "" && !PARTICLES.has(part));
}

/**
 * Groups names that are of the same person: names that share a part, directly or through another name. The answer has the
 * number of the person for each name, in the order of the names.
 */
export function peopleOf(names: readonly string[]): number[] {
  const people = names.map((_, index) => index);
  const parts = names.map((name) => new Set(partsOf(name)));
  const join = (from: number, to: number): void => {
    people.forEach((person, index) => {
      if (person === from) people[index] = to;
    });
  };
  for (let a = 0; a < names.length; a += 1) {
    for (let b = 0; b < a; b += 1) {
      const shares = [...(parts[a] ?? [])].some((part) => parts[b]?.has(part));
      const [from, to] = [people[a], people[b]];
      if (shares && from !== undefined && to !== undefined) join(Math.max(from, to), Math.min(from, to));
    }
  }
  return people;
}

/** The made-up names that people of a story got, by the parts of their names: a person keeps the name while one works. */
export type Memory = Map<string, Alias>;

/**
 * A made-up name for each person: always the same for the same story, never one that is in the text already, and never the
 * same for two people. `names` and `people` go together; `seed` is the id of the story; `memory` is read and filled.
 */
export function aliasesFor(names: readonly string[], people: readonly number[], seed: string, text: string, memory: Memory): Map<number, Alias> {
  const start = [...seed].reduce((sum, letter) => (sum * 31 + (letter.codePointAt(0) ?? 0)) % 100_003, 7);
  const lower = text.toLowerCase();
  const aliases = new Map<number, Alias>();
  for (const person of new Set(people)) {
    const parts = names.filter((_, index) => people[index] === person).flatMap(partsOf);
    const taken = [...memory.values()];
    const free = (list: readonly string[], of: keyof Alias): string => {
      const left = list.filter((name) => !lower.includes(name.toLowerCase()) && !taken.some((alias) => alias[of] === name));
      return left[start % Math.max(1, left.length)] ?? "N.";
    };
    const kept = parts.map((part) => memory.get(part)).find((alias) => alias !== undefined);
    const alias = kept ?? { first: free(firstNames, "first"), family: free(familyNames, "family") };
    parts.forEach((part) => memory.set(part, alias));
    aliases.set(person, alias);
  }
  return aliases;
}

/** How a name is written with the alias of its person: as a family name after a salutation, in full, or the first name. */
export function written(name: string, alias: Alias, isCalled: boolean): string {
  const begins = name.split(/\s+/)[0]?.toLowerCase() ?? "";
  if (isCalled || PARTICLES.has(begins)) return alias.family;
  return partsOf(name).length > 1 ? `${alias.first} ${alias.family}` : alias.first;
}
