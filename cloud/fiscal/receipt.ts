/** A receipt by the law on cash registers (54-FZ): of what, how much, and what its provider made of it. */
import type { Kopecks } from "@trapeza/protocol";

/** How money comes that may want a receipt, and the transactions in which it does. */
export const OPERATIONS = {
  remote: ["PaymentAuthorised", "PaymentReturned"],
  kiosk: ["TopUpCredited", "TopUpHeld", "ForeignTopUp"],
  till: ["CashSold", "SaleVoided", "FeePaid"],
} as const;
export type Operation = keyof typeof OPERATIONS;

/** What stands on the paper and in the tax office: from it anybody finds the receipt. */
export interface FiscalDocument {
  /** Number of the drive (ФН), of the document (ФД), and its sign (ФП). */
  readonly drive: string;
  readonly number: number;
  readonly sign: number;
  /** As the register wrote it, "28.11.2026 09:15:00". */
  readonly moment: string;
  /** Where it can be read; nothing where the provider says nothing. */
  readonly url: string | null;
}

export interface FiscalReceipt {
  readonly school: number;
  readonly transaction: number;
  readonly operation: Operation;
  /** Kopecks taken; negative: given back. */
  readonly sum: Kopecks;
  readonly state: "waiting" | "asked" | "done" | "refused";
  /** The provider's own name of it, once it was asked for. */
  readonly providerId: string | null;
  readonly document: FiscalDocument | null;
  /** Why there is none. */
  readonly why: string;
  readonly tries: number;
  /** What helps once it is refused: asking under the same name, or under a new one; "none": it was made, but for another sum. */
  readonly remedy: "same" | "anew" | "none";
  /** How often it was refused and asked for anew, each time under another name. */
  readonly renewals: number;
  /** Unix ms of the posting. */
  readonly atMs: number;
  /** Where the payer gets it: an address, or digits of a telephone; null: nobody has left one. */
  readonly payer: string | null;
}

/** What a register prints as its QR code, and the tax service's own application reads: "t=20181128T0915&s=510.05&fn=…&i=133&fp=…&n=1". */
export function fiscalCode({ drive, number, sign, moment }: FiscalDocument, sum: number): string {
  const [, day, month, year, hour, minute] = /^(\d\d)\.(\d\d)\.(\d{4}) (\d\d):(\d\d)/.exec(moment) ?? [];
  const kopecks = String(Math.abs(sum)).padStart(3, "0");
  const roubles = kopecks.slice(0, -2) + "." + kopecks.slice(-2);
  return `t=${year}${month}${day}T${hour}${minute}&s=${roubles}&fn=${drive}&i=${number}&fp=${sign}&n=${sum > 0 ? 1 : 2}`;
}

export interface FiscalStore {
  /** These want receipts from now on. */
  setOperations(operations: readonly Operation[]): Promise<void>;
  /** Waiting or asked for, and not resting, longest waiting first. */
  due(nowMs: number, limit: number): Promise<FiscalReceipt[]>;
  /** What became of it; one that is done stays as it is. */
  put(receipt: FiscalReceipt, restUntilMs: number): Promise<void>;
  /** A school's that were refused, or were tried for long; oldest first. */
  troubled(school: number, limit: number): Promise<FiscalReceipt[]>;
  /** Of a payment, in the books of these schools. */
  ofOrder(order: number, schools: readonly number[]): Promise<FiscalReceipt[]>;
}
