/**
 * Bound accounts: a payer lets one of his accounts pay by itself, pays with one tap, and ends it. Here is what is remembered of them and when providers are
 * asked. An order that is to be paid so is charged until its status says what became of it; a crash in between leaves that to the next tick.
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
  /** Charges the account; false when it does not pay any more, and the order never will. */
  readonly charge: (order: Order) => Promise<boolean>;
  /** From now on nothing is paid from it. The provider hears of it at once, or when it is there again. */
  readonly end: (payer: string, id: string) => Promise<void>;
  readonly endAll: (payer: string) => Promise<void>;
  readonly tick: () => Promise<void>;
}

const MOST_AT_ONCE = 100;

export function createBindingDesk(store: BindingStore, providers: ReadonlyMap<Way, Provider>, now: () => number): BindingDesk {
  const boundBy = (way: Way) => providers.get(way)?.bound;
  const release = async () => {
    for (const { way, id } of await store.unreleased(MOST_AT_ONCE)) {
      const away = await boundBy(way)
        ?.release(id)
        .then(
          () => false,
          () => true,
        );
      if (away === false) await store.bindingReleased(way, id);
    }
  };
  const of = async (payer: string) => (await store.bindings(payer)).filter(({ way }) => boundBy(way));
  return {
    ways: [...providers.values()].filter(({ bound }) => bound).map(({ way }) => way),
    of,
    find: async (payer, wanted, id) => (payer === null ? [] : await of(payer)).find((one) => one.way === wanted && one.id === id) ?? null,
    async learn({ way, payer, remember }, { state, bound }) {
      if (!bound || !remember || payer === null || state !== "authorised") return;
      await store.addBinding({ ...bound, way, payer, boundMs: now() });
    },
    async charge(order) {
      const { way, payer, binding } = order;
      const bound = boundBy(way);
      if (!bound || payer === null || binding === null) return false;
      if ((await bound.charge(order)) === "taken") return true;
      // A refusal says little: the order may be paid already. Only an account that the provider knows no more is a reason to give the order up.
      if ((await bound.list(payer)).includes(binding)) return true;
      await store.endBinding(payer, binding, now());
      return false;
    },
    async end(payer, id) {
      await store.endBinding(payer, id, now());
      await release();
    },
    async endAll(payer) {
      for (const { id } of await store.bindings(payer)) await store.endBinding(payer, id, now());
      await release();
    },
    tick: release,
  };
}
