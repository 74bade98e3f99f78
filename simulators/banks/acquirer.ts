/**
 * A bank that takes cards and SBP: the REST interface of Russian banks' gateways, the payer's page, callbacks, refunds and chargebacks. What a real one
 * does to us it does on request: calls twice or not at all, is away, changes its mind.
 */
import { createHash, createHmac } from "node:crypto";
import formbody from "@fastify/formbody";
import fastify from "fastify";
import type { FastifyInstance } from "fastify";
import { formatPayPage } from "./page.js";
import { ENGLISH } from "./words.en.js";
import { RUSSIAN } from "./words.ru.js";

export interface BankOptions {
  readonly user: string;
  readonly password: string;
  readonly callbackKey: string;
  /** Where it calls when an order has changed. */
  readonly callbackUrl: () => string | null;
  /** Unix ms. */
  readonly now: () => number;
  /** 0 takes any free port, on this machine only. */
  readonly port: number;
}

/** One order as the bank has it. Numbers of `status`: 0 registered, 2 paid, 3 reversed, 4 refunded, 6 declined. */
export interface BankOrder {
  readonly id: string;
  readonly number: string;
  readonly amount: number;
  readonly purpose: string;
  readonly returnUrl: string;
  readonly expiresMs: number;
  /** The payer as the merchant names him, if he may be bound; `isBinding`: this order's code asks him to be. */
  readonly client: string;
  isBinding: boolean;
  /** The account that was bound while it was paid, or that paid it. */
  binding: string | null;
  status: 0 | 2 | 3 | 4 | 6;
  refunded: number;
  chargedBack: number;
  paidMs: number | null;
}

export interface Bank {
  readonly url: string;
  readonly orders: ReadonlyMap<string, BankOrder>;
  /** What the payer's page does; `false` when it is too late. By the merchant's order number, as the following ones. */
  readonly pay: (number: string) => Promise<boolean>;
  readonly decline: (number: string) => Promise<boolean>;
  readonly refund: (number: string, amount: number) => Promise<boolean>;
  readonly chargeBack: (number: string, amount: number) => Promise<boolean>;
  /** How often each change is called about from now on; 0: never. */
  callsEach: number;
  /** Answers nobody while true. */
  away: boolean;
  /** Accounts that pay without being asked, and whose they are. The payer ends one by {@link Bank.revoke}. */
  readonly bindings: ReadonlyMap<string, string>;
  readonly revoke: (binding: string) => boolean;
  /** There is no money on bound accounts while true. */
  poor: boolean;
  /** How many of the next answers to a charge are lost on their way, after what was asked is done. */
  losesAnswers: number;
  readonly close: () => Promise<void>;
}

const EXISTS = { errorCode: "1", errorMessage: "Order number is duplicated, order with given order number is processed already" };
const NO_ACCESS = { errorCode: "5", errorMessage: "Access denied" };
const UNKNOWN = { errorCode: "6", errorMessage: "Unregistered orderId" };
const PROCESSED = { errorCode: "1", errorMessage: "Order has already been processed" };
const NO_BINDING = { errorCode: "2", errorMessage: "Binding isn't found" };
const CHARGE = "paymentOrderBinding.do";
const BINDING_NAME = 12;
const RAN_OUT = -2007;
const NO_MONEY = 116;
const COMMISSION_BASIS_POINTS = 180;

export async function openBank(options: BankOptions): Promise<Bank> {
  const orders = new Map<string, BankOrder>();
  const bindings = new Map<string, string>();
  const byNumber = (number: string) => [...orders.values()].find((order) => order.number === number);
  const change = async (
    order: BankOrder | undefined,
    operation: string,
    isGood: (order: BankOrder) => boolean,
    work: (order: BankOrder) => void,
  ) => {
    if (!order || !isGood(order)) return false;
    work(order);
    for (let call = 0; call < bank.callsEach; call++) await tell(options, order, operation);
    return true;
  };
  const isOpen = (order: BankOrder) => order.status === 0 && options.now() < order.expiresMs;
  const isPaid = (order: BankOrder) => order.status === 2 || order.status === 4;
  const app = fastify({ forceCloseConnections: true });
  const bank: Bank = {
    url: "",
    orders,
    bindings,
    revoke: (binding) => bindings.delete(binding),
    ...{ poor: false, losesAnswers: 0 },
    pay: (number) =>
      change(byNumber(number), "deposited", isOpen, (order) => {
        Object.assign(order, { status: 2, paidMs: options.now() });
        if (order.isBinding) bindings.set((order.binding = "b" + order.id.slice(0, BINDING_NAME)), order.client);
      }),
    decline: (number) => change(byNumber(number), "declined", isOpen, (order) => (order.status = 6)),
    refund: (number, amount) =>
      change(byNumber(number), "refunded", isPaid, (order) => Object.assign(order, { status: 4, refunded: order.refunded + amount })),
    chargeBack: (number, amount) => change(byNumber(number), "chargeback", isPaid, (order) => (order.chargedBack += amount)),
    callsEach: 1,
    away: false,
    close: () => app.close(),
  };
  await app.register(formbody);
  const answer = answering(app, options, bank);
  serveRest(answer, options, bank, orders, isOpen);
  serveBindings(answer, bank, bindings);
  servePage(app, options, bank, isOpen);
  return Object.assign(bank, { url: await app.listen({ host: "127.0.0.1", port: options.port }) });
}

type Answering = (method: string, work: (fields: { [name: string]: string }) => object | Promise<object>) => void;

function answering(app: FastifyInstance, options: BankOptions, bank: Bank): Answering {
  return (method, work) =>
    void app.post("/payment/rest/" + method, async (request, reply) => {
      const fields = request.body as { [name: string]: string };
      if (bank.away) return reply.code(503).send();
      if (fields.userName !== options.user || fields.password !== options.password) return NO_ACCESS;
      const said = await work(fields);
      if (method !== CHARGE || bank.losesAnswers === 0) return said;
      bank.losesAnswers--;
      return reply.code(504).send();
    });
}

function serveRest(
  answer: Answering,
  options: BankOptions,
  bank: Bank,
  orders: Map<string, BankOrder>,
  isOpen: (order: BankOrder) => boolean,
): void {
  answer("register.do", ({ orderNumber, amount, returnUrl, description = "", sessionTimeoutSecs = "1200", clientId = "" }) => {
    if ([...orders.values()].some(({ number }) => number === orderNumber)) return EXISTS;
    const id = createHash("sha256")
      .update(bank.url + orderNumber)
      .digest("hex")
      .slice(0, 32);
    const expiresMs = options.now() + Number(sessionTimeoutSecs) * 1000;
    orders.set(id, {
      ...{ id, number: orderNumber, amount: Number(amount), purpose: description, returnUrl, expiresMs },
      ...{ client: clientId, isBinding: false, binding: null },
      ...{ status: 0, refunded: 0, chargedBack: 0, paidMs: null },
    });
    return { orderId: id, formUrl: bank.url + "/pay/" + id };
  });
  answer("sbp/c2b/qr/dynamic/get.do", ({ mdOrder, createSubscription }) => {
    const order = orders.get(mdOrder);
    if (!order) return UNKNOWN;
    order.isBinding = createSubscription === "true" && order.client !== "";
    return { errorCode: "0", qrId: mdOrder.slice(0, 8), payload: bank.url + "/pay/" + mdOrder };
  });
  answer("getOrderStatusExtended.do", ({ orderId }) => {
    const order = orders.get(orderId);
    if (!order) return UNKNOWN;
    const ranOut = order.status === 0 && !isOpen(order);
    return {
      ...{ errorCode: "0", orderNumber: order.number, orderStatus: ranOut ? 6 : order.status, amount: order.amount, currency: "643" },
      actionCode: ranOut ? RAN_OUT : order.status === 6 ? NO_MONEY : 0,
      actionCodeDescription: order.status === 6 ? "Not enough money" : "",
      ...(order.binding !== null && {
        bindingInfo: { clientId: order.client, bindingId: order.binding },
        bankInfo: { bankName: RUSSIAN.title },
      }),
      paymentAmountInfo: { refundedAmount: order.refunded, chargedBackAmount: order.chargedBack },
    };
  });
}

/** A binding pays an order of its own client, once. */
function serveBindings(answer: Answering, bank: Bank, bindings: Map<string, string>): void {
  answer(CHARGE, async ({ mdOrder, bindingId }) => {
    const order = bank.orders.get(mdOrder);
    if (!order || bindings.get(bindingId) !== order.client) return NO_BINDING;
    if (order.status !== 0) return PROCESSED;
    if (bank.poor) await bank.decline(order.number);
    else if (await bank.pay(order.number)) order.binding = bindingId;
    return { errorCode: "0", redirect: order.returnUrl };
  });
  answer("sbp/c2b/getBindings.do", ({ clientId }) => {
    const own = [...bindings].filter(([, client]) => client === clientId).map(([bindingId]) => ({ bindingId, clientId }));
    return own.length > 0 ? { errorCode: "0", bindings: own } : NO_BINDING;
  });
  answer("sbp/c2b/unBind.do", ({ bindingId }) => (bindings.delete(bindingId) ? { errorCode: "0" } : NO_BINDING));
}

function servePage(app: FastifyInstance, options: BankOptions, bank: Bank, isOpen: (order: BankOrder) => boolean): void {
  app.get<{ Params: { id: string } }>("/pay/:id", async (request, reply) => {
    const order = bank.orders.get(request.params.id);
    if (!order) return reply.code(404).send();
    const words = /^en/i.test(request.headers["accept-language"] ?? "") ? ENGLISH : RUSSIAN;
    const leftMs = isOpen(order) ? order.expiresMs - options.now() : null;
    return reply
      .type("text/html; charset=utf-8")
      .send(formatPayPage({ ...order, words, binds: order.isBinding, action: "/pay/" + order.id, leftMs }));
  });
  app.post<{ Params: { id: string } }>("/pay/:id", async (request, reply) => {
    const order = bank.orders.get(request.params.id);
    if (!order) return reply.code(404).send();
    const wanted = (request.body as { do?: string } | null)?.do;
    await (wanted === "decline" ? bank.decline(order.number) : bank.pay(order.number));
    return reply.redirect(order.returnUrl, 303);
  });
}

/** Calls the merchant and does not mind if nobody is there: a real bank gives up, too. */
async function tell({ callbackKey, callbackUrl }: BankOptions, order: BankOrder, operation: string): Promise<void> {
  const url = callbackUrl();
  if (url === null) return;
  const fields: { [name: string]: string } = {
    mdOrder: order.id,
    orderNumber: order.number,
    operation,
    status: "1",
    amount: String(order.amount),
  };
  const covered = Object.keys(fields)
    .sort()
    .map((name) => name + ";" + fields[name] + ";")
    .join("");
  const checksum = createHmac("sha256", callbackKey).update(covered).digest("hex").toUpperCase();
  await fetch(url + "?" + new URLSearchParams({ ...fields, checksum }).toString()).catch(() => undefined);
}

export interface RegistryRow {
  readonly operation: "payment" | "refund" | "chargeback";
  readonly number: string;
  readonly amount: number;
  readonly commission: number;
}

/** The bank's day: what it will pay out, row by row. */
export function registryOf(bank: Bank): RegistryRow[] {
  return [...bank.orders.values()].flatMap(({ number, amount, paidMs, refunded, chargedBack }) => [
    ...(paidMs === null
      ? []
      : [{ operation: "payment" as const, number, amount, commission: Math.ceil((amount * COMMISSION_BASIS_POINTS) / 10000) }]),
    ...(refunded > 0 ? [{ operation: "refund" as const, number, amount: refunded, commission: 0 }] : []),
    ...(chargedBack > 0 ? [{ operation: "chargeback" as const, number, amount: chargedBack, commission: 0 }] : []),
  ]);
}
