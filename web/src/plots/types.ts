// What plots are given. Units are those of the API: shares 0 to 1 as [top, left, right], positions 0 to 1, stones [x, y]
// 0 to 1 with y up.

import type { components } from "../api/schema";

type Schemas = components["schemas"];

export type { Signifier, Texts } from "../framework/types";
export type Region = Schemas["Region"];
export type Hotspot = Schemas["Hotspot"];
export type SignifierSummary = Schemas["SignifierSummary"];
export type ZoneName = Schemas["ZoneName"];

/** The placements of one group. */
export interface Dots {
  at: number[][];
  /** The story behind each dot; null where it may not be opened. */
  ids?: (string | null)[] | null;
}

/** How many placements lie around one place, where there are too many to give each. */
export interface Bin {
  at: number[];
  count: number;
}

/** The placements of one stone of a canvas. */
export interface StoneDots {
  stone: string;
  dots?: Dots;
  bins?: Bin[];
}

/** One group of stories on a plot. At most four are told apart, by colour and by shape. */
export interface Group {
  key: string;
  label: string;
  dots?: Dots;
  bins?: Bin[];
  /** For a canvas with stones, in place of `dots` and `bins`: stone by stone. */
  stones?: StoneDots[];
  summary?: SignifierSummary;
}

/** What may be drawn of the dots. */
export type Layer = "dots" | "density" | "hex" | "zones" | "centre" | "hotspots";

/** All layers, from the ground up. */
export const layers: readonly Layer[] = ["density", "hex", "zones", "dots", "centre", "hotspots"];

/** Two places that belong together: where the same people were before and after, or how two perspectives differ. */
export interface Link {
  from: number[];
  to: number[];
  /** An arrow says what came later; a dumbbell only that two groups are compared. */
  kind: "arrow" | "dumbbell";
  /** What it shows, in words. */
  label: string;
  /** Stones: key of the stone. */
  stone?: string;
}

/** What every panel of dots has. */
export interface PanelLike {
  /** Key of its group, or of all. */
  key: string;
  /** Name of the group; empty where the groups lie over each other. */
  label: string;
  picture: import("./picture").Picture;
  summary: SignifierSummary | undefined;
  series: readonly { points: readonly import("./picture").Point[]; ids: readonly (string | null)[] }[];
}

/** What the plots with dots are given. */
export interface PlotProps {
  signifier: import("../framework/types").Signifier;
  groups: Group[];
  layers: ReadonlySet<Layer>;
  /** All stories, drawn pale behind the groups, where the groups are a selection of them. */
  behind?: Group | null;
  /** The part that is selected on this figure. */
  region?: Region | null;
  /** Called with a part that was drawn, or null when it is taken away. Absent: nothing can be drawn. */
  onregion?: (region: Region | null) => void;
  /** Called with the story of a dot that was chosen. */
  onstory?: (id: string) => void;
  links?: Link[];
  /** Whether the plot itself says which group is which; false where that stands above it. */
  hasLegend?: boolean;
  /** Small in a gallery; large alone, with what there is not enough room for in a gallery. */
  size?: "card" | "large";
  /** Whether a finger may draw: in a gallery it scrolls. */
  isTouchDrawing?: boolean;
}
