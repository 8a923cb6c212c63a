// English words of Overview.

import type { OverviewWords } from "./overview.nl";

const percent = (share: number): string => `${Math.round(100 * share)}%`;

export const en: OverviewWords = {
  title: "Overview",
  response: "Who told",
  told: "told a story",
  expected: "a story is still expected",
  notTold: "did not tell",
  notToldWhy: "‘Did not tell’ is one number: nobody can see who could not, did not want to, or stopped.",
  noWaves: "There are no waves yet",
  noWavesText: "As soon as a wave begins, this shows who told.",
  noStories: "There are no stories yet",
  waveState: { planned: "planned", open: "going on now", closing: "being finished", closed: "closed" },
  responseOf: (told, all, expected, notTold) => {
    if (all === 0) return "There are no participants yet.";
    const rest = [expected > 0 ? `a story of ${expected} is still expected` : "", notTold > 0 ? `${notTold} did not tell` : ""];
    const tail = rest.filter((part) => part !== "").join(", ");
    return `${told} of the ${all} participants told${tail === "" ? "" : `; ${tail}`}.`;
  },
  stories: "How many stories there are",
  storiesBy: (what) => `Number of stories by ${what.toLowerCase()}`,
  countBy: "Count by",
  perspective: "Perspective",
  perspectives: "perspective",
  held: (count) => (count === 1 ? "There is a question about 1 story. It does not count." : `There are questions about ${count} stories. They do not count.`),
  tooFew: "too few people to show",
  nobody: "no answers yet",
  indicators: "All subjects at a glance",
  indicatorsHelp: "Each picture is one wave. The darker or higher, the more stories lie there. Orange is the middle. Choose a question to explore it.",
  whoseView: "Seen by",
  aboutTheStory: "About the story itself",
  waveShort: (ordinal) => `Wave ${ordinal}`,
  n: (count) => (count === 1 ? "1 story" : `${count} stories`),
  describe: {
    most: (what, share) => `Most stories (${percent(share)}): ${what}.`,
    centre: "in the middle",
    between: (a, b) => `between ${a} and ${b}`,
    middle: (position, first, second) => `The middle story lies at ${percent(position)} of the way from ‘${first}’ to ‘${second}’.`,
    stone: (stone, across, up) => `${stone}: ${percent(across)} from the left, ${percent(up)} from the bottom.`,
  },
};
