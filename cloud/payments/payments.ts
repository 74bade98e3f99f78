/**
 * The desk of payments: opens orders, hears providers, tells schools. Everything it learns goes through {@link advance} and is one transaction, so a crash
 * between any two lines leaves an order that the next callback, poll or start carries on.
 */
import { kopecks } from "@trapeza/protocol";
import type { AccountNumber, BusinessDate } from "@trapeza/protocol";
import { findHome } from "../school-book.js";
import type { Library } from "../school-book.js";
import { advance } from "./advance.js";
import { createBindingDesk } from "./binding.js";
import type { BindingDesk } from "./binding.js";
import type { Report, Surroundings } from "./advance.js";
import { dueShares } from "./order.js";
import type { NewOrder, Order, OrderLine, Way } from "./order.js";
import { reportsIn } from "./provider.js";
import type { Provider } from "./provider.js";
import { quote } from "./quote.js";
import type { PaymentPolicy, Quote } from "./quote.js";
import type { PaymentStore } from "./store.js";

export interface PaymentOptions {
  readonly store: PaymentStore;
  readonly library: Library;
  readonly policy: PaymentPolicy;
  readonly providers: readonly Provider[];
  /** Unix ms. */
  readonly now: () => number;
  /** Hands what waits for a school over to its log. */
  readonly deliver: (school: number) => Promise<void>;
}

export interface NewPayment {
  /** The client's own name of this payment, as a random number in the form: pressed twice, paid once. */
  readonly key: string;
  readonly way: Way;
  readonly payer: string | null;
  /** At least one; every sum at least a kopeck. */
  readonly lines: readonly OrderLine[];
  readonly returnUrl: string | null;
  readonly email: string | null;
  /** As in {@link NewOrder}; neither when they are left out. */
  readonly remember?: boolean;
  readonly binding?: string | null;
}

export type Trouble =
  Extract<Quote, { ok: false }>["trouble"] | "way_unknown" | "binding_unknown" | "unknown_account" | "provider_away" | "provider_refused";
export type Begun = { readonly ok: true; readonly order: Order } | { readonly ok: false; readonly trouble: Trouble };

/** Money that came by itself: through a terminal network, or in a bank's registry. */
export interface Received extends Omit<NewOrder, "createdMs" | "total" | "returnUrl" | "payer" | "email" | "remember" | "binding"> {
  /** The bank has it already; else the network owes it. */
  readonly settled: boolean;
}

/** Whom a typed account number means; the name is all that a stranger may see. */
export interface PayeeFound {
  readonly school: number;
  readonly account: number;
  readonly shortName: string;
}

export interface Payments {
  /** Ways that a payer may choose here. */
  readonly ways: readonly Way[];
  readonly bindings: BindingDesk;
  /** The payer's orders are nobody's from now on, and what was bound ends. */
  readonly forget: (payer: string) => Promise<void>;
  readonly quote: (sum: number, way: Way) => Quote;
  /** Opens an order and registers it with the provider. The same key again gives the same order. */
  readonly begin: (payment: NewPayment) => Promise<Begun>;
  readonly receive: (received: Received) => Promise<Order>;
  /** As far as is known here, nobody is asked. */
  readonly order: (number: number) => Promise<Order | null>;
  /** Asks the provider first; when it is away, the order as it is. */
  readonly check: (number: number) => Promise<Order | null>;
  /** Something was said of an order by someone who may say it: a provider asked by us, a registry. `null`: there is no such order. */
  readonly hear: (number: number, report: Report) => Promise<Order | null>;
  /** Resolves when the order is no longer in this version, or when `signal` gives up. */
  readonly changed: (number: number, version: number, signal: AbortSignal) => Promise<void>;
  readonly ordersOf: (payer: string, limit: number) => Promise<Order[]>;
  readonly ordersFor: (school: number, account: number, limit: number) => Promise<Order[]>;
  /** Paid and not yet in the purses: what the dispatcher may admit a child on. */
  readonly pendingIn: (school: number) => Promise<Order[]>;
  readonly findPayee: (number: AccountNumber) => PayeeFound | null;
  /** A school's journal has grown: what was ordered may have been carried out. */
  readonly heardFrom: (school: number) => Promise<void>;
  /** Takes up what was left: asks about open orders, expires them, hands over what waits. Call it at the start and every few seconds. */
  readonly tick: () => Promise<void>;
}

/** Whoever pays at a terminal or a bank is not known here. */
const NOBODY = { payer: null, email: null, returnUrl: null, remember: false, binding: null };
const OPEN_AT_ONCE = 1000;
const MINUTE_MS = 60000;
const DAY_MINUTES = 1440;

export function createPayments(options: PaymentOptions): Payments {
  const { store, library, policy, now } = options;
  const providers = new Map(options.providers.map((provider) => [provider.way, provider]));
  const watch = createWatch();
  const bindings = createBindingDesk(options, providers);
  const around = (): Surroundings => ({ policy, nowMs: now(), dateIn: (school) => dateIn(library, school, now()) });

  /** Decides on the order as it is stored; whoever wrote in between makes us decide again. */
  const hear = async (number: number, report: Report): Promise<Order | null> => {
    for (;;) {
      const order = await store.order(number);
      const step = order && advance(order, report, around());
      if (!order || !step) return order;
      if (!(await store.advance(number, order.version, step, now()))) continue;
      watch.wake(number);
      for (const school of new Set(step.directives.map((one) => one.school))) await options.deliver(school);
      return { ...order, ...step.progress, version: order.version + 1 };
    }
  };
  const { check, charge } = askingDesk(options, providers, bindings, hear);
  return {
    ways: [...providers.keys()],
    bindings,
    async forget(payer) {
      // Orders first: what they bind from then on is nobody's. Banks are told while the bindings still say whose they are, or by a later tick.
      await store.forgetPayer(payer);
      await bindings.endAll(payer);
      await store.forgetBindings(payer, now());
    },
    quote: (sum, way) => quote(policy, sum, way),
    async begin(payment) {
      const { binding = null, payer, way } = payment;
      if (binding !== null && !(await bindings.find(payer, way, binding))) return { ok: false, trouble: "binding_unknown" };
      const begun = await begin(options, providers, hear, payment);
      return begun.ok && begun.order.state === "registered" ? { ok: true, order: await charge(begun.order) } : begun;
    },
    async receive({ settled, ...received }) {
      const total = kopecks(received.lines.reduce<number>((sum, line) => sum + line.sum, received.fee));
      const draft: NewOrder = { ...received, total, createdMs: now(), ...NOBODY };
      const order = await store.addOrder(draft, now() + policy.sessionMs);
      const report: Report = settled ? { kind: "settled", commission: kopecks(0) } : { kind: "authorised" };
      return (await hear(order.number, report)) as Order;
    },
    order: (number) => store.order(number),
    check,
    hear,
    changed: async (number, version, signal) => {
      const arrival = watch.arrival(number, signal);
      if ((await store.order(number))?.version === version) await arrival;
    },
    ordersOf: (payer, limit) => store.ordersOf(payer, limit),
    ordersFor: (school, account, limit) => store.ordersFor(school, account, limit),
    pendingIn: (school) => store.pendingIn(school),
    findPayee: (number) => findHome(library, number),
    async heardFrom(school) {
      for (const order of await store.pendingIn(school)) await carryOut(library, hear, order);
    },
    async tick() {
      for (const { id } of library.opened()) await options.deliver(id);
      for (const order of await store.open(OPEN_AT_ONCE)) {
        await carryOut(library, hear, order);
        if (order.state === "registered") await charge(order);
        const isOver = (order.state === "created" || order.state === "registered") && now() >= order.expiresMs;
        if (isOver) await hear(order.number, { kind: "expired" });
      }
      await bindings.tick();
    },
  };
}

/** Asks providers what became of orders, and bound accounts for their sums. */
function askingDesk(
  { store, now }: PaymentOptions,
  providers: ReadonlyMap<Way, Provider>,
  bindings: BindingDesk,
  hear: Payments["hear"],
): { readonly check: Payments["check"]; readonly charge: (order: Order) => Promise<Order> } {
  const check = async (number: number): Promise<Order | null> => {
    const order = await store.order(number);
    const provider = order && providers.get(order.way);
    if (!order || !provider || order.providerId === null) return order;
    const status = await provider.status(order).catch(() => null);
    if (status === null) return order;
    await bindings.learn(order, status);
    let latest: Order | null = order;
    for (const report of reportsIn(status, order)) latest = await hear(number, report);
    return latest;
  };
  /** A bound account is charged until there is an answer. */
  const charge = async (order: Order): Promise<Order> => {
    const latest = await check(order.number);
    if (latest?.state !== "registered" || latest.binding === null || now() >= latest.expiresMs) return latest ?? order;
    if (!(await bindings.charge(latest))) await hear(order.number, { kind: "declined", why: "the bound account has not paid" });
    return (await check(order.number)) ?? latest;
  };
  return { check, charge };
}

/** Credits the order when each of its schools has answered; one whose share went back before it was told has nothing to answer. */
async function carryOut(library: Library, hear: Payments["hear"], order: Order): Promise<void> {
  if (order.state !== "authorised" || !order.sent) return;
  for (const { school, reference } of dueShares(order)) if ((await library.book(school)).applied.outcomeOf(reference) === null) return;
  await hear(order.number, { kind: "carried_out" });
}

async function begin(
  { store, library, policy, now }: PaymentOptions,
  providers: ReadonlyMap<Way, Provider>,
  hear: Payments["hear"],
  { lines, ...payment }: NewPayment,
): Promise<Begun> {
  const provider = providers.get(payment.way);
  if (!provider) return { ok: false, trouble: "way_unknown" };
  const quoted = quote(
    policy,
    lines.every(({ sum }) => sum > 0) ? lines.reduce<number>((total, { sum }) => total + sum, 0) : 0,
    payment.way,
  );
  if (!quoted.ok) return quoted;
  for (const { school, account } of lines) {
    const known = library.opened().some(({ id, state }) => id === school && state.accounts.has(account));
    if (!known) return { ok: false, trouble: "unknown_account" };
  }
  const { fee, total } = quoted;
  const { remember = false, binding = null } = payment;
  const draft: NewOrder = { ...payment, remember: remember && binding === null, binding, lines, fee, total, createdMs: now() };
  const order = await store.addOrder(draft, now() + policy.sessionMs);
  if (order.state !== "created") return { ok: true, order };
  // A crash from here on leaves an order that nobody can pay; the same key takes it up again, and the provider knows it by its number.
  const answer = await provider.register(order).catch(() => null);
  if (answer === null) return { ok: false, trouble: "provider_away" };
  if (answer.kind === "refused") {
    await hear(order.number, { kind: "declined", why: answer.why });
    return { ok: false, trouble: "provider_refused" };
  }
  return { ok: true, order: (await hear(order.number, answer)) as Order };
}

/** The school's own day, by its zone. */
function dateIn(library: Library, school: number, nowMs: number): BusinessDate {
  const zone = library.opened().find(({ id }) => id === school)?.state.policy.zoneMinutes ?? 0;
  return Math.floor((Math.floor(nowMs / MINUTE_MS) + zone) / DAY_MINUTES) as BusinessDate;
}

interface Watch {
  readonly wake: (number: number) => void;
  readonly arrival: (number: number, signal: AbortSignal) => Promise<void>;
}

function createWatch(): Watch {
  const sleepers = new Map<number, Set<() => void>>();
  return {
    wake(number) {
      for (const wake of sleepers.get(number) ?? []) wake();
    },
    arrival: (number, signal) =>
      new Promise((resolve) => {
        const group = sleepers.get(number) ?? new Set();
        sleepers.set(number, group);
        const wake = () => {
          group.delete(wake);
          if (group.size === 0) sleepers.delete(number);
          signal.removeEventListener("abort", wake);
          resolve();
        };
        if (signal.aborted) return wake();
        group.add(wake);
        signal.addEventListener("abort", wake);
      }),
  };
}
