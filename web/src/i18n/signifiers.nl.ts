import type { SignifierWords } from "./signifiers";

/** Dutch, reading level B1. */
export const nl: SignifierWords = {
  language: "nl",

  notAboutThis: "Gaat hier niet over",
  unknown: "Weet ik niet",
  declined: "Zeg ik liever niet",
  otherAnswers: "Of kies",
  clear: "Wissen",
  withNumbers: "Met getallen",
  notPlaced: "Nog niet geplaatst",

  triadHint: "Tik in de driehoek, of sleep de bal.",
  dyadHint: "Tik op de lijn, of sleep de bal.",
  stonesHint: "Tik in het vak, of sleep een steen.",
  scaleHint: "Kies wat het best past.",
  chooseOne: "Kies één antwoord.",
  chooseMore: "U mag meer dan één antwoord kiezen.",
  keysHint:
    "Met de pijltjestoetsen verplaatst u de bal. De eerste keer komt de bal in het midden. Met Shift gaat het in kleine stapjes. Met Delete wist u.",
  stonesKeysHint:
    "Met de pijltjestoetsen verplaatst u de steen. De eerste keer komt de steen in het midden. Met Shift gaat het in kleine stapjes. Met Delete wist u.",

  shareOf: (anchor) => `Hoeveel: ${anchor}`,
  between: (start, end) => `Tussen ${start} en ${end}`,
  numbersMake100: "De drie getallen zijn samen 100.",
  zeroToHundred: (start, end) => `0 is ${start}, 100 is ${end}.`,
  stoneNumber: (stone, start, end) => `${stone}: van ${start} (0) tot ${end} (100)`,

  only: (a) => `Bijna alleen ${a}`,
  mostly: (a) => `Vooral ${a}`,
  more: (a) => `Meer ${a} dan de rest`,
  asMuch: (a, b) => `Evenveel ${a} als ${b}`,
  allThree: "Alle drie ongeveer evenveel",
  also: (b) => `, ook ${b}`,
  some: (parts) => `, een beetje ${parts.join(" en ")}`,

  inTheMiddle: "In het midden",
  halfway: (start, end) => `halverwege tussen ‘${start}’ en ‘${end}’`,
  aBitTowards: (label) => `Iets meer naar ‘${label}’`,
  towards: (label) => `Meer naar ‘${label}’`,
  almost: (label) => `Bijna bij ‘${label}’`,
  fully: (label) => `Helemaal bij ‘${label}’`,
  ofStone: (stone, across, up) => `${stone}: ${across}; ${up}`,

  charactersLeft: (count) => (count === 1 ? "Nog ruimte voor 1 teken" : `Nog ruimte voor ${count} tekens`),
};
