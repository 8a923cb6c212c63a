import { describe, expect, it } from "vitest";
import { find, isBsn, type Kind } from "./find";

const seen = (text: string, known: string[] = []): [string, Kind][] => find(text, new Set(known)).map((one) => [one.text, one.kind]);
const names = (text: string): string[] => seen(text).filter(([, kind]) => kind === "name").map(([name]) => name);

describe("names in a Dutch story", () => {
  it("are words with a capital inside a sentence", () => {
    expect(names("Toen belde Fatima mij op, en Jan ook.")).toEqual(["Fatima", "Jan"]);
  });

  it("are not words that only begin a sentence, a line or what somebody says", () => {
    expect(names("Ik ging naar huis. Daarna belde hij. Morgen weer.\nEindelijk thuis: “Dag!” zei ze.")).toEqual([]);
  });

  it("are found at the begin of a sentence when they are known from elsewhere", () => {
    expect(names("Fatima was er. Ik zag Fatima.")).toEqual(["Fatima", "Fatima"]);
  });

  it("have family names with small words, and follow a salutation", () => {
    expect(names("Ik sprak Jan de Vries van het werk.")).toEqual(["Jan de Vries"]);
    expect(names("Toen kwam meneer De Vries binnen, met mevr. van den Berg.")).toEqual(["De Vries", "van den Berg"]);
    expect(names("Mevrouw El Idrissi hielp mij.")).toEqual(["El Idrissi"]);
  });

  it("are found when two words with a capital begin a sentence", () => {
    expect(names("Samira Bouali hielp mij.")).toEqual(["Samira Bouali"]);
  });

  it("do not take along the word that begins the sentence, or the street", () => {
    expect(names("Toen Fatima kwam, was ik er. Ook Amina Bouali lachte.")).toEqual(["Fatima", "Amina Bouali"]);
    expect(seen("Ze zei dat meneer De Vries van de Kerkstraat 12 ziek was.")).toEqual([["De Vries", "name"], ["Kerkstraat 12", "address"]]);
  });

  it("are not days, months, languages, or an organisation in capitals", () => {
    expect(names("Ik leer Nederlands. Het UWV belde mij, en ik zei U. Dat was met Kerst.")).toEqual([]);
  });
});

describe("names in an English story", () => {
  it("are not 'I', days and months", () => {
    expect(names("So I went on Monday and I'm glad, because in May Mr Brown called Ann's sister.")).toEqual(["Brown", "Ann"]);
  });
});

describe("what is told in another script", () => {
  it("has no names by their capitals, but numbers are seen", () => {
    expect(seen("اتصلت بأحمد على 0612345678")).toEqual([["0612345678", "phone"]]);
  });
});

describe("numbers and addresses", () => {
  it.each<[string, Kind, string]>([
    ["bel 06-12345678 even", "phone", "06-12345678"],
    ["bel +31 6 1234 5678 even", "phone", "+31 6 1234 5678"],
    ["mail naar jan.p@werk.example.nl graag", "email", "jan.p@werk.example.nl"],
    ["mijn nummer is 111222333 dus", "bsn", "111222333"],
    ["klantnummer 1234567 staat erop", "number", "1234567"],
    ["rekening NL91 ABNA 0417 1643 00 is leeg", "account", "NL91 ABNA 0417 1643 00"],
    ["ik woon in de Kerkstraat 12 b nu", "address", "Kerkstraat 12 b"],
    ["postcode 1234 AB in de stad", "address", "1234 AB"],
    ["at 12 Mill Lane last year", "address", "12 Mill Lane"],
    ["op 3 maart 2024 begon het", "date", "3 maart 2024"],
    ["geboren 03-04-1980 dus", "date", "03-04-1980"],
    ["it was March 5th, 2024 then", "date", "March 5th, 2024"],
  ])("%s: %s", (text, kind, found) => {
    expect(seen(text)).toContainEqual([found, kind]);
  });

  it("are not amounts, times and years", () => {
    expect(seen("om 9.30 uur, in 2024, voor 1.250 euro, 12 keer")).toEqual([]);
  });

  it("are one thing at one place", () => {
    const found = find("Bel Anna op 0612345678 of anna@voorbeeld.nl, Kerkstraat 3.");
    found.forEach((one, index) => expect(one.start).toBeGreaterThanOrEqual(found[index - 1]?.end ?? 0));
  });

  it("pass the eleven test when they look like a citizen number", () => {
    expect([isBsn("111222333"), isBsn("1112.22.333"), isBsn("111222334"), isBsn("000000000"), isBsn("1234567")]).toEqual([true, true, false, false, false]);
  });
});

describe("what may stay", () => {
  it("is not found again", () => {
    expect(seen("Toen belde Noor mij.", ["Noor"])).toEqual([]);
  });
});
