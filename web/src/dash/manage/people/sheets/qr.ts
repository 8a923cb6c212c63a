// QR codes as one path of an SVG drawing.

import { encode } from "uqr";

/** A QR code to draw. */
export interface Qr {
  /** Side in modules, with the quiet border of four that readers need. */
  size: number;
  /** Path of the dark modules, one unit each. */
  path: string;
}

/** The QR code of a text (error correction M: 15 % may be dirty). Errors: the text is too long for any QR code. */
export function qrOf(text: string): Qr {
  const { data, size } = encode(text, { ecc: "M", border: 4 });
  return { size, path: data.map(rowPath).join("") };
}

/** The dark runs of a row. */
function rowPath(row: readonly boolean[], y: number): string {
  let path = "";
  for (let x = 0; x < row.length; x += 1) {
    if (!row[x]) continue;
    const from = x;
    while (row[x + 1]) x += 1;
    path += `M${from} ${y}h${x + 1 - from}v1h${from - x - 1}z`;
  }
  return path;
}
