import { describe, expect, it } from "vitest";
import { aliasesFor, familyNames, firstNames, peopleOf, written } from "./fictional";
import { replaced, suggest } from "./suggest";

const placeholders = { email: "[e]", phone: "[t]", bsn: "[b]", account: "[r]", address: "[a]", date: "[d]", number: "[n]", place: "[p]" };
const ask = (text: string, known: string[] = [], title = "", seed = "story-1") => suggest({ title, text }, seed, new Set(known), placeholders);
const proposalFor = (found: ReturnType<typeof ask>, text: string) => found.find((one) => one.text === text)?.proposal ?? "";

describe("the same person in one story", () => {
  const found = ask("Ik sprak Jan de Vries. Later belde Jan weer, en meneer De Vries zei niets. Toen kwam Amina.");

  it("gets the same name everywhere: first name, whole name, family name", () => {
    const [first, family] = proposalFor(found, "Jan de Vries").split(" ");
    expect(proposalFor(found, "Jan")).toBe(first);
    expect(proposalFor(found, "De Vries")).toBe(family);
  });

  it("does not get the name of somebody else", () => {
    expect(proposalFor(found, "Amina")).not.toBe(proposalFor(found, "Jan"));
  });
});

describe("a place", () => {
  it("is not given the name of a person", () => {
    const found = ask("Toen kwam Amina. Zij woont in Zwolle, en werkt te Kampen. Daarna belde Martin Piet.");
    expect(proposalFor(found, "Zwolle")).toBe("[p]");
    expect(proposalFor(found, "Kampen")).toBe("[p]");
    expect(proposalFor(found, "Amina")).not.toBe("[p]");
    expect(proposalFor(found, "Martin Piet")).not.toBe("[p]");
  });
});

describe("made-up names", () => {
  it("are the same each time for the same story", () => {
    expect(ask("Toen kwam Amina met Piet.")).toEqual(ask("Toen kwam Amina met Piet."));
  });

  it("are never in the story already, or put in before", () => {
    const text = `Toen kwam Amina. ${firstNames.slice(1).join(" ")}`;
    expect(aliasesFor(["Amina"], [0], "any", text, new Map()).get(0)?.first).toBe(firstNames[0]);
    const before = proposalFor(ask("Toen kwam Amina."), "Amina");
    expect(proposalFor(ask("Toen kwam Amina.", [before]), "Amina")).not.toBe(before);
  });

  it("are different for all people of a story", () => {
    const people = Array.from({ length: 20 }, (_, person) => person);
    const aliases = [...aliasesFor(people.map((person) => `Name${person}`), people, "seed", "", new Map()).values()];
    expect(new Set(aliases.map((alias) => alias.first)).size).toBe(20);
    expect(new Set(firstNames).size).toBe(firstNames.length);
    expect(new Set(familyNames).size).toBe(familyNames.length);
  });

  it("are written as the name was", () => {
    const alias = { first: "Noor", family: "Kaya" };
    expect([written("Jan", alias, false), written("Jan de Vries", alias, false), written("Vries", alias, true), written("de Vries", alias, false)]).toEqual(["Noor", "Noor Kaya", "Kaya", "Kaya"]);
  });

  it("are told apart by any part that names share", () => {
    expect(peopleOf(["Jan", "Piet", "Jan de Vries", "De Vries", "De Wit"])).toEqual([0, 1, 0, 0, 4]);
  });
});

describe("suggestions", () => {
  it("count what occurs in title and text, each thing once", () => {
    const found = ask("Ik zag Amina. Amina lachte.", [], "De dag met Amina");
    expect(found.map(({ text, count }) => [text, count])).toEqual([["Amina", 3]]);
  });

  it("propose what kind of thing it was for what is no name", () => {
    expect(proposalFor(ask("bel 0612345678"), "0612345678")).toBe("[t]");
  });
});

describe("replacing", () => {
  const none = new Set<string>();

  it("takes what was found, in title and text, and not inside other words", () => {
    const story = { title: "De dag met Jan", text: "Toen kwam Jan. Jan lachte, en Janneke ook. Ik zag Jan's fiets." };
    expect(replaced(story, "Jan", "Noor", none)).toEqual({ title: "De dag met Noor", text: "Toen kwam Noor. Noor lachte, en Janneke ook. Ik zag Noor's fiets." });
  });

  it("leaves a longer name alone, and the person keeps the made-up name for it", () => {
    const story = { title: "", text: "Toen kwam Jan. Ik zag Jan de Vries." };
    const memory = new Map();
    const before = suggest(story, "s", none, placeholders, memory);
    const alias = proposalFor(before, "Jan");
    const after = replaced(story, "Jan", alias, none);
    expect(after.text).toBe(`Toen kwam ${alias}. Ik zag Jan de Vries.`);
    const later = suggest(after, "s", new Set([alias]), placeholders, memory);
    expect(proposalFor(later, "Jan de Vries")).toBe(proposalFor(before, "Jan de Vries"));
    expect(proposalFor(later, "Jan de Vries").split(" ")[0]).toBe(alias);
  });

  it("puts in what is given, letter by letter", () => {
    expect(replaced({ title: "", text: "bel Amina nu" }, "Amina", "$&", none).text).toBe("bel $& nu");
  });
});
