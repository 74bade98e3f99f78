/** Payment orders as a file for a bank's program or 1C: 1CClientBankExchange 1.03. */
import type { BusinessDate } from "@trapeza/protocol";
import { formatRoubles } from "../documents/sheet-out.js";
import { encodeWindows1251 } from "../documents/windows-1251.js";
import { dateDigits } from "../web/date-text.js";
import type { Requisites } from "./requisites.js";
import { EXCHANGE } from "./words-exchange.js";

export interface PaymentOrder {
  readonly number: number;
  readonly madeOn: BusinessDate;
  readonly sum: number;
  readonly payee: Requisites;
  readonly purpose: string;
}

export interface Exchange {
  readonly payer: Requisites;
  readonly orders: readonly PaymentOrder[];
  readonly made: { readonly date: BusinessDate; readonly clock: string };
  readonly encoding: "utf-8" | "windows-1251";
}

/** At least one order. A line break in somebody's name would begin a field of its own, so there is none. */
export function formatExchange({ payer, orders, made, encoding }: Exchange): Uint8Array {
  const days = orders.map(({ madeOn }) => madeOn).sort((a, b) => a - b);
  const lines = [
    ...EXCHANGE.head,
    EXCHANGE.encoding(encoding === "utf-8" ? "UTF-8" : "Windows"),
    EXCHANGE.sender,
    ...EXCHANGE.made(dateDigits(made.date), made.clock + ":00"),
    ...EXCHANGE.span(dateDigits(days[0]), dateDigits(days[days.length - 1])),
    EXCHANGE.ours(payer.account),
    ...EXCHANGE.document,
    ...orders.flatMap((order) => [
      EXCHANGE.begin,
      ...EXCHANGE.order(order.number, dateDigits(order.madeOn), formatRoubles(order.sum)),
      ...EXCHANGE.party(EXCHANGE.payer, payer),
      ...EXCHANGE.party(EXCHANGE.payee, order.payee),
      ...EXCHANGE.terms,
      EXCHANGE.purpose(order.purpose),
      EXCHANGE.end,
    ]),
    EXCHANGE.endOfFile,
  ];
  const text = lines.map((line) => line.replace(/[\r\n]+/g, " ") + "\r\n").join("");
  return encoding === "utf-8" ? Buffer.from("\ufeff" + text) : encodeWindows1251(text);
}
