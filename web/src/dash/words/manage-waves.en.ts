// Words of the waves, in English.

import type { WavesWords } from "./manage-waves.nl";

export const en: WavesWords = {
  title: "Waves",
  intro: "When stories are told. Only in a wave that is open do stories come into the study at once. Other stories are not lost: they wait for a decision.",
  none: "There is no wave yet. Make the first one, with its name and the days on which stories are told.",
  add: "Add a wave",
  change: "Change",
  save: "Save",
  cancel: "Cancel",
  number: (n) => `Wave ${n}`,
  label: "Name",
  labelIn: (language) => `Name in ${language}`,
  labelMissing: "Fill in a name.",
  key: "Key",
  keyHelp: "Short name in files, such as 1 or 2. It does not change later.",
  ordinal: "Place in the order of waves",
  opensOn: "First day",
  closesOn: "Last day",
  window: (from, to) => `${from} to ${to}`,
  from: (from) => `from ${from}`,
  until: (to) => `until ${to}`,
  noWindow: "no days planned yet",
  wrongWindow: "The last day is before the first.",
  wrongKey: "A key has small letters, digits and single hyphens.",
  taken: "Another wave has this key or this place.",
  dates: "The days are a plan: you open and close a wave yourself.",
  states: { planned: "Planned", open: "Open", closing: "Closing", closed: "Closed" },
  means: {
    planned: "Stories for this wave are still held.",
    open: "Stories are told.",
    closing: "No new conversations. Stories that are still on phones come in as usual.",
    closed: "Finished. Stories that still come now are held.",
  },
  steps: { planned: "Back to planned", open: "Open", closing: "Let it run out", closed: "Close", reopen: "Open again" },
  sure: {
    title: (step, wave) => `${step}: ${wave}?`,
    yes: "Yes, do this",
  },
};
