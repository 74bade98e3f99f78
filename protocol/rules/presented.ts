/** The checks that many operations share: the terminal that asks, the card it was shown, the account behind it. */
import type { Reason } from "../wire/reason.js";
import type { TerminalKind } from "../wire/up.js";
import type { CardUid } from "../wire/units.js";
import type { Context, Payer } from "./request.js";
import type { Account, Card, School, Shift, Staff, Terminal } from "./school.js";

type Check = () => boolean;
type Asked<R extends Reason> = { readonly [K in R]: Check };

/**
 * A question about a terminal, a card or an account. About one that nobody knows the answer is no: "unknown_…" comes first in the order of refusals.
 */
export function about<T>(known: T | null, question: (known: T) => boolean): Check {
  return () => known !== null && question(known);
}

export function terminalOf(school: School, context: Context): Terminal | null {
  return school.terminals.get(context.terminal) ?? null;
}

/** `kind`: the terminals that may ask this at all; `null` for any. */
export function terminalChecks(school: School, context: Context, kind: TerminalKind | null): Asked<"unknown_terminal" | "out_of_service"> {
  const terminal = terminalOf(school, context);
  return {
    unknown_terminal: () => terminal === null,
    out_of_service: about(terminal, ({ service, terminalKind }) => service === "closed" || (kind !== null && terminalKind !== kind)),
  };
}

/** `accepts`: the holders that this operation wants. */
export function cardChecks(
  card: Card | null,
  context: Context,
  accepts: (card: Card) => boolean,
): Asked<"unknown_card" | "card_not_active" | "card_lost" | "card_blocked" | "card_expired" | "card_suspect" | "wrong_holder"> {
  return {
    unknown_card: () => card === null,
    card_not_active: about(card, ({ state }) => state === "issued" || state === "returned"),
    card_lost: about(card, ({ state }) => state === "lost"),
    card_blocked: about(card, ({ blockedBy }) => blockedBy.length > 0),
    card_expired: about(card, ({ validThrough }) => context.date > validThrough),
    card_suspect: about(card, ({ suspect }) => suspect),
    wrong_holder: about(card, (shown) => !accepts(shown)),
  };
}

/** Who may not spend: an account on its way out, or one whose old balance is still on its way in. */
export function spenderChecks(account: Account | null): Asked<"unknown_account" | "account_closed" | "account_moved"> {
  return {
    unknown_account: () => account === null,
    account_closed: about(account, ({ status }) => status === "closing" || status === "closed"),
    account_moved: about(account, ({ status }) => status === "moved" || status === "arriving"),
  };
}

/** Who may eat organised meals: a newcomer already may, while the buffet waits for the old balance (rule 12). */
export function eaterChecks(account: Account | null): Asked<"unknown_account" | "account_closed" | "account_moved"> {
  return { ...spenderChecks(account), account_moved: about(account, ({ status }) => status === "moved") };
}

/** Who may be credited: everybody who has not left for good. */
export function payeeChecks(account: Account | null): Asked<"unknown_account" | "account_closed" | "account_moved"> {
  return { ...eaterChecks(account), account_closed: about(account, ({ status }) => status === "closed") };
}

export function cardOf(school: School, uid: CardUid | null): Card | null {
  return uid === null ? null : (school.cards.get(uid) ?? null);
}

export function accountOf(school: School, id: number | null): Account | null {
  return id === null ? null : (school.accounts.get(id) ?? null);
}

/** Whose purse a card or a place on the class list stands for; `null` for a card without one. */
export function accountOfPayer(school: School, payer: Payer): number | null {
  return payer.by === "list" ? payer.account : (cardOf(school, payer.uid)?.account ?? null);
}

export function staffOf(school: School, card: Card | null): Staff | null {
  return card === null || card.staff === null ? null : (school.staff.get(card.staff) ?? null);
}

export function shiftOf(school: School, context: Context): Shift | null {
  return terminalOf(school, context)?.shift ?? null;
}
