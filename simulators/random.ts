/**
 * Chance as an argument: xoshiro128** (Blackman and Vigna, 2018) on a seed spread by splitmix32. The same seed is the same world; not for secrets.
 */
export interface Random {
  /** A whole number, 0 ≤ n < 2^32. */
  next(): number;
  /** A whole number, 0 ≤ n < `limit` ≤ 2^32. */
  below(limit: number): number;
  /** A whole number from `low` to `high`, both included. */
  between(low: number, high: number): number;
  /** `true` in `percent` of a hundred cases. */
  chance(percent: number): boolean;
  pick<T>(items: readonly T[]): T;
  /** A new array in a new order. */
  shuffle<T>(items: readonly T[]): T[];
  bytes(length: number): Uint8Array;
  /** A generator of its own for `label`: what one part of the world draws does not move what another part will draw. */
  fork(label: string): Random;
}

function rotate(value: number, by: number): number {
  return (value << by) | (value >>> (32 - by));
}

function spread(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x9e3779b9) >>> 0;
    let mixed = state ^ (state >>> 16);
    mixed = Math.imul(mixed, 0x21f0aaad);
    mixed ^= mixed >>> 15;
    mixed = Math.imul(mixed, 0x735a2d97);
    return (mixed ^ (mixed >>> 15)) >>> 0;
  };
}

/** FNV-1a over UTF-16 units: turns a label into a number. */
function labelNumber(label: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < label.length; i++) hash = Math.imul(hash ^ label.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}

/** `seed`: any whole number; only its low 32 bits count. */
export function createRandom(seed: number): Random {
  const start = spread(seed);
  const s = new Uint32Array([start(), start(), start(), start()]);

  function next(): number {
    const result = Math.imul(rotate(Math.imul(s[1], 5), 7), 9) >>> 0;
    const carry = s[1] << 9;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= carry;
    s[3] = rotate(s[3], 11);
    return result;
  }

  function below(limit: number): number {
    // Numbers past the last whole multiple are drawn again, or small results would come a little too often.
    const usable = 0x100000000 - (0x100000000 % limit);
    let drawn = next();
    while (drawn >= usable) drawn = next();
    return drawn % limit;
  }

  function shuffle<T>(items: readonly T[]): T[] {
    const out = [...items];
    for (let i = out.length - 1; i > 0; i--) {
      const j = below(i + 1);
      [out[i], out[j]] = [out[j], out[i]];
    }
    return out;
  }

  return {
    next,
    below,
    between: (low, high) => low + below(high - low + 1),
    chance: (percent) => below(100) < percent,
    pick: (items) => items[below(items.length)],
    shuffle,
    bytes: (length) => Uint8Array.from({ length }, () => below(256)),
    fork: (label) => createRandom(labelNumber(label) ^ seed),
  };
}
