// Words of the waves, in Dutch.

export const nl = {
  title: "Meetmomenten",
  intro: "Wanneer er verhalen worden verteld. Alleen bij een meetmoment dat open is, komen verhalen meteen in het onderzoek. Andere verhalen gaan niet verloren: die wachten op een besluit.",
  none: "Er is nog geen meetmoment. Maak het eerste, met de naam en de dagen waarop verhalen worden verteld.",
  add: "Meetmoment toevoegen",
  change: "Veranderen",
  save: "Opslaan",
  cancel: "Annuleren",
  number: (n: number) => `Meetmoment ${n}`,
  label: "Naam",
  labelIn: (language: string) => `Naam in het ${language}`,
  labelMissing: "Vul een naam in.",
  key: "Sleutel",
  keyHelp: "Korte naam in bestanden, zoals 1 of 2. Die verandert later niet meer.",
  ordinal: "Het hoeveelste meetmoment",
  opensOn: "Eerste dag",
  closesOn: "Laatste dag",
  window: (from: string, to: string) => `${from} tot en met ${to}`,
  from: (from: string) => `vanaf ${from}`,
  until: (to: string) => `tot en met ${to}`,
  noWindow: "nog geen dagen gepland",
  wrongWindow: "De laatste dag ligt voor de eerste.",
  wrongKey: "Een sleutel bestaat uit kleine letters, cijfers en losse streepjes.",
  taken: "Deze sleutel of dit volgnummer is al van een ander meetmoment.",
  dates: "De dagen zijn een plan: openen en sluiten doet u zelf.",
  states: { planned: "Gepland", open: "Open", closing: "Loopt af", closed: "Gesloten" },
  means: {
    planned: "Verhalen voor dit meetmoment worden nog vastgehouden.",
    open: "Er worden verhalen verteld.",
    closing: "Geen nieuwe gesprekken meer. Verhalen die nog op telefoons staan, komen gewoon binnen.",
    closed: "Klaar. Verhalen die nu nog komen, worden vastgehouden.",
  },
  steps: { planned: "Terug naar gepland", open: "Openen", closing: "Laten aflopen", closed: "Sluiten", reopen: "Weer openen" },
  sure: {
    title: (step: string, wave: string) => `${step}: ${wave}?`,
    yes: "Ja, doe dit",
  },
};

export type WavesWords = typeof nl;
