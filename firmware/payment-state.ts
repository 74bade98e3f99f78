/** What a kiosk knows of its visitor, and whether it may take money. */
import type { Kopecks, Payee } from "@trapeza/protocol/chip";
import type { Collection } from "./collection-state.js";
import type { Common, Purse, Result } from "./terminal.js";
import { say } from "./say.js";
import { PAYMENT, SHARED } from "./words.js";

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
  /** The account lives at another school: taken here, credited there. */
  readonly elsewhere: boolean;
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
  | { readonly kind: "done"; readonly visit: Visit; readonly printed: boolean }
  | { readonly kind: "collecting"; readonly collection: Collection };

export interface PaymentState {
  readonly common: Common;
  readonly at: At;
  readonly visits: number;
  /** The last collection of this start: its paper is out, with or without figures. */
  readonly collected: number;
}

/** Why no cash is taken now, in words; "" when it is. */
export function whyNoCash(state: PaymentState): string {
  const { common } = state;
  if (common.service === "starting" || !common.policy) return common.up ? say(common, SHARED.starting) : say(common, SHARED.noGateway);
  if (common.service !== "open") return say(common, SHARED.closed);
  if (common.paper === "out") return say(common, SHARED.noPaper);
  if (common.paper === "open") return say(common, PAYMENT.coverOpen);
  if (common.paper !== "ok" && common.paper !== "low") return say(common, PAYMENT.noPrinter);
  if (!common.room) return say(common, PAYMENT.memoryFull);
  if (common.acceptor === "full") return say(common, PAYMENT.full);
  if (common.acceptor === "removed") return say(common, PAYMENT.removed);
  return common.acceptor === "ok" ? "" : say(common, PAYMENT.jammed);
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
  return { common, at: { kind: "idle", notice: "" }, visits: 0, collected: 0 };
}
