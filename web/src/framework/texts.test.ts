import { describe, expect, it } from "vitest";
import { cleanText, isRtl, lengthOf, textOf } from "./texts";

const framework = { defaultLanguage: "nl" };

describe("the language of a text", () => {
  it("is the one that was asked for", () => {
    expect(textOf({ nl: "hallo", ar: "مرحبا" }, "ar", framework)).toEqual({
      text: "مرحبا", language: "ar", direction: "rtl", isFallback: false,
    });
  });

  it("is the exact tag before the language without its region", () => {
    const texts = { pt: "autocarro", "pt-BR": "ônibus" };
    expect(textOf(texts, "pt-BR", framework).text).toBe("ônibus");
    expect(textOf(texts, "pt-AO", framework)).toMatchObject({ text: "autocarro", isFallback: false });
  });

  it("is the framework's own when the wanted one is missing, read in its own direction", () => {
    expect(textOf({ en: "hello", nl: "hallo" }, "ar", framework)).toEqual({
      text: "hallo", language: "nl", direction: "ltr", isFallback: true,
    });
  });

  it("is any there is rather than nothing", () => {
    expect(textOf({ fa: "سلام" }, "en", framework)).toMatchObject({ language: "fa", direction: "rtl", isFallback: true });
    expect(textOf({ en: "", fa: "سلام" }, "en", framework).text).toBe("سلام");
    expect(textOf({}, "en", framework)).toMatchObject({ text: "", language: "en", isFallback: true });
  });
});

describe("the direction", () => {
  it.each(["ar", "ar-SY", "he", "fa", "prs", "ur", "ckb", "ps", "ku-Arab", "AR"])("of %s is from the right", (tag) => {
    expect(isRtl(tag)).toBe(true);
  });
  it.each(["nl", "en", "ku", "tr", "so", "ti", "ar-Latn", "pa", "es-419"])("of %s is from the left", (tag) => {
    expect(isRtl(tag)).toBe(false);
  });
});

describe("what no server can take", () => {
  it("is left out, and whole emoji stay", () => {
    expect(cleanText("a\0b\uD83Dc😀\uDE00")).toBe("abc😀");
  });
  it("is counted in characters, not in halves", () => {
    expect(lengthOf("é😀")).toBe(2);
  });
});
