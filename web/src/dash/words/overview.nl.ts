// Dutch words of Overview.

import type { Sentences } from "../overview/describe";
import type { Wave } from "../types";

const waveState: Record<Wave["state"], string> = {
  planned: "gepland",
  open: "loopt nu",
  closing: "wordt afgerond",
  closed: "afgesloten",
};

const percent = (share: number): string => `${Math.round(100 * share)}%`;

const describe: Sentences = {
  most: (what, share) => `De meeste verhalen (${percent(share)}): ${what}.`,
  centre: "in het midden",
  between: (a, b) => `tussen ${a} en ${b}`,
  middle: (position, first, second) =>
    `Het middelste verhaal ligt op ${percent(position)} van de weg van ‘${first}’ naar ‘${second}’.`,
  stone: (stone, across, up) => `${stone}: ${percent(across)} van links, ${percent(up)} van onderen.`,
};

export const nl = {
  title: "Overzicht",
  response: "Wie vertelde",
  told: "vertelde een verhaal",
  expected: "verhaal wordt nog verwacht",
  notTold: "vertelde niet",
  notToldWhy: "‘Vertelde niet’ is één getal: niemand kan zien wie niet kon, niet wilde of stopte.",
  noWaves: "Er zijn nog geen meetmomenten",
  noWavesText: "Zodra een meetmoment begint, staat hier wie er vertelde.",
  noStories: "Er zijn nog geen verhalen",
  waveState,
  responseOf: (told: number, all: number, expected: number, notTold: number): string => {
    if (all === 0) return "Er zijn nog geen deelnemers.";
    const rest = [expected > 0 ? `van ${expected} wordt nog een verhaal verwacht` : "", notTold > 0 ? `${notTold} vertelden niet` : ""];
    const tail = rest.filter((part) => part !== "").join(", ");
    return `${told} van de ${all} deelnemers vertelden${tail === "" ? "" : `; ${tail}`}.`;
  },
  stories: "Hoeveel verhalen er zijn",
  storiesBy: (what: string): string => `Aantal verhalen per ${what.toLowerCase()}`,
  countBy: "Tellen per",
  perspective: "Perspectief",
  perspectives: "perspectief",
  held: (count: number): string =>
    count === 1 ? "Over 1 verhaal is nog een vraag. Het telt niet mee." : `Over ${count} verhalen is nog een vraag. Die tellen niet mee.`,
  tooFew: "te weinig mensen om te tonen",
  nobody: "nog geen antwoorden",
  indicators: "Alle onderwerpen in één oogopslag",
  indicatorsHelp: "Elk plaatje is één meetmoment. Hoe donkerder of hoger, hoe meer verhalen daar liggen. Oranje is het midden. Kies een vraag om die te verkennen.",
  whoseView: "Door de ogen van",
  aboutTheStory: "Over het verhaal zelf",
  waveShort: (ordinal: number): string => `Meetmoment ${ordinal}`,
  n: (count: number): string => (count === 1 ? "1 verhaal" : `${count} verhalen`),
  describe,
};

/** What every language of Overview has. */
export type OverviewWords = typeof nl;
