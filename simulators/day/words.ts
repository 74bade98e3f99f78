/** What the people of a day look for on screens and papers: the terminals' own words, in the language of the demonstration school. */
import { informationWords, paymentWords, reasonWords, settlementWords, sharedWords } from "@trapeza/firmware";
import type { InformationWords, PaymentWords, SettlementWords, SharedWords } from "@trapeza/firmware";

export const SHARED: SharedWords = sharedWords("ru");
export const KIOSK_SAYS: PaymentWords = paymentWords("ru");
export const TILL_SAYS: SettlementWords = settlementWords("ru");
export const WALL_SAYS: InformationWords = informationWords("ru");

/** The words behind a refusal's number. */
export function refusalText(reason: number): string {
  return reasonWords("ru", reason);
}

/** A word of the terminals as part of a pattern. */
export function literal(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
