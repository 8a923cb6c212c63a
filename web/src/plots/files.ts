// Plots as files: a picture, its numbers, its dots.

import { language } from "../dash/language.svelte";
import { csv, saveFile } from "../dash/parts/download";
import { barsOf, barsPicture } from "./bars";
import { countLine } from "./describe";
import { panelsOf, planeOf } from "./dot-pictures";
import { dyadPanels } from "./dyad-picture";
import { lookOf } from "./palette";
import { labelOf } from "./parts";
import { dotsTable, type Table, tableOf } from "./table";
import { type FiledPanel, toSvg } from "./to-svg";
import type { Group, PlotProps } from "./types";

/** What a file is made of. */
export type Filed = Pick<PlotProps, "signifier" | "groups" | "layers" | "behind" | "links">;

/** The plot as an SVG document. */
export function svgOf(filed: Filed): string {
  const { signifier, groups } = filed;
  const note = groups.map((group) => [group.label, countLine(group.summary)].filter((text) => text !== "").join(": ")).join("  ·  ");
  const isLegend = groups.length > 1 || signifier.kind === "stones";
  const entries = signifier.kind === "stones" ? (signifier.stones ?? []).map((one) => labelOf(one)) : groups.map((group) => group.label);
  const legend = isLegend && signifier.kind !== "scale" ? entries.map((label, i) => ({ label, colour: lookOf(i).colour })) : [];
  return toSvg(language.text(signifier.question), note, legend, panelsFor(filed));
}

function panelsFor(filed: Filed): FiledPanel[] {
  const { signifier } = filed;
  const asked = { ...filed, behind: filed.behind ?? null, links: filed.links ?? [], region: null };
  const [first = "", second = "", third = ""] = (signifier.anchors ?? []).map((anchor) => labelOf(anchor));
  const text = (texts: Record<string, string> | undefined): string => (texts ? language.text(texts) : "");
  switch (signifier.kind) {
    case "triad":
      return panelsOf(asked, planeOf(signifier)).map((panel) => ({ title: panel.label, picture: panel.picture, top: first, left: second, right: third }));
    case "stones": {
      const { x, y } = signifier.axes ?? {};
      const around = { top: `↑ ${text(y?.end)}`, left: `← ${text(x?.start)}  ↓ ${text(y?.start)}`, right: `${text(x?.end)} →` };
      return panelsOf(asked, planeOf(signifier)).map((panel) => ({ title: panel.label, picture: panel.picture, ...around }));
    }
    case "dyad":
      return dyadPanels(asked).map((panel) => ({ title: panel.label, picture: panel.picture, top: "", left: first, right: second }));
    default:
      return [{ title: "", picture: barsPicture(seriesFor(filed), signifier.kind === "scale"), top: "", left: "", right: "" }];
  }
}

function seriesFor({ signifier, groups }: { signifier: Filed["signifier"]; groups: Group[] }) {
  return groups.map((group, i) => barsOf(signifier, group, i));
}

/** Saves the picture. */
export function savePicture(filed: Filed): void {
  saveFile(`${filed.signifier.key}.svg`, svgOf(filed), "image/svg+xml");
}

/** Saves the numbers, with limits. */
export function saveNumbers(filed: Filed): void {
  save(tableOf(filed.signifier, filed.groups, true), `${filed.signifier.key}.csv`);
}

/** Saves the dots. */
export function saveDots(filed: Filed): void {
  save(dotsTable(filed.signifier, filed.groups), `${filed.signifier.key}-dots.csv`);
}

function save(table: Table, name: string): void {
  saveFile(name, csv([table.columns, ...table.rows]), "text/csv;charset=utf-8");
}
