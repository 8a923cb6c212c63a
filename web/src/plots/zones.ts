// The zones of a triad: near a corner is 60 % or more of it, the middle 20 % or more of all three (analysis.md, 1.1).

import type { Shares } from "../signifiers/triangle";
import type { ZoneName } from "./types";

/** Corners of every zone, as shares of the top, left and right anchor. */
export const zonePolygons: Record<ZoneName, readonly Shares[]> = {
  top: [[1, 0, 0], [0.6, 0.4, 0], [0.6, 0, 0.4]],
  left: [[0, 1, 0], [0.4, 0.6, 0], [0, 0.6, 0.4]],
  right: [[0, 0, 1], [0.4, 0, 0.6], [0, 0.4, 0.6]],
  "top-left": [[0.6, 0.4, 0], [0.4, 0.6, 0], [0.2, 0.6, 0.2], [0.6, 0.2, 0.2]],
  "top-right": [[0.6, 0, 0.4], [0.4, 0, 0.6], [0.2, 0.2, 0.6], [0.6, 0.2, 0.2]],
  "left-right": [[0, 0.6, 0.4], [0, 0.4, 0.6], [0.2, 0.2, 0.6], [0.2, 0.6, 0.2]],
  centre: [[0.6, 0.2, 0.2], [0.2, 0.6, 0.2], [0.2, 0.2, 0.6]],
};
