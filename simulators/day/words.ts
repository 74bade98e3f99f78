/** What the people of a day look for on screens and papers: the terminals' own words, in the language of the demonstration school. */
import { COLLECTION, INFORMATION, PAYMENT, reasonWord, say, SERVICE, SETTLEMENT, SHARED as COMMON, type Word } from "@trapeza/firmware";

type Said<Table> = { readonly [word in keyof Table]: string };

function inRussian<Table extends Readonly<Record<string, Word>>>(table: Table): Said<Table> {
  return Object.fromEntries(Object.entries(table).map(([name, word]) => [name, say({ language: "ru" }, word)])) as Said<Table>;
}

export const SHARED = inRussian(COMMON);
export const KIOSK_SAYS = inRussian(PAYMENT);
export const BOX_SAYS = inRussian(COLLECTION);
export const TILL_SAYS = inRussian(SETTLEMENT);
export const SERVICE_SAYS = inRussian(SERVICE);
export const WALL_SAYS = inRussian(INFORMATION);

/** The words behind a refusal's number. */
export function refusalText(reason: number): string {
  return say({ language: "ru" }, reasonWord(reason));
}

/** A word of the terminals as part of a pattern. */
export function literal(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
