/** What stands in a receipt that is sent to a payer, in English. */
import type { ReceiptWords } from "./words-receipt.ru.js";

export const en: ReceiptWords = {
  subject: (number) => `School meals: order no. ${number} is paid`,
  short: (number, total, when) => `School meals: ${total} paid, order № ${number}, ${when}. This is no till receipt.`,
  head: (number, when, way) => `Order no. ${number} was paid on ${when}, ${way}.`,
  way: { card: "by card", sbp: "by SBP", network: "at a payment terminal", registry: "through a bank" },
  line: (name, school, purse, sum) => `${name}, ${school}, ${purse} account: ${sum}`,
  purse: { main: "main", additional: "additional" },
  fee: (sum) => `Service fee: ${sum}`,
  total: (sum) => `Total: ${sum}`,
  foot: (operator, phone) =>
    `This confirms the payment and is no till receipt. Once the school has credited the money it stands in the account's history. ${operator}, phone ${phone}.`,
};
