import type { SignifierWords } from "./signifiers";

/** English. */
export const en: SignifierWords = {
  language: "en",

  notAboutThis: "Not about this",
  unknown: "I don't know",
  declined: "Rather not say",
  otherAnswers: "Or choose",
  clear: "Clear",
  withNumbers: "With numbers",
  notPlaced: "Not placed yet",

  triadHint: "Tap in the triangle, or drag the ball.",
  dyadHint: "Tap on the line, or drag the ball.",
  stonesHint: "Tap in the box, or drag a stone.",
  scaleHint: "Choose what fits best.",
  chooseOne: "Choose one answer.",
  chooseMore: "You may choose more than one.",
  keysHint:
    "The arrow keys move the ball. The first press puts it in the middle. With Shift it moves in small steps. Delete clears it.",
  stonesKeysHint:
    "The arrow keys move the stone. The first press puts it in the middle. With Shift it moves in small steps. Delete clears it.",

  shareOf: (anchor) => `How much: ${anchor}`,
  between: (start, end) => `Between ${start} and ${end}`,
  numbersMake100: "The three numbers make 100 together.",
  zeroToHundred: (start, end) => `0 is ${start}, 100 is ${end}.`,
  stoneNumber: (stone, start, end) => `${stone}: from ${start} (0) to ${end} (100)`,

  only: (a) => `Almost only ${a}`,
  mostly: (a) => `Mostly ${a}`,
  more: (a) => `More ${a} than the rest`,
  asMuch: (a, b) => `As much ${a} as ${b}`,
  allThree: "All three about equally",
  also: (b) => `, also ${b}`,
  some: (parts) => `, some ${parts.join(" and ")}`,

  inTheMiddle: "In the middle",
  halfway: (start, end) => `halfway between ‘${start}’ and ‘${end}’`,
  aBitTowards: (label) => `A bit more towards ‘${label}’`,
  towards: (label) => `More towards ‘${label}’`,
  almost: (label) => `Almost at ‘${label}’`,
  fully: (label) => `All the way at ‘${label}’`,
  ofStone: (stone, across, up) => `${stone}: ${across}; ${up}`,

  charactersLeft: (count) => (count === 1 ? "Room for 1 more character" : `Room for ${count} more characters`),
};
