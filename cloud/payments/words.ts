/** What a payer reads on the bank's page and on the bank's statement. The bank shows it as it is, so it is in Russian. */
import type { Order } from "./order.js";

export function purposeOf({ number }: Order): string {
  return `Пополнение счёта школьного питания, заказ ${number}`;
}
