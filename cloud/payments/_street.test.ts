/** For tests: a school whose gateway does what the cloud tells it, and a provider that says what it is told to say. */
import { decodeEntry, decodeWhole, directiveSchema, kopecks } from "@trapeza/protocol";
import type { Kopecks } from "@trapeza/protocol";
import { DIRECTIVES, HOUSE, NOW_MS, SCHOOL, TODAY, createTestGateway, gatewayKey } from "../_gateway.test.js";
import type { TestGateway } from "../_gateway.test.js";
import { createCloud } from "../cloud.js";
import type { Cloud } from "../cloud.js";
import { createMemoryStore } from "../store/memory.js";
import type { Store } from "../store/store.js";
import type { Order, Way } from "./order.js";
import type { Binding, PaymentStore } from "./store.js";
import type { BoundAccounts, Provider, ProviderStatus } from "./provider.js";
import { USUAL_POLICY } from "./quote.js";
import type { PaymentPolicy } from "./quote.js";

export interface TestProvider extends Provider {
  /** What it answers to whoever asks about the order. */
  readonly say: (order: number, status: Partial<ProviderStatus>) => void;
  readonly registered: number[];
  away: boolean;
  /** Answers so many questions more, and is away then. */
  goesAwayAfter: number;
  /** Of SBP: bound accounts and whose they are. */
  readonly accounts: Map<string, string>;
  /** Orders whose sum was taken from one. */
  readonly charged: number[];
  /** Orders whose sum was asked for, whether or not it was there. */
  readonly asked: number[];
  /** Accounts with nothing in them. */
  isEmpty: boolean;
}

export function createTestProvider(way: Way = "card"): TestProvider {
  const told = new Map<number, ProviderStatus>();
  const statusOf = (order: Order): ProviderStatus =>
    told.get(order.number) ?? { state: "waiting", amount: order.total, refunded: kopecks(0), chargedBack: kopecks(0), why: "" };
  const provider: TestProvider = {
    ...{
      way,
      registered: [],
      away: false,
      goesAwayAfter: Infinity,
      accounts: new Map<string, string>(),
      charged: [],
      asked: [],
      isEmpty: false,
    },
    async register(order) {
      leave(provider);
      provider.registered.push(order.number);
      const url = "https://bank.example/pay/" + order.number;
      const payAt = order.binding === null ? ({ kind: "page", url } as const) : null;
      return { kind: "registered", providerId: "p" + order.number, payAt, expiresMs: order.expiresMs };
    },
    async status(order) {
      leave(provider);
      return statusOf(order);
    },
    ...(way === "sbp" && { bound: boundAccounts(() => provider, told) }),
    say: (order, status) =>
      void told.set(order, { state: "authorised", amount: kopecks(0), refunded: kopecks(0), chargedBack: kopecks(0), why: "", ...status }),
  };
  return provider;
}

/** An account bound by SBP, by an order that asked for it. */
export async function bindTo(store: PaymentStore, { payer, ...binding }: Omit<Binding, "way">): Promise<void> {
  const costs = { fee: kopecks(0), total: kopecks(100), createdMs: binding.boundMs };
  const lines = [{ school: SCHOOL, account: 7, purse: "main", sum: kopecks(100) }] as const;
  const asked = { key: "binds " + binding.id, way: "sbp", payer, returnUrl: null, email: null, remember: true, binding: null } as const;
  const { number } = await store.addOrder({ ...asked, ...costs, lines }, binding.boundMs);
  await store.addBinding(number, { ...binding, way: "sbp" });
}

function leave(provider: TestProvider): void {
  if (provider.goesAwayAfter-- <= 0) Object.assign(provider, { away: true, goesAwayAfter: Infinity });
  if (provider.away) throw new Error("away");
}

function boundAccounts(provider: () => TestProvider, told: Map<number, ProviderStatus>): BoundAccounts {
  const answer = async <T>(work: () => T) => {
    leave(provider());
    return work();
  };
  return {
    charge: (order) =>
      answer(() => {
        provider().asked.push(order.number);
        if (provider().isEmpty || provider().accounts.get(order.binding ?? "") !== order.payer) return "refused";
        // Whatever was said of the order before stands: it is paid once.
        if (told.has(order.number)) return "refused";
        provider().say(order.number, { amount: order.total });
        provider().charged.push(order.number);
        return "taken";
      }),
    list: (payer) => answer(() => [...provider().accounts].filter(([, whose]) => whose === payer).map(([id]) => id)),
    release: (binding) => answer(() => void provider().accounts.delete(binding)),
  };
}

export interface Street {
  readonly cloud: Cloud;
  readonly gateway: TestGateway;
  readonly provider: TestProvider;
  readonly sbp: TestProvider;
  /** The gateway fetches what is new for it, does it, and uploads its journal. */
  readonly sync: () => Promise<void>;
  readonly restart: () => Promise<Cloud>;
  /** Purses as the ledger has them, and what is pending. */
  readonly purses: (account: number) => Promise<{ main: number; additional: number; pending: number }>;
  readonly clock: { nowMs: number };
}

export async function openStreet(policy: Partial<PaymentPolicy> = {}, store: Store = createMemoryStore(), bySbp = false): Promise<Street> {
  const clock = { nowMs: NOW_MS };
  const [provider, sbp] = [createTestProvider(), createTestProvider("sbp")];
  const options = {
    ...{ store, seed: new Uint8Array(32).fill(1), house: HOUSE, now: () => clock.nowMs },
    random: (bytes: number) => new Uint8Array(bytes),
    payments: {
      providers: bySbp ? [provider, sbp] : [provider],
      policy: { ...USUAL_POLICY, fees: { card: { basisPoints: 200, atLeast: 0 as Kopecks } }, ...policy },
    },
  };
  const cloud = await createCloud(options);
  await cloud.registerSchool({ id: SCHOOL, label: "24" });
  const gateway = createTestGateway(await cloud.registerGateway({ id: "g24", school: SCHOOL, key: gatewayKey(1) }));
  gateway.openDay(TODAY);
  await cloud.enqueueDirectives(SCHOOL, DIRECTIVES);
  let taken = 0;
  let sent = 0;
  const street: Street = {
    ...{ cloud, gateway, provider, sbp, clock, restart: () => createCloud(options) },
    async sync() {
      for (const { bytes } of await store.directives(SCHOOL, taken, 1000)) {
        const entry = decodeEntry(bytes);
        const directive = entry.ok ? decodeWhole(directiveSchema, entry.value.event) : entry;
        if (!directive.ok) throw new Error("not a directive");
        gateway.direct(directive.value as (typeof DIRECTIVES)[number]);
        taken++;
      }
      const answer = await cloud.intake.receive(gateway.row, gateway.upload(sent));
      if (answer.kind !== "Stored") throw new Error(JSON.stringify(answer));
      sent = gateway.entries.length;
    },
    async purses(account) {
      const sums = await store.balances(SCHOOL);
      const of = (name: string) => 0 - ([...sums].find(([key]) => key === name)?.[1] ?? 0);
      return { main: of(`holder/${account}/main`), additional: of(`holder/${account}/additional`), pending: of("pending/" + account) };
    },
  };
  await street.sync();
  return street;
}
