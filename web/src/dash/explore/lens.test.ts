import { describe, expect, it } from "vitest";
import { reference } from "../../framework/reference.testing";
import type { Wave } from "../types";
import { asked, attributesOf, comparisons, everything, full, isEverything, isSame, partsOf, toggled, withOption } from "./lens";

const text = (texts: Record<string, string>): string => texts.en ?? "";
const wave = (key: string, state: Wave["state"] = "closed"): Wave => ({ key, ordinal: Number(key), label: { en: `Wave ${key}` }, state });
const waves = [wave("1"), wave("2"), wave("3", "planned")];
const region = { signifier: "confidence", interval: [0, 0.2] };

describe("a lens", () => {
  it("selects everything until something is chosen", () => {
    expect(isEverything(full({}))).toBe(true);
    expect(isEverything({ ...everything, waves: ["1"] })).toBe(false);
    expect(isEverything(withOption(everything, "trajectory", "temporary-job"))).toBe(false);
  });

  it("forgets an attribute with its last option", () => {
    const one = withOption(everything, "trajectory", "temporary-job");
    expect(one.attributes).toEqual({ trajectory: ["temporary-job"] });
    expect(withOption(one, "trajectory", "temporary-job").attributes).toEqual({});
    expect(toggled(["1", "2"], "1")).toEqual(["2"]);
  });

  it("is said to be chosen after looking once a part of a figure is in it", () => {
    expect(asked(everything).exploratory).toBe(false);
    expect(asked(everything, region)).toMatchObject({ regions: [region], exploratory: true });
    expect(everything.regions).toEqual([]);
  });

  it("knows a region again when the server filled in what is absent", () => {
    expect(isSame(region, { ...region, stone: null, polygon: null })).toBe(true);
    expect(isSame(region, { ...region, interval: [0, 0.3] })).toBe(false);
  });
});

describe("a comparison", () => {
  it("is offered for waves, perspectives and attributes, not for the one wave of a first study", () => {
    const names = { wave: "Wave", perspective: "View" };
    expect(comparisons(reference, waves.slice(0, 2), names, text).map(({ key }) => key).slice(0, 3)).toEqual(["wave", "perspective", "attribute:trajectory"]);
    expect(comparisons(reference, waves.slice(0, 1), names, text).map(({ key }) => key)).not.toContain("wave");
  });

  it("has a group for every wave that was, within the lens", () => {
    expect(partsOf(everything, "wave", reference, waves, text).map(({ lens }) => lens.waves)).toEqual([["1"], ["2"]]);
    expect(partsOf({ ...everything, waves: ["2"] }, "wave", reference, waves, text)).toHaveLength(1);
  });

  it("keeps the rest of the lens in each group", () => {
    const [first] = partsOf({ ...everything, waves: ["1"], regions: [region] }, "attribute:trajectory", reference, waves, text);
    expect(first?.lens).toMatchObject({ waves: ["1"], regions: [region], attributes: { trajectory: ["temporary-job"] } });
  });

  it("of what the study does not have has no groups", () => {
    expect(partsOf(everything, "attribute:shoe-size", reference, waves, text)).toEqual([]);
    expect(partsOf(everything, null, reference, waves, text)).toEqual([]);
  });

  it("uses background questions with one answer, and nothing sensitive", () => {
    const keys = attributesOf(reference).map(({ key }) => key);
    expect(keys).toContain("age-band");
    expect(keys).not.toContain("money");
    expect(keys).not.toContain("who-should-hear");
  });
});
