/** How often something may be tried within a time. Kept in memory: a restart forgives, which helps nobody who needs millions of tries. */

export interface Allowance {
  /** Uses one up; `false`, and nothing used, when none is left. */
  readonly take: (key: string) => boolean;
  /** Whether one is left. */
  readonly has: (key: string) => boolean;
  /** All are there again. */
  readonly restore: (key: string) => void;
}

/** Beyond so many keys those that have run out are forgotten: somebody inventing keys fills no memory. */
const MOST_KEYS = 10000;

export function createAllowance(most: number, windowMs: number, now: () => number): Allowance {
  const taken = new Map<string, number[]>();
  const recent = (key: string) => (taken.get(key) ?? []).filter((atMs) => atMs > now() - windowMs);
  const sweep = () => {
    for (const key of taken.keys()) if (recent(key).length === 0) taken.delete(key);
    // All of them are recent: the oldest go, so that the one who floods pays with forgetting what is least worth remembering.
    for (const key of taken.keys()) {
      if (taken.size <= MOST_KEYS) return;
      taken.delete(key);
    }
  };
  return {
    has: (key) => recent(key).length < most,
    take(key) {
      const times = recent(key);
      if (times.length >= most) return false;
      // Put behind the others: a map keeps the order in which keys were added.
      taken.delete(key);
      taken.set(key, [...times, now()]);
      if (taken.size > MOST_KEYS) sweep();
      return true;
    },
    restore: (key) => void taken.delete(key),
  };
}
