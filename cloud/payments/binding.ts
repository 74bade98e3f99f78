/**
 * Bound accounts: a payer lets one of his accounts pay by itself, pays with one tap, and ends it. Here is what is remembered of them and when providers are
 * asked. An order that is to be paid so is asked for until there is an answer; then its status alone says what became of it. Whether it was asked for
 * before is not written down: an order from before a crash may have been, so that a refusal of it proves nothing.
 */
import type { Order, Way } from "./order.js";
import type { Provider, ProviderStatus } from "./provider.js";
import type { Binding, BindingStore } from "./store.js";

export interface BindingDesk {
  /** Ways that can be bound here. */
  readonly ways: readonly Way[];
  readonly of: (payer: string) => Promise<Binding[]>;
  readonly find: (payer: string | null, way: Way, id: string) => Promise<Binding | null>;
  /** Keeps the account that was bound while the order was paid. Call it before the payment is written, so that a crash asks again. */
  readonly learn: (order: Order, status: ProviderStatus) => Promise<void>;
  /** Charges the account, if it still stands; false when it does not pay, and the order is to be given up. */
  readonly charge: (order: Order) => Promise<boolean>;
  /** From now on nothing is paid from it. The provider hears of it at once, or when it is there again. */
  readonly end: (payer: string, id: string) => Promise<void>;
  readonly endAll: (payer: string) => Promise<void>;
  readonly tick: () => Promise<void>;
}

const MOST_WAITING = 10000;
/** What one tick may take for telling banks of what has ended. */
const PATIENCE_MS = 5000;
const [SHORTEST_REST_MS, LONGEST_REST_MS] = [60000, 3600000];

export interface BindingOptions {
  readonly store: BindingStore;
  readonly now: () => number;
}

export function createBindingDesk({ store, now }: BindingOptions, providers: ReadonlyMap<Way, Provider>): BindingDesk {
  const of = async (payer: string) => (await store.bindings(payer)).filter(({ way }) => providers.get(way)?.bound);
  const find: BindingDesk["find"] = async (payer, wanted, id) =>
    (payer === null ? [] : await of(payer)).find((one) => one.way === wanted && one.id === id) ?? null;
  const releases = createReleases(store, providers, now);
  const end = async (payer: string, ending: readonly Binding[]) => {
    for (const { id } of ending) await store.endBinding(payer, id, now());
    for (const binding of ending) if (!(await releases.release(binding))) break;
  };
  return {
    ways: [...providers.values()].filter(({ bound }) => bound).map(({ way }) => way),
    of,
    find,
    async learn({ number, way, remember }, { state, bound }) {
      if (bound && remember && state === "authorised") await store.addBinding(number, { ...bound, way, boundMs: now() });
    },
    charge: createCharging(store, providers, find, now),
    end: async (payer, id) =>
      end(
        payer,
        (await store.bindings(payer)).filter((one) => one.id === id),
      ),
    endAll: async (payer) => end(payer, await store.bindings(payer)),
    tick: releases.tick,
  };
}

function createCharging(
  store: BindingStore,
  providers: ReadonlyMap<Way, Provider>,
  find: BindingDesk["find"],
  now: () => number,
): BindingDesk["charge"] {
  const startedMs = now();
  /** What came of asking for an order in this life of the process, until the order expires. Lost: the bank may have heard the question all the same. */
  const asked = new Map<number, { readonly answer: "awaited" | "lost" | "had" | "refused"; readonly untilMs: number }>();
  const ask = async (order: Order, isAgain: boolean): Promise<"had" | "refused"> => {
    const { way, payer, binding } = order;
    const provider = providers.get(way);
    if (!provider?.bound || payer === null || binding === null || !(await find(payer, way, binding))) return "refused";
    if ((await provider.bound.charge(order)) === "taken" || isAgain) return "had";
    if ((await provider.status(order)).state !== "waiting") return "had";
    if (!(await provider.bound.list(payer)).includes(binding)) await store.endBinding(payer, binding, now());
    return "refused";
  };
  return async (order) => {
    const { number, createdMs, expiresMs: untilMs } = order;
    for (const [old, one] of asked) if (one.untilMs < now()) asked.delete(old);
    const before = asked.get(number)?.answer;
    if (before !== undefined && before !== "lost") return before !== "refused";
    asked.set(number, { answer: "awaited", untilMs });
    const answer = await ask(order, before === "lost" || createdMs < startedMs).catch(() => "lost" as const);
    asked.set(number, { answer, untilMs });
    return answer !== "refused";
  };
}

/** Tells banks what has ended. One that does not take it is asked again ever more seldom, so that the others get their turn. */
function createReleases(store: BindingStore, providers: ReadonlyMap<Way, Provider>, now: () => number) {
  const rests = new Map<string, { untilMs: number; ms: number }>();
  const release = async ({ way, id }: Binding): Promise<boolean> => {
    const key = way + "/" + id;
    try {
      const bound = providers.get(way)?.bound;
      if (!bound) throw new Error("nobody to tell");
      await bound.release(id);
    } catch {
      const last = rests.get(key);
      const ms = last ? Math.min(last.ms * 2, LONGEST_REST_MS) : SHORTEST_REST_MS;
      rests.set(key, { untilMs: now() + ms, ms });
      return false;
    }
    await store.bindingReleased(way, id);
    rests.delete(key);
    return true;
  };
  return {
    release,
    async tick() {
      const endMs = now() + PATIENCE_MS;
      for (const binding of await store.unreleased(MOST_WAITING)) {
        if (now() >= endMs) return;
        if ((rests.get(binding.way + "/" + binding.id)?.untilMs ?? 0) <= now()) await release(binding);
      }
    },
  };
}
