/** A payment as it is put together: for each account two sums as typed. Pure; what becomes of it is the payments' business. */
import { kopecks } from "@trapeza/protocol";
import type { Purse } from "@trapeza/protocol";
import type { OrderLine } from "../../payments/order.js";
import type { Typed } from "../form.js";
import { parseAmount } from "./typed.js";

export const PRESETS = [50000, 100000, 200000] as const;
export const PURSE_FIELDS: readonly Purse[] = ["main", "additional"];

export interface Payee {
  readonly school: number;
  readonly account: number;
  /** What the payer may see: a guardian the whole name, a passer-by "Имя Ф.". */
  readonly name: string;
}

/** The field of a purse's sum. */
export function fieldOf({ school, account }: { readonly school: number; readonly account: number }, purse: Purse): string {
  return purse + "-" + school + "-" + account;
}

export interface Basket {
  readonly lines: readonly OrderLine[];
  /** Fields whose text is no sum. */
  readonly wrong: readonly string[];
}

/** Lines of all payees whose sums are not empty. */
export function readBasket(payees: readonly Payee[], typed: Typed): Basket {
  const lines: OrderLine[] = [];
  const wrong: string[] = [];
  for (const { school, account } of payees)
    for (const purse of PURSE_FIELDS) {
      const field = fieldOf({ school, account }, purse);
      const text = (typed[field] ?? "").trim();
      if (text === "") continue;
      const sum = parseAmount(text);
      if (sum === null) wrong.push(field);
      else if (sum > 0) lines.push({ school, account, purse, sum: kopecks(sum) });
    }
  return { lines, wrong };
}

/** What a preset's button does: `"main-24-7:100000"` adds 1 000 to that field. The texts as they are then. */
export function withPreset(typed: Typed, preset: string): Typed {
  const found = /^((?:main|additional)-[0-9]+-[0-9]+):([0-9]{1,9})$/.exec(preset);
  if (!found) return typed;
  const [, field, more] = found;
  return { ...typed, [field]: amountText((parseAmount(typed[field] ?? "") ?? 0) + Number(more)) };
}

/** As it is typed: "1000" or "1000,50". */
export function amountText(amount: number): string {
  const digits = String(amount).padStart(3, "0");
  return digits.slice(0, -2) + (digits.endsWith("00") ? "" : "," + digits.slice(-2));
}
