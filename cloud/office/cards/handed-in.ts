/** Cards handed in on leaving (P5.1, R8.1): they work nowhere from that moment, and lie at the school until the operator has them (R8.2). */
import type { BusinessDate, Card, CardUid } from "@trapeza/protocol";
import type { Office } from "../office.js";
import type { Who } from "../people/import-desk.js";
import type { OfficeTransaction } from "../store/open.js";
import { handingIn } from "./card-orders.js";
import type { Holder } from "./holder.js";

export interface HandedIn {
  readonly id: number;
  readonly uid: string;
  readonly card: string;
  readonly account: number | null;
  readonly staff: number | null;
  readonly handedOn: BusinessDate;
  readonly handedTo: string;
  /** `null`: it lies at the school. */
  readonly takenOn: BusinessDate | null;
  readonly takenBy: string | null;
}

/** Newest last. */
export async function handedIn({ database }: Office, school: number): Promise<HandedIn[]> {
  const query = database.selectFrom("officeHandedIn").selectAll().where("school", "=", school).orderBy("id");
  return (await query.execute()) as unknown as HandedIn[];
}

/** Within a change that tells the school of it: who has taken these cards from their holders. */
export async function writeHandedIn(
  transaction: OfficeTransaction,
  { login, school }: Who,
  cards: readonly Card[],
  on: BusinessDate,
): Promise<void> {
  if (cards.length === 0) return;
  const rows = cards.map(({ uid, number, account, staff }) => ({
    school,
    uid,
    card: number,
    account,
    staff,
    handedOn: on,
    handedTo: login,
  }));
  await transaction.insertInto("officeHandedIn").values(rows).execute();
}

/** One card of an employee, who may have others and stay. `null`: no such card, or it is handed in already. */
export async function handInCard(office: Office, { login, school }: Who, uid: string, { number }: Holder): Promise<true | null> {
  const card = (await office.told(school)).school.cards.get(uid as CardUid);
  if (!card || card.staff !== number || card.state === "returned") return null;
  const today = await office.today(school);
  return office.change({ login, school, what: "cards.handIn", subject: "employee " + number }, async (transaction) => {
    await writeHandedIn(transaction, { login, school }, [card], today);
    const change = { before: { card: card.number, state: card.state }, after: { card: card.number, state: "returned" } };
    return { ...change, directives: [handingIn(card)], value: true as const };
  });
}

/** The operator has all that lay at the school. Returns how many there were. */
export async function takeHandedIn(office: Office, { login, school }: Who): Promise<number> {
  const waiting = (await handedIn(office, school)).filter(({ takenOn }) => takenOn === null);
  if (waiting.length === 0) return 0;
  const takenOn = await office.today(school);
  return office.change({ login, school, what: "cards.takeBack", subject: "cards handed in, " + waiting.length }, async (transaction) => {
    const ids = waiting.map(({ id }) => id);
    await transaction.updateTable("officeHandedIn").set({ takenOn, takenBy: login }).where("id", "in", ids).execute();
    return { before: null, after: { cards: waiting.map(({ card }) => card) }, value: waiting.length };
  });
}
