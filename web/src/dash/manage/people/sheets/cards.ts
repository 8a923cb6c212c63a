// Cards with codes, laid out on A4 sheets. A card holds the code that people type in the form, and nothing else: the secret
// that the server answers beside it is read by no screen, and what nobody reads must not lie about on paper.

import type { MadeParticipant, MadeTeller, Teller } from "../kit/types";

/** One card. */
export interface Card {
  /** Code with check character, as people type it. */
  code: string;
  /** Whose card it is: the perspective, or that of a participant. */
  whose: string;
}

/** Cards on one A4 sheet: two columns of five, each 95 by 55 mm. */
export const PER_SHEET = 10;

/** The sheets: each has at most `PER_SHEET` cards, in the order given. */
export function sheetsOf<T>(cards: readonly T[], perSheet = PER_SHEET): T[][] {
  const sheets: T[][] = [];
  for (let at = 0; at < cards.length; at += perSheet) sheets.push(cards.slice(at, at + perSheet));
  return sheets;
}

/** Cards of participants. */
export function participantCards(made: readonly MadeParticipant[], whose: string): Card[] {
  return made.map(({ participant }) => ({ code: participant.code, whose }));
}

/** Cards of tellers who were made; `whose` gives the words of a perspective. */
export function madeCards(made: readonly MadeTeller[], whose: (perspective: string) => string): Card[] {
  return tellerCards(made.map(({ teller }) => teller), whose);
}

/** Cards of tellers; whoever stopped gets none. */
export function tellerCards(tellers: readonly Teller[], whose: (perspective: string) => string): Card[] {
  return tellers
    .filter((teller) => !teller.withdrawnAt)
    .map((teller) => ({ code: teller.code, whose: whose(teller.perspective) }));
}

/** The cards of participants who tell their own story: the teller has the same code, so one card is enough. */
export function ownCards(participants: readonly Card[], tellers: readonly Card[]): Card[] {
  const byCode = new Map(tellers.map((card) => [card.code, card]));
  return participants.map((card) => byCode.get(card.code) ?? card);
}
