/** What the cloud asks of a payment provider, whoever it is. An answer that cannot be had rejects; the cloud asks again later. */
import type { Kopecks } from "@trapeza/protocol";
import type { Report } from "./advance.js";
import type { Order, PayAt, Way } from "./order.js";

export type Registration =
  | { readonly kind: "registered"; readonly providerId: string; readonly payAt: PayAt | null; readonly expiresMs: number }
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
  /** The account that was bound while this order was paid, and the bank where it is. */
  readonly bound?: { readonly id: string; readonly bank: string } | null;
}

/** Accounts that pay without being asked each time. Whether money has moved is said by the order's status alone. */
export interface BoundAccounts {
  /** Asks for the order's total from its bound account. An order is paid once, however often this is called. */
  readonly charge: (order: Order) => Promise<"taken" | "refused">;
  /** Bindings of this payer that still pay: he may have ended some at his bank. */
  readonly list: (payer: string) => Promise<string[]>;
  /** Ends a binding; one that has ended already is none. */
  readonly release: (binding: string) => Promise<void>;
}

export interface Provider {
  readonly way: Way;
  /** Idempotent by the order's number: the same order again is the same registration. */
  readonly register: (order: Order) => Promise<Registration>;
  readonly status: (order: Order) => Promise<ProviderStatus>;
  readonly bound?: BoundAccounts;
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
