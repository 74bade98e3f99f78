/** What a school is told of its cards: made, issued, blocked, handed in. */
import type { BusinessDate, Card, CardState, CardUid, Directive, DirectiveOf, School } from "@trapeza/protocol";
import type { Application } from "./application.js";
import type { Holder } from "./holder.js";

/** P2.6: the guaranteed life of a card. */
const VALID_YEARS = 3;
const DAYS_A_YEAR = 365;

export const isOf = (card: Card, { holder, number }: Holder): boolean => (holder === "pupil" ? card.account : card.staff) === number;

function order(
  { uid, number, holder, account, staff, validThrough }: Card,
  state: CardState,
  by: "school" | "operator",
): DirectiveOf<"SetCard"> {
  return { kind: "SetCard", uid, number, holder, account, staff, state, by, validThrough };
}

/** Cards that end when this one is made: all of a pupil's, of an employee only the one that is replaced. */
function replacedBy(school: School, { account, kind, replaces }: Application): Card[] {
  const isReplaced = (card: Card) => (account !== null ? card.account === account : kind === "again" && card.uid === replaces);
  return [...school.cards.values()].filter((card) => isReplaced(card) && card.state !== "returned");
}

/** The new card, and an end to the old ones (P2.3): a card that is replaced is blocked by the operator, whose block nobody in the school lifts. */
export function making(school: School, application: Application, uid: CardUid, today: BusinessDate): Directive[] {
  const { account, staff, cause } = application;
  const ending = cause === "loss" || cause === "theft" ? "lost" : "blocked";
  const validThrough = (today + VALID_YEARS * DAYS_A_YEAR) as BusinessDate;
  const number = account === null ? (application.card ?? "") : (school.accounts.get(account)?.number ?? "");
  const holder = staff === null ? "pupil" : (school.staff.get(staff)?.role ?? "other");
  return [
    ...replacedBy(school, application).map((card) => order(card, ending, "operator")),
    { kind: "SetCard", uid, number, holder, account, staff, state: "issued", by: "operator", validThrough },
  ];
}

/** Handed out against signature: from now on it works. */
export function issuing(school: School, { uid }: Application): Directive[] {
  const card = school.cards.get(uid as CardUid);
  return card ? [order(card, "active", "operator")] : [];
}

export const handingIn = (card: Card): Directive => order(card, "returned", "school");

/** The next number of an employee's card: the school's own number and a running one, which nobody has or waits for. */
export function staffCardNumber(school: School, taken: readonly (string | null)[]): string {
  const begin = school.policy.number + "-";
  const numbers = [...[...school.cards.values()].map(({ number }) => number), ...taken];
  const running = numbers.flatMap((number) => (number?.startsWith(begin) ? [Number(number.slice(begin.length))] : []));
  return begin + String(Math.max(0, ...running.filter(Number.isInteger)) + 1).padStart(4, "0");
}
