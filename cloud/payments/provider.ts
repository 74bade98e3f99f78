/** What the cloud asks of a payment provider, whoever it is. An answer that cannot be had rejects; the cloud asks again later. */
import type { Kopecks } from "@trapeza/protocol";
import type { Report } from "./advance.js";
import type { Order, PayAt, Way } from "./order.js";

export type Registration =
  | { readonly kind: "registered"; readonly providerId: string; readonly payAt: PayAt; readonly expiresMs: number }
  | { readonly kind: "refused"; readonly why: string };

/** The provider's word on an order, complete: whoever missed everything before it needs nothing else. */
export interface ProviderStatus {
  readonly state: "waiting" | "authorised" | "declined" | "expired";
  /** What the payer was asked for, as the provider knows it. */
  readonly amount: Kopecks;
  /** Went back to the payer so far, whoever started it. */
  readonly refunded: Kopecks;
  readonly chargedBack: Kopecks;
  readonly why: string;
}

export interface Provider {
  readonly way: Way;
  /** Idempotent by the order's number: the same order again is the same registration. */
  readonly register: (order: Order) => Promise<Registration>;
  readonly status: (order: Order) => Promise<ProviderStatus>;
}

/** The status as reports, in the order in which it came about. A sum that is not the order's says nothing here: a person has to look (reconciliation). */
export function reportsIn(status: ProviderStatus, order: Order): Report[] {
  if (status.state === "declined") return [{ kind: "declined", why: status.why }];
  if (status.state === "expired") return [{ kind: "expired" }];
  if (status.state === "waiting" || status.amount !== order.total) return [];
  const { refunded, chargedBack } = status;
  return [
    { kind: "authorised" },
    ...(refunded > 0 ? [{ kind: "returned", amount: refunded, cause: "refund" } as const] : []),
    ...(chargedBack > 0 ? [{ kind: "returned", amount: chargedBack, cause: "chargeback" } as const] : []),
  ];
}
