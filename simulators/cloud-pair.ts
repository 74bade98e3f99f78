/**
 * A cloud that may fall in the middle of a request, and another on the same store that takes its place: what was stored is there, what was not is not, and
 * whoever had asked hears nothing. The fallen one is shut out of the store, as a primary that was voted down is.
 */
import type { Cloud } from "@trapeza/cloud";

type Store = Cloud["store"];

export interface CloudPair {
  /** Whichever serves now. */
  readonly cloud: Cloud;
  /** It falls when a request has called the store so many times, in this request or a later one; `told` when the other serves. */
  failAfter(calls: number, told: () => void): void;
  /** A request of a gateway. Throws when nobody lives to answer it. */
  request<T>(work: (cloud: Cloud) => Promise<T>): Promise<T>;
}

interface Fall {
  left: number;
  readonly told: () => void;
}

/** `open` is given the store as one cloud reaches it, and how many there were before. */
export async function openCloudPair(store: Store, open: (store: Store, before: number) => Promise<Cloud>): Promise<CloudPair> {
  let fall: Fall | null = null;
  let isAsked = false;
  let count = 0;
  let life = { fallen: false };

  function reach(mine: { fallen: boolean }): Store {
    return new Proxy(store, {
      get(target, name) {
        const value: unknown = Reflect.get(target, name);
        if (typeof value !== "function") return value;
        return (...args: unknown[]): unknown => {
          if (isAsked && fall && fall.left-- <= 0) mine.fallen = true;
          if (mine.fallen) throw new Error("the cloud has fallen");
          return (value as (...args: unknown[]) => unknown).apply(target, args);
        };
      },
    });
  }
  const next = (): Promise<Cloud> => open(reach((life = { fallen: false })), count++);
  let cloud = await next();

  async function finish<T>(work: Promise<T>): Promise<T | null> {
    isAsked = true;
    try {
      return await work;
    } catch (error) {
      if (!life.fallen) throw error;
      return null;
    } finally {
      isAsked = false;
    }
  }
  return {
    get cloud() {
      return cloud;
    },
    failAfter: (left, told) => void (fall = { left, told }),
    async request(work) {
      const said = await finish(Promise.resolve().then(() => work(cloud)));
      // What it may still have said did not leave the house.
      if (!life.fallen) return said as NonNullable<typeof said>;
      const { told } = fall as Fall;
      fall = null;
      cloud = await next();
      told();
      throw new Error("no answer from the cloud");
    },
  };
}
