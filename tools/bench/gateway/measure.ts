/** Speed as a person would put it: how many in a second, and how long one waits. */
export interface Speed {
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/** `samplesMs` need not be sorted. */
export function percentile(samplesMs: ArrayLike<number>, share: number): number {
  if (samplesMs.length === 0) return Number.NaN;
  const sorted = Float64Array.from(samplesMs).sort();
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] as number;
}

/** To a thousandth: more is noise. */
export const rounded = (value: number): number => Math.round(value * 1000) / 1000;

/** Speed of work of which each piece took so long, done within `seconds`. */
export function speedOf(samplesMs: readonly number[], seconds: number): Speed {
  return {
    perSecond: Math.round(samplesMs.length / seconds),
    p50Ms: rounded(percentile(samplesMs, 0.5)),
    p99Ms: rounded(percentile(samplesMs, 0.99)),
  };
}

/** One of many who work side by side: does a round, and says how long each piece of it took. */
export type Round = () => Promise<readonly number[]>;

export interface Sampled {
  readonly samplesMs: readonly number[];
  /** In which so many were done. */
  readonly seconds: number;
}

/** Everybody works round after round for so long; the first tenth is warm-up and not counted. */
export async function sampleFor(seconds: number, workers: readonly Round[]): Promise<Sampled> {
  const began = performance.now();
  const countFrom = began + seconds * 100;
  const until = began + seconds * 1000;
  const samples: number[] = [];
  await Promise.all(
    workers.map(async (round) => {
      while (performance.now() < until) {
        const took = await round();
        const now = performance.now();
        if (now > countFrom && now <= until) for (const one of took) samples.push(one);
      }
    }),
  );
  return { samplesMs: samples, seconds: (until - countFrom) / 1000 };
}

/** The same, summed up. */
export async function workFor(seconds: number, workers: readonly Round[]): Promise<Speed> {
  const { samplesMs, seconds: counted } = await sampleFor(seconds, workers);
  return speedOf(samplesMs, counted);
}

/** Pieces of work begun at a steady rate, whether or not the one before is done, so that a slow one delays nobody's clock. */
export async function workAt(perSecond: number, seconds: number, begin: (index: number) => Promise<void>): Promise<readonly number[]> {
  const samples: number[] = [];
  const total = Math.round(perSecond * seconds);
  const began = performance.now();
  const open: Promise<void>[] = [];
  for (let index = 0; index < total; index++) {
    const due = began + (index * 1000) / perSecond;
    const wait = due - performance.now();
    if (wait > 1) await new Promise((done) => setTimeout(done, wait));
    open.push(begin(index).then(() => void samples.push(performance.now() - Math.max(due, began))));
  }
  await Promise.all(open);
  return samples;
}
