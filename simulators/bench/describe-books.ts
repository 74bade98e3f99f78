/** Entries of the journal and postings of the ledger in words. */
import type { EventBody } from "@trapeza/protocol";
import type { BookLine } from "./books.js";
import type { Words } from "./words.ru.js";

/** Figures of an entry that are worth a glance, in this order. */
const SUMS = ["note", "total", "amount", "expected", "share"] as const;

/** 1234567 → "12 345,67". */
export function formatMoney(kopecks: number): string {
  const whole = Math.floor(Math.abs(kopecks) / 100).toLocaleString("ru-RU");
  return `${kopecks < 0 ? "−" : ""}${whole},${String(Math.abs(kopecks) % 100).padStart(2, "0")}`;
}

/** What was stored, as "note credited · 100,00 · account 17". */
export function entryText(body: EventBody, { books }: Words): string {
  const fields: Record<string, unknown> = { ...body };
  const sum = SUMS.map((name) => fields[name]).find((value): value is number => typeof value === "number");
  const { parts } = fields as { readonly parts?: Readonly<Record<string, number>> };
  const fed = parts ? Object.values(parts).reduce((total, part) => total + part, 0) : undefined;
  const money = sum ?? fed;
  const account = typeof fields.account === "number" ? `${books.account} ${fields.account}` : "";
  return [books.events[body.kind] ?? body.kind, money === undefined ? "" : formatMoney(money), account]
    .filter((part) => part !== "")
    .join(" · ");
}

export interface PostingText {
  readonly account: string;
  readonly sum: string;
}

/** What was booked, a posting a line: "Dr notes in kiosk 1" and "100,00". */
export function postingTexts({ postings }: BookLine, { books }: Words): PostingText[] {
  return postings.map(({ account, amount }) => ({
    account: `${amount > 0 ? books.debit : books.credit} ${accountText(account, books)}`,
    sum: formatMoney(Math.abs(amount)),
  }));
}

/** `holder/17/main` → "main purse 17". */
function accountText(path: string, books: Words["books"]): string {
  const parts = path.split("/");
  const key = parts.filter((part) => !/^[0-9]+$/.test(part)).join("/");
  const numbers = parts.filter((part) => /^[0-9]+$/.test(part)).join(", ");
  return `${books.accounts[key] ?? key} ${numbers}`.trim();
}
