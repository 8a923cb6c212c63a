/** Dutch words of the plots, reading level B1. */
export const nl = {
  near: (label: string): string => `bij ‘${label}’`,
  towards: (label: string): string => `meer naar ‘${label}’`,
  between: (a: string, b: string): string => `tussen ‘${a}’ en ‘${b}’`,
  centre: "in het midden",
  middle: "in het midden",
  and: " en ",

  answered: (n: string, one: boolean): string => (one ? `${n} antwoord` : `${n} antwoorden`),
  notApplicable: (n: string): string => `${n} gaat hier niet over`,
  unknown: (n: string): string => `${n} weet ik niet`,
  declined: (n: string): string => `${n} zeg ik liever niet`,
  skipped: (n: string): string => `${n} overgeslagen`,
  /** Names of the same in a table. */
  states: {
    answered: "antwoord",
    notApplicable: "gaat hier niet over",
    unknown: "weet ik niet",
    declined: "zeg ik liever niet",
    skipped: "overgeslagen",
  },
  tooFew: "Te weinig mensen om te laten zien.",
  nobody: "Nog geen antwoorden.",
  all: "Alle verhalen",
  selection: "Keuze",

  table: "De getallen",
  part: "Deel",
  count: (group: string): string => (group === "" ? "verhalen" : `${group}: verhalen`),
  share: (group: string): string => (group === "" ? "deel" : `${group}: deel`),
  between95: (group: string): string => (group === "" ? "zou kunnen zijn" : `${group}: zou kunnen zijn`),
  range: (low: string, high: string): string => `${low} tot ${high}`,
  from: (part: string, stone: string): string => `${stone}: ${part}`,

  numbersFile: "Getallen (CSV)",
  dotsFile: "Stippen (CSV)",
  pictureFile: "Plaatje (SVG)",

  walk: (n: string): string => `${n} stippen. Kies met de pijltjes een stip; met Enter leest u het verhaal.`,
  dot: (i: string, n: string): string => `Stip ${i} van ${n}`,
  closed: "Dit verhaal mag u niet lezen.",
  brush: "Deel aanwijzen met de toetsen",
  brushHelp: "Pijltjes: verplaatsen. Shift met pijltjes: groter of kleiner. Enter: kiezen. Escape: stoppen.",
  choosePart: "Kies een deel",
  chooseStone: "Kies een steen",
  noPart: "geen deel gekozen",
  clearPart: "Keuze weg",
  draw: "Teken een lijn om een deel van de figuur.",

  describe: {
    most: (label: string, count: string, n: string): string => `De meeste ${label}: ${count} van ${n}.`,
    then: (label: string, count: string): string => `Daarna ${label}: ${count}.`,
    half: (low: string, high: string, left: string, right: string): string =>
      `De helft ligt tussen ${low} en ${high}, van ‘${left}’ (0) naar ‘${right}’ (100).`,
    place: (stone: string, x: string, right: string, y: string, top: string): string =>
      `${stone}: ${x} van 100 naar ‘${right}’ en ${y} van 100 naar ‘${top}’.`,
    options: (list: string): string => `${list}.`,
    option: (label: string, count: string): string => `${label}: ${count}`,
    mostly: (label: string, percent: string): string => `vooral ‘${label}’ (${percent})`,
    even: "alle drie ongeveer even veel",
    position: (at: string, left: string, right: string): string => `${at} van 100, van ‘${left}’ naar ‘${right}’`,
    spread: "Verspreid over de figuur.",
  },
  hotspot: (n: string): string => `Hier liggen opvallend veel stippen: ${n} mensen`,
  legendArrow: "pijl: van het eerste naar het laatste moment, dezelfde mensen",
  legendCentre: "ring: het midden van de stippen",
};

export type PlotWords = typeof nl;
