/**
 * How a guardian proves that a child's account is theirs, beside the school's own list of phones: by the last payment, or by a one-time password that the
 * till prints for whoever holds the card. Both are looked up in the school's journal, so nothing has to be handed over to us.
 */
import { scrypt } from "node:crypto";
import { toHex } from "@trapeza/protocol";
import type { AccountNumber, BusinessDate, Event, EventOf } from "@trapeza/protocol";
import { decodeEvent, findHome } from "../school-book.js";
import type { Library } from "../school-book.js";
import type { Store } from "../store/store.js";
import { localMoment } from "../web/date-text.js";
import { createAllowance } from "./allowance.js";
import type { ChildLink } from "./store.js";

/** The till's own cost, see access codes in the gateway. */
const CODE_COST = { N: 16384, r: 8, p: 1 };
const CODE_BYTES = 32;
/** So old a payment nobody has a receipt of. */
const PAYMENT_DAYS = 400;
const CODE_DAYS = 31;
const HOUR_MS = 3600 * 1000;

export interface LinkDesk {
  /** `null`: no such account, another sum or another day, or too many tries. Which of them is nobody's business. */
  readonly byPayment: (asker: string, number: string, date: BusinessDate, amount: number) => Promise<ChildLink | null>;
  /** Uses the password up. */
  readonly byCode: (asker: string, number: string, code: string) => Promise<ChildLink | null>;
}

export interface LinkOptions {
  readonly store: Store;
  readonly library: Library;
  readonly now: () => number;
}

/**
 * `asker`: who tries, as a phone. A date and a round sum can be guessed: one account bears five tries a day by all askers together. A till's password has
 * ten digits, so an account bears many more of these, and nobody is kept from using theirs.
 */
export function createLinkDesk({ store, library, now }: LinkOptions): LinkDesk {
  const ofAsker = createAllowance(10, HOUR_MS, now);
  const paymentsOf = createAllowance(5, 24 * HOUR_MS, now);
  const codesOf = createAllowance(50, HOUR_MS, now);
  const eventsOf = async ({ school, account }: ChildLink, days: number): Promise<Event[]> => {
    const today = await todayIn(library, school, now());
    const rows = await store.entriesOf(school, account, (today - days) as BusinessDate, (today + 1) as BusinessDate);
    return rows.flatMap(({ bytes }) => decodeEvent(bytes) ?? []);
  };
  const homeOf = (number: string): ChildLink | null => {
    const home = findHome(library, number as AccountNumber);
    return home && { school: home.school, account: home.account };
  };
  return {
    async byPayment(asker, number, date, amount) {
      if (!ofAsker.take(asker) || !paymentsOf.take(number)) return null;
      const child = homeOf(number);
      const last = child && lastPayment(await eventsOf(child, PAYMENT_DAYS), child.account);
      if (!last || last.date !== date || last.amount !== amount) return null;
      paymentsOf.restore(number);
      return child;
    },
    async byCode(asker, number, code) {
      if (!ofAsker.take(asker) || !codesOf.take(number)) return null;
      const child = homeOf(number);
      if (!child) return null;
      const issued = (await eventsOf(child, CODE_DAYS)).flatMap(({ body }) => (body.kind === "AccessCodeIssued" ? [body] : [])).at(-1);
      const today = await todayIn(library, child.school, now());
      if (!issued || issued.validThrough < today || !(await matches(issued, code))) return null;
      return (await store.people.useCode(toHex(issued.digest), now())) ? child : null;
    },
  };
}

/** The last payment as its receipt says it: all notes of one visit together, or a payment from afar. */
export function lastPayment(events: readonly Event[], account: number): { date: BusinessDate; amount: number } | null {
  const last = { date: 0 as BusinessDate, amount: 0, visit: "" };
  for (const { body, date } of events) {
    if (body.kind === "TopUpCredited") {
      const visit = body.terminal + "/" + body.visit + "/" + date;
      Object.assign(last, { date, amount: (last.visit === visit ? last.amount : 0) + body.note, visit });
    }
    if (body.kind !== "DirectiveApplied" || body.outcome !== "applied") continue;
    const { directive } = body;
    const isPayment = directive.kind === "TopUp" && directive.account === account && directive.source === "payment";
    if (isPayment) Object.assign(last, { date, amount: directive.main + directive.additional, visit: "" });
  }
  return last.amount > 0 ? { date: last.date, amount: last.amount } : null;
}

function matches({ salt, digest }: EventOf<"AccessCodeIssued">, code: string): Promise<boolean> {
  const digits = code.replace(/\s/g, "");
  return new Promise((resolve, reject) =>
    scrypt(digits, salt, CODE_BYTES, CODE_COST, (error, key) => (error ? reject(error) : resolve(Buffer.from(digest).equals(key)))),
  );
}

async function todayIn(library: Library, school: number, nowMs: number): Promise<BusinessDate> {
  const { state } = await library.book(school);
  return Math.max(state.date, localMoment(nowMs, state.policy.zoneMinutes).date) as BusinessDate;
}
