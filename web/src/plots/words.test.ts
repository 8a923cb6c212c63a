import { beforeEach, describe as about, expect, it } from "vitest";
import { language } from "../dash/language.svelte";
import { barsOf, piecesOf, reachOf } from "./bars";
import { countLine, describe, describeAt } from "./describe";
import { svgOf } from "./files";
import { dyad, scale, stones, summaryOf, triad, triadGroup } from "./fixtures.testing";
import { partsOf } from "./parts";
import { dotsTable, tableOf } from "./table";
import { wrapped } from "./to-svg";
import type { Layer } from "./types";
import { nearest, stepped, stopsOf } from "./walk";

const layers: ReadonlySet<Layer> = new Set<Layer>(["dots", "density"]);

beforeEach(() => {
  language.tag = "nl";
});

about("a plot in words", () => {
  it("says how many answered, where most lie and who did not answer, in Dutch and in English", () => {
    const group = triadGroup(100);
    const top = group.summary?.triad?.zones[0]?.count ?? 0;
    expect(describe(triad, [group])).toBe(
      `Wat vroeg dit vooral van u? 100 antwoorden. De meeste in het midden: ${100 - top} van 100. Daarna bij ‘het werk zelf’: ${top}. 5 gaat hier niet over. 1 weet ik niet.`,
    );
    language.tag = "en";
    expect(describe(triad, [group])).toContain("100 answers. Most lie in the middle");
    expect(describe(triad, [group])).toContain("1 don’t know.");
  });

  it("says that there are too few people, never a number", () => {
    const summary = summaryOf(triad, { n: null, suppressed: "small-cell" });
    expect(countLine(summary)).toBe("Te weinig mensen om te laten zien.");
    expect(describe(triad, [{ key: "all", label: "", summary }])).not.toMatch(/\d/);
  });

  it("says of an empty study that nobody answered", () => {
    expect(describe(dyad, [{ key: "all", label: "", summary: summaryOf(dyad, {}) }])).toContain("Nog geen antwoorden.");
  });

  it("names the groups that are compared", () => {
    const groups = [triadGroup(20, "1", "Meetmoment 1"), triadGroup(30, "2", "Meetmoment 2")];
    expect(describe(triad, groups)).toMatch(/Meetmoment 1: 20 antwoorden.*Meetmoment 2: 30 antwoorden/);
  });

  it("says where one dot lies", () => {
    expect(describeAt(triad, [0.7, 0.2, 0.1])).toBe("vooral ‘het werk zelf’ (70%)");
    expect(describeAt(triad, [0.34, 0.33, 0.33])).toBe("alle drie ongeveer even veel");
    expect(describeAt(dyad, [0.25])).toBe("25 van 100, van ‘bijna niets’ naar ‘te veel’");
    expect(describeAt(stones, [0.5, 1], "body")).toBe("lichaam: 50 van 100 naar ‘gaat goed’ en 100 van 100 naar ‘veel invloed’.");
  });
});

about("the parts to choose from", () => {
  it("are regions of the figure", () => {
    expect(partsOf(triad)).toHaveLength(7);
    expect(partsOf(dyad).map((part) => part.region.interval)).toEqual([[0, 0.2], [0.2, 0.4], [0.4, 0.6], [0.6, 0.8], [0.8, 1]]);
    expect(partsOf(scale)[2]).toMatchObject({ label: "geen", region: { signifier: "money", interval: [3, 3] } });
    expect(partsOf(stones, "mind")).toHaveLength(9);
    expect(partsOf(stones, "mind")[0]).toMatchObject({ label: "gaat slecht en veel invloed", region: { stone: "mind" } });
  });
});

about("the numbers of a plot", () => {
  it("stand group beside group, with who did not answer at the end", () => {
    const table = tableOf(triad, [triadGroup(20, "1", "Een"), triadGroup(30, "2", "Twee")]);
    expect(table.columns).toEqual(["Deel", "Een: verhalen", "Een: deel", "Twee: verhalen", "Twee: deel"]);
    expect(table.rows.at(-1)).toEqual(["weet ik niet", "1", "", "1", ""]);
    expect(table.rows.every((row) => row.length === 5)).toBe(true);
  });

  it("never name a story", () => {
    const table = dotsTable(triad, [triadGroup(10)]);
    expect(table.columns).toEqual(["group", "top", "left", "right", "count"]);
    expect(table.rows).toHaveLength(10);
    expect(JSON.stringify(table)).not.toContain("story-");
  });
});

about("a picture in a file", () => {
  it("is one SVG document with the question and the corners", () => {
    const svg = svgOf({ signifier: triad, groups: [triadGroup(500)], layers });
    const read = new DOMParser().parseFromString(svg, "image/svg+xml");
    expect(read.querySelector("parsererror")).toBeNull();
    expect(read.querySelector("title")?.textContent).toBe("Wat vroeg dit vooral van u?");
    expect(read.documentElement.textContent).toContain("het werk zelf");
    expect(svg).not.toContain("NaN");
    expect(svg).not.toContain("undefined");
  });

  it("keeps what looks like mark-up as words", () => {
    const risky = { ...triad, question: { nl: "<b>&" } };
    const read = new DOMParser().parseFromString(svgOf({ signifier: risky, groups: [], layers }), "image/svg+xml");
    expect(read.querySelector("title")?.textContent).toBe("<b>&");
  });

  it("breaks long words into lines", () => {
    expect(wrapped("omgaan met andere mensen", 12)).toEqual(["omgaan met", "andere", "mensen"]);
  });
});

about("a scale around its middle", () => {
  const summary = summaryOf(scale, {
    n: 10,
    scale: { options: [["1", 2], ["2", 4], ["3", 4]].map(([key, count]) => ({ key: String(key), count: Number(count), share: Number(count) / 10 })) },
  });

  it("has half of the middle point at either side", () => {
    const pieces = piecesOf(barsOf(scale, { key: "all", label: "", summary }, 0).bars);
    expect(pieces.map(({ from, to }) => [from, to].map((value) => Math.round(value * 10) / 10))).toEqual([[-0.4, -0.2], [-0.2, 0.2], [0.2, 0.6]]);
    expect(reachOf([pieces]).left).toBeCloseTo(0.4);
    expect(reachOf([pieces]).right).toBeCloseTo(0.6);
  });
});

about("the dots of a plot", () => {
  const series = [{ points: [{ x: 10, y: 50 }, { x: 20, y: 10 }], ids: ["a", null] }];

  it("are gone along from the top, and the ends are ends", () => {
    expect(stopsOf(series).map((stop) => stop.id)).toEqual([null, "a"]);
    expect(stepped(null, 2, "ArrowRight")).toBe(0);
    expect(stepped(1, 2, "ArrowRight")).toBe(1);
    expect(stepped(null, 0, "ArrowRight")).toBeNull();
    expect(stepped(0, 2, "x")).toBeNull();
  });

  it("are found under a finger, but not from far away", () => {
    expect(nearest(series, { x: 12, y: 52 }, 9)?.id).toBe("a");
    expect(nearest(series, { x: 60, y: 60 }, 9)).toBeNull();
  });
});
