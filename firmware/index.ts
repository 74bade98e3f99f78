/** What Node needs of the firmware: where the built images are, and the words that people read on them. The firmware itself runs on a board. */
export * from "./image.js";
export { informationWords, paymentWords, settlementWords, sharedWords, type Language } from "./words.js";
export type { InformationWords, PaymentWords, SettlementWords, SharedWords } from "./words.js";
export { reasonWords } from "./words-reason.js";
