// Words of what is printed for the fieldwork, in English.

import type { SheetWords } from "./people-sheets.nl";

export const en: SheetWords = {
  title: "Cards with codes",
  printCards: (n: number) => (n === 1 ? "Print 1 card" : `Print ${n} cards`),
  how: (cards: number, sheets: number) =>
    `Print ${cards === 1 ? "the card" : `the ${cards} cards`} on A4 (${sheets === 1 ? "1 sheet" : `${sheets} sheets`}) and cut them. Give everybody their own card. The codes stay in the list.`,
  print: "Print",
  done: "Done",
  stay: "Back to the assignment",
  closeNow: "Close",
  sheet: (n: number, of: number) => `Sheet ${n} of ${of}`,
  keep: "Keep this card. With this code your story belongs to you, without your name.",
  participant: "Participant",
  assignment: {
    title: "Assignment for a story facilitator",
    once: "This link works once, on one phone. You see it only now.",
    forWhom: "For",
    project: "Study",
    wave: "Wave",
    perspectives: "Stories of",
    until: "To be used until",
    steps: [
      "Point the camera of your phone at the square code.",
      "Open the link and wait until everything is on the phone. After that you need no internet.",
      "Does that not work? Open the link below, or type the code in the form.",
    ],
    steptitle: "How to begin",
    link: "Link",
    code: "Code",
    qr: "QR code of the link",
    leave: "Did you give or print the assignment?",
    gone: "Once closed, the link is not shown again. You can make a new assignment.",
    share: "Copy the link",
  },
};
