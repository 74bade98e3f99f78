/** Fuzzing by what is new: bytes that led the code somewhere it had not been are kept, and damaged further. */
import type { Coverage } from "./coverage.js";

export interface Target {
  readonly name: string;
  /** What is wrong with the answer to these bytes, in words; `null` when nothing is. Never throws. */
  readonly faultOf: (raw: Uint8Array) => string | null;
  readonly samples: readonly Uint8Array[];
}

export interface Found {
  /** Beyond the samples, each of which led somewhere new when it came. */
  readonly kept: readonly Uint8Array[];
  readonly faults: readonly string[];
  readonly tried: number;
}

/** A whole number from 0 to below its argument. */
export type Chance = (below: number) => number;

/** Mulberry32, by T. Ettinger: the simulators' own generator would bring a school with it. */
export function chanceFrom(seed: number): Chance {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

const LONGEST = 2048;
const TELLING = [0, 1, 2, 3, 4, 16, 32, 63, 64, 127, 128, 129, 192, 254, 255];
const MOST_FAULTS = 5;

/** One small harm done to bytes, of the kinds that lengths, tags, numbers and repetitions suffer from. */
function harmed(raw: Uint8Array, other: Uint8Array, chance: Chance): Uint8Array {
  const at = chance(raw.length + 1);
  const length = 1 + chance(8);
  const joined = (...parts: Uint8Array[]): Uint8Array => Uint8Array.from(parts.flatMap((part) => [...part]));
  const changed = (change: (byte: number) => number): Uint8Array => raw.map((byte, i) => (i === at ? change(byte) : byte));
  switch (chance(8)) {
    case 0:
      return changed((byte) => byte ^ (1 << chance(8)));
    case 1:
      return changed(() => TELLING[chance(TELLING.length)]);
    case 2:
      return changed((byte) => byte + chance(9) - 4);
    case 3:
      return changed(() => chance(256));
    case 4:
      return joined(
        raw.subarray(0, at),
        Uint8Array.from({ length }, () => chance(256)),
        raw.subarray(at),
      );
    case 5:
      return joined(raw.subarray(0, at), raw.subarray(at + length));
    case 6:
      return joined(raw.subarray(0, at), raw.subarray(at, at + length), raw.subarray(at));
    default:
      return joined(raw.subarray(0, at), other.subarray(chance(other.length + 1)));
  }
}

/** Goes on while `goesOn` says so, and stops by itself after a handful of faults. */
export function fuzz(
  target: Target,
  corpus: readonly Uint8Array[],
  coverage: Coverage,
  chance: Chance,
  goesOn: (tried: number) => boolean,
): Found {
  const faults: string[] = [];
  const kept: Uint8Array[] = [];
  const tryOne = (raw: Uint8Array): boolean => {
    let fault: string | null = null;
    const news = coverage.newBranches(() => (fault = target.faultOf(raw)));
    if (fault !== null) faults.push(fault);
    return news > 0;
  };
  const pool = [...target.samples, ...corpus, new Uint8Array(0)];
  for (const one of pool) tryOne(one);
  let tried = 0;
  for (; faults.length < MOST_FAULTS && goesOn(tried); tried++) {
    let raw = pool[chance(pool.length)];
    for (let harm = chance(4); harm >= 0; harm--) raw = harmed(raw, pool[chance(pool.length)], chance).subarray(0, LONGEST);
    if (!tryOne(raw)) continue;
    pool.push(raw);
    kept.push(raw);
  }
  return { kept, faults, tried };
}
