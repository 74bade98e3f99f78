/** P2.6: a card lives three years, and is made again before that for whoever pays (P2.3, P2.5). */
import type { BusinessDate, Card, School } from "@trapeza/protocol";
import type { Application } from "./application.js";
import { holderOf } from "./application-desk.js";
import { isOf } from "./card-orders.js";

/** 30 working days to make one (R2.4) are about six weeks; who is told two months before loses no meal. */
const WARNING_DAYS = 60;

export interface Expiring {
  readonly card: Card;
  readonly isOver: boolean;
}

/** Cards in use that end soon or have ended, the most urgent first; without those that are being replaced. */
export function expiringCards(school: School, applications: readonly Application[], today: BusinessDate): Expiring[] {
  const underWay = applications.filter(({ state, kind }) => state !== "issued" && kind === "again");
  const isReplaced = (card: Card) => underWay.some((one) => isOf(card, holderOf(one)) && (one.replaces ?? card.uid) === card.uid);
  const isHere = ({ account }: Card) => account === null || school.accounts.get(account)?.status === "open";
  return [...school.cards.values()]
    .filter((card) => card.state === "active" && card.validThrough < today + WARNING_DAYS && card.blockedBy.length === 0)
    .filter((card) => isHere(card) && !isReplaced(card))
    .sort((a, b) => a.validThrough - b.validThrough)
    .map((card) => ({ card, isOver: card.validThrough < today }));
}
