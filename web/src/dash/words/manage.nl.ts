// Words of the frame of the manage area, in Dutch.

export const nl = {
  title: "Beheer",
  menu: "Onderdelen van beheer",
  groups: { study: "Onderzoek", people: "Mensen", rights: "Rechten en gegevens" },
  sections: {
    framework: "Duidingskader",
    waves: "Meetmomenten",
    release: "Verhalen vrijgeven",
    snapshot: "Stand voor de werkgroep",
    participants: "Deelnemers",
    tellers: "Vertellers",
    collecting: "Verzamelen",
    response: "Respons",
    subjects: "Rechten van personen",
    members: "Leden",
    tokens: "Toegangssleutels",
    thresholds: "Drempels",
    retention: "Bewaartermijnen",
    audit: "Logboek",
    exports: "Bestanden",
    webhooks: "Meldingen aan systemen",
    register: "Verwerkingsregister",
  },
};

export type ManageWords = typeof nl;
