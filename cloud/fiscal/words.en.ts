/** The same in English; what stands on the receipt itself is Russian by law. */
import { ru } from "./words.ru.js";
import type { FiscalWords } from "./words.ru.js";

export const en: FiscalWords = {
  item: ru.item,
  title: "Cash-register receipts",
  lead: "Receipts that the register has not made, or takes too long to make. Remove the cause and send the receipt again: there will never be two for one operation.",
  operations: { remote: "payment on the site", kiosk: "kiosk", till: "buffet till" },
  states: { waiting: "waiting", asked: "handed to the register", done: "made", refused: "refused" },
  when: "When",
  operation: "Operation",
  sum: "Sum",
  state: "State",
  none: "All receipts are made.",
  again: "Send again",
  correct: "The register made it for another sum. It cannot be sent again: make a correction receipt in the register's own pages.",
  sent: "The receipt was sent again.",
  gone: "This receipt is under way, made already, or needs a correction receipt.",
  document: (drive, number, sign) => `Cash-register receipt: drive\u00a0${drive}, document\u00a0${number}, sign\u00a0${sign}`,
  refund: (drive, number, sign) => `Cash-register receipt of the refund: drive\u00a0${drive}, document\u00a0${number}, sign\u00a0${sign}`,
  open: "Open the receipt",
  code: "QR code of the receipt for the tax service",
};
