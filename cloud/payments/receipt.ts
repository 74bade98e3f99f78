/**
 * The receipt that goes to the address which a payer has left: what was paid for whom, when, and what the service cost; to a telephone the sum alone. It
 * says that the money has been taken, not that the purse has it, and that it is no till's receipt. A crash between sending and remembering sends it again.
 */
import type { Message, Messenger } from "../people/messenger.js";
import type { Library } from "../school-book.js";
import type { Store } from "../store/store.js";
import { dateDigits, localMoment } from "../web/date-text.js";
import { moneyText } from "../web/money-text.js";
import type { Order } from "./order.js";
import { en } from "./words-receipt.en.js";
import { ru } from "./words-receipt.ru.js";

/** What is older is in the history. */
const NEWS_MS = 24 * 3600_000;
/** After a refusal of whoever carries letters. */
const RETRY_MS = 120_000;
const MOST_AT_ONCE = 100;

export interface ReceiptOptions {
  readonly store: Store;
  readonly library: Library;
  readonly messenger: Messenger;
  readonly now: () => number;
  readonly onError: (error: Error) => void;
}

/** To be called every few seconds. */
export function createReceiptPost({ store, library, messenger, now, onError }: ReceiptOptions): { readonly tick: () => Promise<void> } {
  const restUntil = new Map<number, number>();
  return {
    async tick() {
      for (const order of await store.payments.receiptsDue(now() - NEWS_MS, MOST_AT_ONCE)) {
        if ((restUntil.get(order.number) ?? 0) > now()) continue;
        try {
          await messenger.send(await receiptFor(store, library, order));
          await store.payments.receiptSent(order.number, now());
          restUntil.delete(order.number);
        } catch (error) {
          restUntil.set(order.number, now() + RETRY_MS);
          onError(error as Error);
        }
      }
    },
  };
}

/** In the payer's language, where we know it. */
async function receiptFor(store: Store, library: Library, order: Order): Promise<Message> {
  const language = order.payer === null ? "ru" : ((await store.people.contact(order.payer))?.language ?? "ru");
  const words = language === "ru" ? ru : en;
  const paidMs = (await store.payments.history(order.number)).find(({ state }) => state === "authorised")?.atMs ?? order.createdMs;
  const { policy } = (await library.book(order.lines[0].school)).state;
  const { date, clock } = localMoment(paidMs, policy.zoneMinutes);
  const to = order.email ?? "";
  const when = dateDigits(date) + ", " + clock;
  if (/^[0-9]+$/.test(to)) return { kind: "sms", to, subject: "", text: words.short(order.number, moneyText(order.total), when) };
  const lines = await Promise.all(
    order.lines.map(async ({ school, account, purse, sum }) => {
      const { state } = await library.book(school);
      return words.line(state.accounts.get(account)?.shortName ?? "", state.policy.name, words.purse[purse], moneyText(sum));
    }),
  );
  const fee = order.fee > 0 ? [words.fee(moneyText(order.fee))] : [];
  const head = words.head(order.number, when, words.way[order.way]);
  const text = [head, [...lines, ...fee, words.total(moneyText(order.total))].join("\n"), words.foot(policy.operator, policy.claimPhone)];
  return { kind: "mail", to, subject: words.subject(order.number), text: text.join("\n\n") };
}
