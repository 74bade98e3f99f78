/**
 * Card payments by the REST interface that Russian banks' gateways share (register.do, getOrderStatusExtended.do, refund.do): form fields in, JSON out.
 *
 * Nothing that a callback says is believed: it is a reason to ask. Its checksum only keeps strangers from making us ask.
 */
import { createHmac, timingSafeEqual } from "node:crypto";
import { kopecks } from "@trapeza/protocol";
import * as v from "valibot";
import { createBoundAccounts } from "./acquirer-bound.js";
import type { Ask } from "./acquirer-bound.js";
import type { Order, PayAt, Way } from "./order.js";
import type { Provider, ProviderStatus, Registration } from "./provider.js";

export interface AcquirerOptions {
  readonly way: Way;
  /** Where the interface begins, "https://pay.example/payment/rest". */
  readonly url: string;
  readonly user: string;
  readonly password: string;
  /** Our own address, to which payers come back. */
  readonly publicUrl: () => string;
  /** Tells the payer what the sum is for. */
  readonly describe: (order: Order) => string;
  /** The name under which the bank knows a payer who binds an account. */
  readonly clientOf: (payer: string) => string;
  readonly timeoutMs: number;
}

const ROUBLES = "643";
const MS_A_SECOND = 1000;
/** A crash between the provider's answer and our writing leaves an order there that nobody was sent to; the next try takes another name. */
const TRIES = 5;
const EXISTS = "1";
/** Of a bank, as the payer's page shows it. */
const LONGEST_NAME = 60;

const registered = v.object({
  orderId: v.optional(v.string()),
  formUrl: v.optional(v.string()),
  errorCode: v.optional(v.string()),
  errorMessage: v.optional(v.string()),
});
const whole = v.pipe(v.number(), v.integer(), v.minValue(0));
const known = v.object({
  orderStatus: v.pipe(v.number(), v.integer()),
  amount: whole,
  actionCode: v.optional(v.pipe(v.number(), v.integer())),
  actionCodeDescription: v.optional(v.string()),
  paymentAmountInfo: v.optional(v.object({ refundedAmount: v.optional(whole), chargedBackAmount: v.optional(whole) })),
});
/** Beside what is known of the money, and checked apart: whatever stands here must not keep a paid order from its purse. */
const bindingKnown = v.object({ bindingInfo: v.object({ bindingId: v.pipe(v.string(), v.minLength(1), v.maxLength(255)) }) });
const bankKnown = v.object({ bankInfo: v.object({ bankName: v.string() }) });

const code = v.object({ payload: v.pipe(v.string(), v.minLength(1)) });

/** Numbers of orderStatus. */
const STATES = new Map<number, ProviderStatus["state"]>([
  [0, "waiting"],
  // Held on the card: what one-step payments pass through on the way to 2.
  [1, "waiting"],
  [2, "authorised"],
  [3, "declined"],
  // Refunded: it was paid once, and the sum that went back stands beside.
  [4, "authorised"],
  [5, "waiting"],
  [6, "declined"],
]);
/** actionCode of a session that ran out. */
const RAN_OUT = -2007;

export function createAcquirer(options: AcquirerOptions): Provider {
  const ask: Ask = async (method, fields) => {
    const body = new URLSearchParams({ userName: options.user, password: options.password, ...fields });
    const answer = await fetch(options.url + "/" + method, { method: "POST", body, signal: AbortSignal.timeout(options.timeoutMs) });
    if (!answer.ok) throw new Error(method + " answers " + answer.status);
    return answer.json();
  };
  return {
    way: options.way,
    ...(options.way === "sbp" && { bound: createBoundAccounts(ask, options.clientOf) }),
    async register(order): Promise<Registration> {
      const seconds = Math.max(Math.floor((order.expiresMs - order.createdMs) / MS_A_SECOND), 1);
      for (let attempt = 1; attempt <= TRIES; attempt++) {
        const said = await ask("register.do", {
          orderNumber: order.number + (attempt === 1 ? "" : "-" + attempt),
          amount: String(order.total),
          currency: ROUBLES,
          returnUrl: new URL(order.returnUrl ?? "/", options.publicUrl()).href,
          description: options.describe(order),
          sessionTimeoutSecs: String(seconds),
          ...(order.payer !== null && isBinding(order) && { clientId: options.clientOf(order.payer) }),
        });
        if (!v.is(registered, said)) throw new Error("register.do answers something else");
        const { orderId, formUrl, errorCode = "0", errorMessage = "" } = said;
        if (orderId !== undefined && formUrl !== undefined) {
          return {
            kind: "registered",
            providerId: orderId,
            payAt: await payAtOf(options.way, ask, order, { orderId, formUrl }),
            expiresMs: order.expiresMs,
          };
        }
        if (errorCode !== EXISTS) return { kind: "refused", why: errorMessage };
      }
      return { kind: "refused", why: "the order's number is taken" };
    },
    async status(order) {
      const said = await ask("getOrderStatusExtended.do", { orderId: order.providerId ?? "" });
      if (!v.is(known, said)) throw new Error("getOrderStatusExtended.do answers something else");
      const { orderStatus, actionCode, amount, actionCodeDescription = "", paymentAmountInfo: sums = {} } = said;
      const state = STATES.get(orderStatus) ?? "waiting";
      return {
        state: state === "declined" && actionCode === RAN_OUT ? "expired" : state,
        amount: kopecks(amount),
        refunded: kopecks(sums.refundedAmount ?? 0),
        chargedBack: kopecks(sums.chargedBackAmount ?? 0),
        why: actionCodeDescription,
        bound: boundIn(said),
      };
    },
  };
}

function boundIn(said: unknown): ProviderStatus["bound"] {
  if (!v.is(bindingKnown, said)) return null;
  return { id: said.bindingInfo.bindingId, bank: v.is(bankKnown, said) ? said.bankInfo.bankName.slice(0, LONGEST_NAME) : "" };
}

function isBinding({ remember, binding }: Order): boolean {
  return remember || binding !== null;
}

/** Where the payer goes: the bank's page, or SBP's dynamic QR code, a link that opens the payer's own bank. What a bound account pays leads nowhere. */
async function payAtOf(
  way: Way,
  ask: Ask,
  order: Order,
  { orderId, formUrl }: { orderId: string; formUrl: string },
): Promise<PayAt | null> {
  if (way !== "sbp") return { kind: "page", url: formUrl };
  if (order.binding !== null) return null;
  const said = await ask("sbp/c2b/qr/dynamic/get.do", { mdOrder: orderId, ...(order.remember && { createSubscription: "true" }) });
  if (!v.is(code, said)) throw new Error("sbp/c2b/qr/dynamic/get.do answers something else");
  return { kind: "qr", payload: said.payload };
}

/** The order that a callback is about, when its checksum is the one that this key gives: HMAC-SHA256 over its fields in alphabetical order. */
export function readCallback(fields: { readonly [name: string]: unknown }, key: string): number | null {
  const { orderNumber, checksum } = fields;
  if (typeof orderNumber !== "string" || typeof checksum !== "string") return null;
  const wanted = Buffer.from(checksumOf(fields, key));
  const given = Buffer.from(checksum.toUpperCase());
  const number = /^([1-9][0-9]{0,14})(-[0-9])?$/.exec(orderNumber);
  return number && given.length === wanted.length && timingSafeEqual(given, wanted) ? Number(number[1]) : null;
}

/** Upper-case hex of the checksum over `name;value;` of every field but the checksum itself. */
export function checksumOf(fields: { readonly [name: string]: unknown }, key: string): string {
  const covered = Object.keys(fields)
    .filter((name) => name !== "checksum" && name !== "sign_alias")
    .sort()
    .map((name) => name + ";" + String(fields[name]) + ";");
  return createHmac("sha256", key).update(covered.join("")).digest("hex").toUpperCase();
}
