/** What a kiosk knows of its visitor, and whether it may take money. */
import type { Kopecks, Payee, Result } from "@trapeza/protocol/chip";
import type { Common, Purse } from "./terminal.js";
import { paymentWords } from "./words.js";
import type { PaymentWords } from "./words.js";

export interface Note {
  readonly n: number;
  readonly valueKopecks: Kopecks;
  readonly purse: Purse;
  readonly unresolved: boolean;
  /** The gateway's answer, once it has come. */
  readonly result: Result | null;
}

export interface Visit {
  readonly id: number;
  readonly payee: Payee;
  /** "Имя Ф.", or nothing while the gateway is away. */
  readonly name: string;
  readonly account: string;
  readonly notes: ReadonlyArray<Note>;
  /** Found in flash after a power cut. */
  readonly recovered: boolean;
}

export type At =
  | { readonly kind: "idle"; readonly notice: string }
  | { readonly kind: "number"; readonly digits: string; readonly notice: string }
  | { readonly kind: "finding"; readonly payee: Payee }
  | { readonly kind: "purse"; readonly visit: Visit }
  | {
      readonly kind: "notes";
      readonly visit: Visit;
      readonly purse: Purse;
      readonly inside: boolean;
      readonly finishing: boolean;
      readonly notice: string;
    }
  | { readonly kind: "settling"; readonly visit: Visit }
  | { readonly kind: "printing"; readonly visit: Visit }
  | { readonly kind: "done"; readonly visit: Visit; readonly printed: boolean };

export interface PaymentState {
  readonly common: Common;
  readonly words: PaymentWords;
  readonly at: At;
  readonly visits: number;
}

/** Why no cash is taken now, in words; "" when it is. */
export function whyNoCash(state: PaymentState): string {
  const { common, words } = state;
  if (common.service === "starting" || !common.policy) return common.up ? common.words.starting : common.words.noGateway;
  if (common.service !== "open") return common.words.closed;
  if (common.paper === "out") return common.words.noPaper;
  if (common.paper === "open") return words.coverOpen;
  if (common.paper !== "ok" && common.paper !== "low") return words.noPrinter;
  if (!common.room) return words.memoryFull;
  if (common.acceptor === "full") return words.full;
  if (common.acceptor === "removed") return words.removed;
  return common.acceptor === "ok" ? "" : words.jammed;
}

export function sumOf(visit: Visit): number {
  let sum = 0;
  for (let i = 0; i < visit.notes.length; i++) if (!visit.notes[i].unresolved) sum += visit.notes[i].valueKopecks;
  return sum;
}

export function paymentRests(state: PaymentState): boolean {
  return state.at.kind === "idle" || state.at.kind === "done";
}

export function beginPayment(common: Common): PaymentState {
  return { common, words: paymentWords(common.language), at: { kind: "idle", notice: "" }, visits: 0 };
}
