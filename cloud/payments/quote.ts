/** What a payment costs, before anybody pays: the sum, the service fee and the total. Pure, whole kopecks. */
import { kopecks } from "@trapeza/protocol";
import type { Kopecks } from "@trapeza/protocol";
import type { Way } from "./order.js";

const WHOLE = 10000;

export interface Fee {
  /** Hundredths of a per cent of the sum: 200 is 2 %. A part of a kopeck counts as one. */
  readonly basisPoints: number;
  readonly atLeast: Kopecks;
}

export interface PaymentPolicy {
  /** When the purse gets the money: as soon as the provider answers for it, or when the provider has paid it out. */
  readonly creditOn: "authorisation" | "settlement";
  readonly fees: { readonly [way in Way]?: Fee };
  readonly smallest: Kopecks;
  readonly largest: Kopecks;
  /** How long a payer may take where the provider says nothing else, ms. */
  readonly sessionMs: number;
}

export const USUAL_POLICY: PaymentPolicy = {
  creditOn: "authorisation",
  fees: {},
  smallest: kopecks(1000),
  largest: kopecks(1500000),
  sessionMs: 20 * 60 * 1000,
};

export type Quote =
  | { readonly ok: true; readonly sum: Kopecks; readonly fee: Kopecks; readonly total: Kopecks }
  | { readonly ok: false; readonly trouble: "too_small" | "too_large" | "amount_invalid" };

export function quote(policy: PaymentPolicy, sum: number, way: Way): Quote {
  if (!Number.isSafeInteger(sum) || sum <= 0) return { ok: false, trouble: "amount_invalid" };
  if (sum < policy.smallest) return { ok: false, trouble: "too_small" };
  if (sum > policy.largest) return { ok: false, trouble: "too_large" };
  const rule = policy.fees[way];
  const fee = rule ? Math.max(Math.ceil((sum * rule.basisPoints) / WHOLE), rule.atLeast) : 0;
  return { ok: true, sum: kopecks(sum), fee: kopecks(fee), total: kopecks(sum + fee) };
}
