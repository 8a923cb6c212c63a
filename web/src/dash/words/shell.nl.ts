// Dutch words of the shell: login, account, choice of a study, navigation and shared parts.

import type { Area } from "../router.svelte";
import type { EvidenceClass, Role } from "../types";

const areas: Record<Area, string> = {
  overview: "Overzicht",
  explore: "Verkennen",
  patterns: "Patronen",
  read: "Lezen",
  workshop: "Werksessie",
  manage: "Beheer",
};

const roles: Record<Role, string> = {
  owner: "eigenaar",
  coordinator: "coördinator",
  researcher: "onderzoeker",
  externalResearcher: "externe onderzoeker",
  workgroup: "werkgroep",
  facilitator: "begeleider",
};

const evidence: Record<EvidenceClass, string> = {
  clear: "Duidelijk",
  "worth-exploring": "Aanwijzing",
  "could-be-chance": "Kan toeval zijn",
  "too-few": "Te weinig verhalen",
};

const byCode: Record<string, string> = {
  offline: "De server is niet bereikbaar. Controleer de verbinding en probeer het opnieuw.",
  unauthorised: "U bent niet (meer) ingelogd, of het adres en het wachtwoord horen niet bij elkaar.",
  secondFactorNeeded: "Vul ook de code van uw app in.",
  wrongCode: "Deze code klopt niet, is te oud of is al gebruikt.",
  forbidden: "Dit mag u in dit onderzoek niet.",
  notFound: "Dit is er niet (meer), of u mag het niet zien.",
  gone: "Dit werkt niet meer. Begin opnieuw, of vraag om een nieuwe uitnodiging.",
  loginRefused: "Het inloggen bij uw organisatie is niet gelukt. Begin opnieuw.",
  noAccount: "Bij deze inlog van uw organisatie hoort nog geen account. Neem eerst een uitnodiging aan, of log in met uw wachtwoord en koppel de inlog in ‘Mijn account’.",
  accountExists: "Er is al een account met dit adres. Log in met het wachtwoord en koppel daarna de inlog van uw organisatie.",
  notReturned: "Het inloggen bij uw organisatie is nog niet klaar. Begin opnieuw.",
  invalidInput: "Er klopt nog iets niet aan wat is ingevuld.",
  unavailable: "De server kan nu niet antwoorden. Er is niets bewaard; probeer het straks opnieuw.",
  internal: "Er ging iets mis op de server. Probeer het straks opnieuw.",
  changedMeanwhile: "Iemand anders heeft dit intussen veranderd. Laad het opnieuw en bekijk wat er nu staat.",
  noFramework: "Dit onderzoek heeft nog geen vragen.",
  underWay: "Het inloggen wordt al afgerond. Wacht even.",
  providerUnavailable: "De inlog van uw organisatie is niet bereikbaar. Met uw wachtwoord kunt u wel inloggen.",
  alreadyLinked: "Deze inlog is al aan een account gekoppeld.",
  lastWay: "Zo komt u zelf niet meer binnen. Stel eerst een wachtwoord in.",
  secondFactorOn: "De tweede stap staat al aan.",
  secondFactorOff: "De tweede stap staat al uit.",
  nothingToConfirm: "Er is geen tweede stap om aan te zetten. Begin opnieuw.",
  frozen: "De verhalen zijn vastgezet voor een werksessie.",
  tooFewPeople: "Dit zijn te weinig mensen om te tonen.",
  withdrawn: "Dit verhaal is ingetrokken.",
  lastOwner: "Een onderzoek houdt altijd ten minste één eigenaar.",
  conflict: "Dit kan zo niet: het past niet bij wat er al is.",
};

const byField: Record<string, string> = {
  required: "dit moet ingevuld zijn",
  weakPassword: "dit wachtwoord is te makkelijk te raden; neem ten minste 12 tekens, bijvoorbeeld een zin",
  tooLong: "dit is te lang",
  tooShort: "dit is te kort",
  unknownKey: "dit is niet bekend",
  unknownOption: "dit is niet bekend",
};

function wait(seconds: number): string {
  const minutes = Math.ceil(seconds / 60);
  return seconds < 90 ? `Probeer het over ${seconds} seconden opnieuw.` : `Probeer het over ${minutes} minuten opnieuw.`;
}

export const nl = {
  areas,
  roles,
  evidence,
  loading: "Wordt geladen …",
  retry: "Opnieuw proberen",
  close: "Sluiten",
  cancel: "Annuleren",
  save: "Bewaren",
  skip: "Naar de inhoud",
  mainNavigation: "Onderdelen van het onderzoek",
  language: "Taal",
  wholeDocument: "het geheel",
  sortBy: (column: string): string => `Sorteren op ${column}`,
  tooFew: "Te weinig mensen om te tonen",
  tooFewWhy: "Van een kleine groep tonen we niets, zodat niemand te herkennen is.",
  problems: (code: string, status: number, retryAfter: number | null): string => {
    if (status === 429) return `Er is te vaak geprobeerd. ${wait(retryAfter ?? 60)}`;
    const known = byCode[code];
    if (known) return known;
    if (status >= 500) return "Er ging iets mis op de server. Probeer het straks opnieuw.";
    if (status === 400) return "Er klopt nog iets niet aan wat is ingevuld.";
    if (status === 403) return "Dit mag u in dit onderzoek niet.";
    if (status === 404) return "Dit is er niet (meer), of u mag het niet zien.";
    return `Dit is niet gelukt (${code}).`;
  },
  fieldProblem: (code: string, message: string): string => byField[code] ?? message,
  // Login
  signIn: "Inloggen",
  signInTitle: "Inloggen bij duiding",
  signInAgainTitle: "Log opnieuw in",
  signInAgain: "U was te lang niet actief of op een andere plek uitgelogd. Wat u invulde, staat er nog.",
  intro: "Verhalen van mensen, en de patronen die erin te zien zijn.",
  email: "E-mailadres",
  password: "Wachtwoord",
  code: "Code van uw app",
  codeHelp: "De zes cijfers die uw app nu toont, of een herstelcode.",
  wrongLogin: "Het adres en het wachtwoord horen niet bij elkaar.",
  or: "of",
  signOut: "Uitloggen",
  forgotten: "Wachtwoord vergeten? Vraag de beheerder van uw server om een nieuw wachtwoord.",
  startOver: "Opnieuw beginnen",
  // Invitation
  invitationTitle: "U bent uitgenodigd",
  invitationText: "Vul het e-mailadres in waarop u de uitnodiging kreeg. Hebt u al een account met dit adres? Gebruik dan uw eigen wachtwoord.",
  name: "Naam",
  nameHelp: "Zo zien anderen u. Alleen nodig als u nog geen account hebt.",
  newPasswordHelp: "Ten minste 12 tekens. Een zin die alleen u kent werkt goed.",
  acceptInvitation: "Uitnodiging aannemen",
  noInvitation: "Inloggen zonder uitnodiging",
  // Studies
  projectsTitle: "Uw onderzoeken",
  noProjects: "U hebt nog geen onderzoek.",
  noProjectsText: "Vraag de eigenaar van een onderzoek om een uitnodiging.",
  yourRole: (role: string): string => `U bent hier ${role}`,
  changeProject: "Ander onderzoek",
  noFrameworkTitle: "Dit onderzoek heeft nog geen vragen",
  noFrameworkText: "Zolang er geen duidingskader is vastgesteld, zijn er geen verhalen om te bekijken. Een onderzoeker maakt het kader bij Beheer.",
  notForYou: "Dit deel is niet voor uw rol in dit onderzoek.",
  notForYouText: "Wie verhalen leest, regelt het veldwerk niet, en andersom. Zo blijven vertellers beschermd.",
  facilitatorOnly: "U verzamelt verhalen met de app op uw telefoon. Bij Beheer leest u wat dit onderzoek met gegevens doet.",
  areaFailed: "Dit deel kon niet worden geladen. Laad de pagina opnieuw.",
  reloadPage: "Pagina opnieuw laden",
  // Account
  account: "Mijn account",
  accountOf: (email: string): string => `Ingelogd als ${email}`,
  factorMust: "Op deze server heeft iedereen een tweede stap bij het inloggen nodig. Stel die hier in; daarna kunt u verder.",
  factorTitle: "Tweede stap bij het inloggen",
  factorOff: "Staat uit. Met een tweede stap kan niemand met alleen uw wachtwoord naar binnen.",
  factorOn: (left: string): string => `Staat aan. U hebt nog ${left} herstelcodes.`,
  factorBegin: "Tweede stap instellen",
  factorScan: "Scan deze code met een app voor inlogcodes op uw telefoon.",
  factorQr: "QR-code voor de app",
  factorSecret: "Lukt scannen niet? Typ deze sleutel in de app:",
  factorConfirm: "Aanzetten",
  factorRemove: "Tweede stap uitzetten",
  factorNewCodes: "Nieuwe herstelcodes maken",
  recoveryTitle: "Uw herstelcodes",
  recoveryText: "Bewaar deze codes op papier. Elke code werkt één keer, als u uw telefoon niet hebt. U ziet ze alleen nu.",
  recoveryFile: "Herstelcodes bewaren",
  currentPassword: "Huidig wachtwoord",
  newPassword: "Nieuw wachtwoord",
  passwordTitle: "Wachtwoord",
  passwordChange: "Wachtwoord wijzigen",
  passwordText: "Daarna bent u overal elders uitgelogd.",
  passwordDone: "Uw wachtwoord is gewijzigd. Elders bent u uitgelogd.",
  continue: "Verder",
  sessionsTitle: "Waar u bent ingelogd",
  sessionHere: "dit apparaat",
  sessionUnknown: "onbekend apparaat",
  sessionLast: "Laatst gebruikt",
  sessionEnd: "Uitloggen",
  /** Where somebody logged in, as the server says it: `Firefox on Linux`, `a program`. */
  sessionDevice: (device: string): string => device.replace(/^a program\b/, "een programma").replace(" on ", " op "),
  sessionEndOf: (device: string): string => `Uitloggen op ${device}`,
  sessionsEnd: "Overal elders uitloggen",
  identitiesTitle: "Inloggen via uw organisatie",
  identitiesNone: "Nog niet gekoppeld.",
  identityLink: "Inlog van uw organisatie koppelen",
  identityUnlink: "Koppeling verwijderen",
  identityLinked: "De inlog van uw organisatie is gekoppeld.",
  linkedSince: (date: string): string => `gekoppeld op ${date}`,
};

/** What every language of the shell has. */
export type ShellWords = typeof nl;
