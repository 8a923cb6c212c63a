// Pictures as one SVG file, with the words that the screen shows around them.

import { marksPath, outlineOf, type Picture, type Shape, short } from "./picture";
import { paint } from "./palette";

/** One picture in a file, with the words around it. */
export interface FiledPanel {
  title: string;
  picture: Picture;
  /** Words above the figure, in the middle. */
  top: string;
  /** Words below it, at the left and at the right. */
  left: string;
  right: string;
}

const GAP = 24;
const TEXT = 11;
const PER_LINE = 22;

/** The file: title, legend, then the panels side by side. */
export function toSvg(title: string, note: string, legend: { label: string; colour: string }[], panels: FiledPanel[]): string {
  const widest = panels.reduce((sum, panel) => sum + panel.picture.width + GAP, GAP);
  const width = Math.max(320, widest);
  const tallest = Math.max(...panels.map((panel) => panel.picture.height), 0);
  const head = wrapped(title, Math.floor(width / 7));
  const names = legend.map((one, i) => {
    const y = 24 + head.length * 17 + i * 16;
    return `<circle cx="${GAP + 5}" cy="${y - 4}" r="5" fill="${one.colour}"/>${text(GAP + 16, y, one.label, "start", TEXT)}`;
  });
  const top = 40 + head.length * 17 + legend.length * 16;
  let x = GAP;
  const drawn = panels.map((panel, i) => {
    const placed = `<g transform="translate(${short(x)} ${top})">${panelOf(panel, i)}</g>`;
    x += panel.picture.width + GAP;
    return placed;
  });
  const height = top + tallest + 120;
  const heading = head.map((line, i) => text(GAP, 24 + i * 17, line, "start", 15, "bold")).join("");
  const foot = text(GAP, height - 14, note, "start", TEXT);
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${short(width)}" height="${short(height)}" viewBox="0 0 ${short(width)} ${short(height)}" font-family="system-ui, sans-serif"><title>${escaped(title)}</title><rect width="100%" height="100%" fill="${paint.card}"/>${heading}${names.join("")}${drawn.join("")}${foot}</svg>`;
}

function panelOf(panel: FiledPanel, index: number): string {
  const { picture } = panel;
  const above = wrapped(panel.top, PER_LINE);
  const start = 16 + above.length * 13;
  const title = panel.title === "" ? "" : text(0, 10, panel.title, "start", 12, "bold");
  const caption = above.map((line, i) => text(picture.width / 2, 26 + i * 13, line, "middle", TEXT)).join("");
  const low = start + 12 + picture.height;
  const lines = (words: string, x: number, anchor: string): string =>
    wrapped(words, PER_LINE / 1.3).map((line, i) => text(x, low + 12 + i * 13, line, anchor, TEXT)).join("");
  const body = `<g transform="translate(0 ${start + 8})">${pictureOf(picture, `clip${index}`)}</g>`;
  return title + caption + body + lines(panel.left, 0, "start") + lines(panel.right, picture.width, "end");
}

function pictureOf(picture: Picture, clip: string): string {
  const defs = picture.clip === null ? "" : `<clipPath id="${clip}"><path d="${picture.clip}"/></clipPath>`;
  const shapes = (list: readonly Shape[]): string => list.map((shape) => pathOf(shape, clip)).join("");
  const marks = picture.marks
    .map((one) => `<path d="${marksPath(one)}" fill="${one.colour}" fill-opacity="${one.opacity}" stroke="#fff" stroke-width="${outlineOf(one.size)}"/>`)
    .join("");
  const texts = picture.texts.map((one) => text(one.x, one.y + 4, one.text, one.anchor, 11, "bold")).join("");
  return defs + shapes(picture.under) + marks + shapes(picture.over) + texts;
}

function pathOf(shape: Shape, clip: string): string {
  const attributes = [
    `d="${shape.d}"`,
    `fill="${shape.fill ?? "none"}"`,
    shape.opacity === undefined ? "" : `fill-opacity="${short(shape.opacity)}"`,
    shape.stroke === undefined ? "" : `stroke="${shape.stroke}" stroke-width="${shape.width ?? 1}" stroke-linejoin="round"`,
    shape.dash === undefined ? "" : `stroke-dasharray="${shape.dash}"`,
    shape.isClipped ? `clip-path="url(#${clip})"` : "",
  ];
  return `<path ${attributes.filter((one) => one !== "").join(" ")}/>`;
}

function text(x: number, y: number, words: string, anchor: string, size: number, weight = "normal"): string {
  if (words === "") return "";
  return `<text x="${short(x)}" y="${short(y)}" font-size="${size}" font-weight="${weight}" text-anchor="${anchor}" fill="${paint.ink}">${escaped(words)}</text>`;
}

function escaped(words: string): string {
  return words.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}

/** Words over several lines of at most so many characters; a longer word has a line of its own. */
export function wrapped(words: string, most: number): string[] {
  const lines: string[] = [];
  for (const word of words.split(/\s+/).filter((one) => one !== "")) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= most) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}
