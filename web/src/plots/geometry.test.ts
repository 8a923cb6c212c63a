import { describe, expect, it } from "vitest";
import { brushedInterval, brushedRegion, moved, startBrush } from "./brush";
import { densityOf, lineDensity } from "./density";
import { planeOf } from "./dot-pictures";
import { columnOf, swarm } from "./dyad-picture";
import { stones, triad, triadDots } from "./fixtures.testing";
import { hexesOf, hexesOfBins } from "./hexbin";
import { areaOf, brushRegion, lassoRegion, simplified } from "./lasso";
import type { Point } from "./picture";
import { isWithin, stonesPlane, triadPlane } from "./plane";
import { zonePolygons } from "./zones";

const plane = triadPlane();

/** A circle as somebody draws it. */
function circle(middle: Point, radius: number, steps = 60): Point[] {
  return Array.from({ length: steps }, (_, i) => {
    const angle = (2 * Math.PI * i) / steps;
    return { x: middle.x + radius * Math.cos(angle), y: middle.y + radius * Math.sin(angle) };
  });
}

describe("a place in a figure", () => {
  it("comes back from the picture as it went in", () => {
    for (const at of triadDots(200)) {
      plane.back(plane.place(at)).forEach((share, i) => expect(share).toBeCloseTo(at[i] ?? -1, 3));
    }
    const canvas = stonesPlane(1.5);
    for (const at of [[0, 0], [1, 1], [0.25, 0.8]]) expect(canvas.back(canvas.place(at))).toEqual(at);
  });

  it("has the top anchor at the top, and y of a canvas upwards", () => {
    expect(plane.place([1, 0, 0]).y).toBeLessThan(plane.place([0, 1, 0]).y);
    expect(plane.place([0, 1, 0]).x).toBeLessThan(plane.place([0, 0, 1]).x);
    const canvas = planeOf(stones);
    expect(canvas.place([0, 1]).y).toBeLessThan(canvas.place([0, 0]).y);
  });

  it("goes to the edge when it lies outside", () => {
    const shares = plane.back({ x: plane.width / 2, y: -500 });
    expect(shares).toEqual([1, 0, 0]);
    expect(plane.back({ x: -500, y: plane.height }).reduce((a, b) => a + b)).toBeCloseTo(1, 9);
  });
});

describe("hexagons", () => {
  it("hold every dot once", () => {
    const points = triadDots(5000).map((at) => plane.place(at));
    const { cells, radius } = hexesOf(points);
    expect(cells.reduce((sum, cell) => sum + cell.count, 0)).toBe(5000);
    for (const point of points.slice(0, 300)) {
      expect(Math.min(...cells.map(({ centre }) => Math.hypot(centre.x - point.x, centre.y - point.y)))).toBeLessThanOrEqual(radius + 1e-9);
    }
  });

  it("of the server touch their neighbours and keep their counts", () => {
    const bins = [[0, 0.5, 0.5], [0, 0.45, 0.55], [0.05, 0.45, 0.5], [1, 0, 0]].map((at, i) => ({ at, count: i + 1 }));
    const { cells, radius } = hexesOfBins(bins, plane);
    expect(cells.map((cell) => cell.count)).toEqual([1, 2, 3, 4]);
    expect(radius * Math.sqrt(3)).toBeCloseTo(0.05 * plane.unit, 6);
  });
});

describe("density", () => {
  it("is level where dots lie anywhere, up to the ends of a line", () => {
    for (const value of lineDensity(Array.from({ length: 100 }, () => 20))) expect(value).toBeCloseTo(1, 6);
  });

  it("is highest where most dots lie", () => {
    const heights = lineDensity(Array.from({ length: 100 }, (_, i) => (i >= 60 && i < 70 ? 10 : 1)));
    expect(heights.indexOf(Math.max(...heights))).toBeGreaterThanOrEqual(58);
    expect(heights.indexOf(Math.max(...heights))).toBeLessThan(72);
  });

  it("is not drawn of a few dots", () => {
    const at = plane.place([0.3, 0.3, 0.4]);
    expect(densityOf([{ ...at, weight: 4 }], plane)).toEqual([]);
    expect(densityOf([{ ...at, weight: 40 }], plane).every(({ d }) => d.startsWith("M"))).toBe(true);
  });
});

describe("a lasso", () => {
  it("selects the dots that lie in it and no others", () => {
    const line = circle(plane.place([0.4, 0.3, 0.3]), 30, 200);
    const region = lassoRegion(line, plane, "competence");
    const corners = (region?.polygon ?? []).map((corner) => plane.place(corner));
    expect(region?.polygon?.length).toBeLessThanOrEqual(40);
    for (const point of triadDots(400).map((at) => plane.place(at))) {
      const distance = Math.hypot(point.x - plane.place([0.4, 0.3, 0.3]).x, point.y - plane.place([0.4, 0.3, 0.3]).y);
      if (Math.abs(distance - 30) > 0.5) expect(isWithin(point, corners)).toBe(distance < 30);
    }
  });

  it("around a corner holds the corner, and its shares are together 1", () => {
    const region = lassoRegion(circle(plane.place([1, 0, 0]), 40), plane, "competence");
    const polygon = region?.polygon ?? [];
    for (const shares of polygon) expect(shares.reduce((a, b) => a + b)).toBeCloseTo(1, 9);
    expect(isWithin(plane.place([0.99, 0.005, 0.005]), polygon.map((at) => plane.place(at)))).toBe(true);
    expect(isWithin(plane.place([0.2, 0.4, 0.4]), polygon.map((at) => plane.place(at)))).toBe(false);
  });

  it("that encloses nothing selects nothing", () => {
    expect(lassoRegion([{ x: 50, y: 50 }, { x: 60, y: 60 }, { x: 70, y: 70 }], plane, "competence")).toBeNull();
    expect(lassoRegion(circle({ x: -400, y: -400 }, 20), plane, "competence")).toBeNull();
  });

  it("keeps its shape with fewer corners, and names the stone", () => {
    const line = circle({ x: 100, y: 70 }, 40, 300);
    const area = Math.abs(areaOf(line));
    expect(Math.abs(areaOf(simplified(line)))).toBeGreaterThan(0.97 * area);
    expect(lassoRegion(line, planeOf(stones), "health", "body")).toMatchObject({ signifier: "health", stone: "body" });
  });
});

describe("a brush", () => {
  it("on a dyad goes from the one end to the other, whichever way it is drawn", () => {
    expect(brushRegion(0.8, 0.25, "confidence")).toEqual({ signifier: "confidence", interval: [0.25, 0.8] });
    expect(brushRegion(-1, 0.5, "confidence")?.interval).toEqual([0, 0.5]);
    expect(brushRegion(0.5, 0.501, "confidence")).toBeNull();
  });

  it("moves by arrows, grows and shrinks with Shift, and stops at the edge", () => {
    expect(moved(startBrush, "ArrowRight", false)).toMatchObject({ x: 0.55, y: 0.4 });
    expect(moved(startBrush, "ArrowUp", true)?.reach).toBeGreaterThan(startBrush.reach);
    expect(moved(startBrush, "ArrowDown", true)?.reach).toBeLessThan(startBrush.reach);
    expect(moved({ ...startBrush, x: 1 }, "ArrowRight", false)?.x).toBe(1);
    expect(moved({ ...startBrush, reach: 0.05 }, "ArrowLeft", true)?.reach).toBe(0.05);
    expect(moved(startBrush, "a", false)).toBeNull();
  });

  it("gives a region that has its middle inside", () => {
    const region = brushedRegion(startBrush, plane, "competence");
    const corners = (region.polygon ?? []).map((at) => plane.place(at));
    expect(isWithin({ x: 0.5 * plane.width, y: 0.6 * plane.height }, corners)).toBe(true);
    expect(brushedInterval({ x: 0.1, y: 0, reach: 0.2 }, "confidence").interval).toEqual([0, 0.3]);
  });
});

describe("the zones of a triad", () => {
  it("cover it without overlap: every dot lies in one, by the rule of the server", () => {
    const zoneOf = ([top = 0, left = 0, right = 0]: number[]): string => {
      const named = { top, left, right };
      const largest = Object.entries(named).find(([, share]) => share >= 0.6);
      if (largest) return largest[0];
      if (Math.min(top, left, right) >= 0.2) return "centre";
      return top < 0.2 ? "left-right" : left < 0.2 ? "top-right" : "top-left";
    };
    for (const at of triadDots(500)) {
      const inside = Object.entries(zonePolygons).filter(([, corners]) => isWithin(plane.place(at), corners.map((c) => plane.place(c))));
      expect(inside.map(([zone]) => zone)).toContain(zoneOf(at));
    }
  });

  it("are those of the question", () => {
    expect(triad.anchors).toHaveLength(3);
    expect(Object.keys(zonePolygons)).toHaveLength(7);
  });
});

describe("a dyad", () => {
  it("puts positions into the columns of the server: rounded to hundredths, the last one closed", () => {
    expect([0, 0.044, 0.045, 0.5, 0.994, 0.995, 1].map(columnOf)).toEqual([0, 0, 1, 10, 19, 19, 19]);
  });

  it("lays few dots beside each other without covering one", () => {
    const points = swarm([0.5, 0.5, 0.5, 0.51, 0.2]);
    points.forEach((a, i) => points.slice(i + 1).forEach((b) => expect(Math.hypot(a.x - b.x, a.y - b.y)).toBeGreaterThan(6)));
  });
});
