// English words of Read.

import type { ReadWords } from "./read.nl";

const percent = (share: number): string => `${Math.round(100 * share)}%`;

export const en: ReadWords = {
  title: "Read",
  lead: "Stories that you may read: the teller agrees, and a researcher released them.",
  leadRaw: "All stories of this study, also those that were not released yet.",
  search: "Search in what is listed below",
  language: "Language of the story",
  allLanguages: "All languages",
  chosen: "Chosen stories",
  inRegion: (name) => `Stories in the area ‘${name}’`,
  regionCount: (count, others) => {
    const said = count === 1 ? "You may read 1 story here." : `You may read ${count} stories here.`;
    if (others === null) return `${said} There are too few people here to say how many more there are.`;
    if (others === 0) return said;
    return others === 1 ? `${said} There is 1 more that you may not read.` : `${said} There are ${others} more that you may not read.`;
  },
  noneInRegion: "There is nothing to read in this area",
  noneInRegionWhy: "No story lies here that its teller and a researcher let you read.",
  all: "All stories",
  none: "There is nothing to read here yet",
  noneWhy: "A story appears here as soon as its teller agrees and a researcher released it.",
  noneRawWhy: "As soon as somebody tells, the story appears here.",
  loaded: (count, hasMore) => {
    const said = count === 1 ? "1 story" : `${count} stories`;
    return hasMore ? `${said}, and there are more` : said;
  },
  more: "More stories",
  untitled: "Story without a title",
  held: "there is a question about it",
  notReleased: "not released",
  around: "From story to story",
  back: "Back to the list",
  before: "Previous",
  after: "Next",
  toldIn: (name) => `Told in ${name}`,
  original: (name) => `As it was told (${name})`,
  translation: (name) => `Translation (${name})`,
  translationIn: "Translation into",
  noTranslation: "There is no translation of this story yet.",
  spokenOnly: "This story was spoken, and is not written out.",
  placements: "How the teller placed the story",
  protect: "Who told it and when is left out, so that the teller cannot be recognised.",
  states: { answered: "", notApplicable: "Not about this", unknown: "I don’t know", declined: "Rather not say", skipped: "Skipped" },
  shares: (parts) => parts.join(" · "),
  position: (position, first, second) => {
    if (position < 0.4) return `Closer to ‘${first}’`;
    return position > 0.6 ? `Closer to ‘${second}’` : "About halfway";
  },
  stone: (name, across, up) => `${name}: ${percent(across)} from the left, ${percent(up)} from the bottom`,
  recordings: "Recordings",
  recording: (at) => `Recording ${at}`,
  recordingGone: "was removed: its term is over",
  recordingComing: "is not completely in yet",
  listen: "Listen",
};
