// Words of what is printed for the fieldwork, in Dutch.

export const nl = {
  title: "Kaartjes met codes",
  printCards: (n: number) => (n === 1 ? "1 kaartje afdrukken" : `${n} kaartjes afdrukken`),
  how: (cards: number, sheets: number) =>
    `Druk ${cards === 1 ? "het kaartje" : `de ${cards} kaartjes`} af op A4 (${sheets === 1 ? "1 blad" : `${sheets} bladen`}) en knip ze uit. Geef ieder het eigen kaartje. De codes blijven in de lijst staan.`,
  print: "Afdrukken",
  done: "Klaar",
  stay: "Terug naar de opdracht",
  closeNow: "Sluiten",
  sheet: (n: number, of: number) => `Blad ${n} van ${of}`,
  keep: "Bewaar dit kaartje. Met deze code hoort uw verhaal bij u, zonder uw naam.",
  participant: "Deelnemer",
  assignment: {
    title: "Opdracht voor een verhalenbegeleider",
    once: "Deze link werkt één keer, op één telefoon. U ziet hem alleen nu.",
    forWhom: "Voor",
    project: "Onderzoek",
    wave: "Meetmoment",
    perspectives: "Verhalen van",
    until: "Te gebruiken tot en met",
    steps: [
      "Richt de camera van uw telefoon op de vierkante code.",
      "Open de link en wacht tot alles op de telefoon staat. Daarna hebt u geen internet meer nodig.",
      "Lukt dat niet? Open dan de link hieronder, of typ de code in het formulier.",
    ],
    steptitle: "Zo begint u",
    link: "Link",
    code: "Code",
    qr: "QR-code van de link",
    leave: "Hebt u de opdracht gegeven of afgedrukt?",
    gone: "Na sluiten is de link niet meer te zien. U kunt wel een nieuwe opdracht maken.",
    share: "Link kopiëren",
  },
};

export type SheetWords = typeof nl;
