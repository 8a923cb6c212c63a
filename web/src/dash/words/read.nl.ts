// Dutch words of Read.

import type { AnswerState } from "../../framework/types";

const states: Record<AnswerState, string> = {
  answered: "",
  notApplicable: "Gaat hier niet over",
  unknown: "Weet ik niet",
  declined: "Wil ik niet zeggen",
  skipped: "Overgeslagen",
};

const percent = (share: number): string => `${Math.round(100 * share)}%`;

export const nl = {
  title: "Lezen",
  lead: "Verhalen die u mag lezen: de verteller vindt het goed en een onderzoeker heeft ze vrijgegeven.",
  leadRaw: "Alle verhalen van dit onderzoek, ook die nog niet zijn vrijgegeven.",
  search: "Zoek in wat hieronder staat",
  language: "Taal van het verhaal",
  allLanguages: "Alle talen",
  chosen: "Gekozen verhalen",
  inRegion: (name: string): string => `Verhalen in het gebied ‘${name}’`,
  regionCount: (count: number, others: number | null): string => {
    const said = count === 1 ? "U mag hier 1 verhaal lezen." : `U mag hier ${count} verhalen lezen.`;
    if (others === null) return `${said} Er zijn hier te weinig mensen om te zeggen hoeveel verhalen er nog meer zijn.`;
    if (others === 0) return said;
    return others === 1 ? `${said} Er is er nog 1 die u niet mag lezen.` : `${said} Er zijn er nog ${others} die u niet mag lezen.`;
  },
  noneInRegion: "In dit gebied is niets te lezen",
  noneInRegionWhy: "Hier ligt geen verhaal dat u mag lezen van de verteller en een onderzoeker.",
  all: "Alle verhalen",
  none: "Er is hier nog niets te lezen",
  noneWhy: "Een verhaal staat hier zodra de verteller het goed vindt en een onderzoeker het heeft vrijgegeven.",
  noneRawWhy: "Zodra iemand vertelt, staat het verhaal hier.",
  loaded: (count: number, hasMore: boolean): string => {
    const said = count === 1 ? "1 verhaal" : `${count} verhalen`;
    return hasMore ? `${said}, en er zijn er meer` : said;
  },
  more: "Meer verhalen",
  untitled: "Verhaal zonder titel",
  held: "wacht op een vraag",
  notReleased: "niet vrijgegeven",
  around: "Van verhaal naar verhaal",
  back: "Terug naar de lijst",
  before: "Vorige",
  after: "Volgende",
  toldIn: (name: string): string => `Verteld in het ${name}`,
  original: (name: string): string => `Zoals het verteld is (${name})`,
  translation: (name: string): string => `Vertaling (${name})`,
  translationIn: "Vertaling in het",
  noTranslation: "Er is nog geen vertaling van dit verhaal.",
  spokenOnly: "Dit verhaal is ingesproken en niet uitgeschreven.",
  placements: "Hoe de verteller het verhaal plaatste",
  protect: "Wie het vertelde en wanneer staat er niet bij, zodat de verteller niet te herkennen is.",
  states,
  shares: (parts: string[]): string => parts.join(" · "),
  position: (position: number, first: string, second: string): string => {
    if (position < 0.4) return `Dichter bij ‘${first}’`;
    return position > 0.6 ? `Dichter bij ‘${second}’` : "Ongeveer in het midden";
  },
  stone: (name: string, across: number, up: number): string => `${name}: ${percent(across)} van links, ${percent(up)} van onderen`,
  recordings: "Opnamen",
  recording: (at: number): string => `Opname ${at}`,
  recordingGone: "is verwijderd: de bewaartermijn is voorbij",
  recordingComing: "is nog niet helemaal binnen",
  listen: "Beluisteren",
};

/** What every language of Read has. */
export type ReadWords = typeof nl;
