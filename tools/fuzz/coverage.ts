/** Which branches of the instrumented modules a call has taken that none before it had. */
interface Branches {
  readonly next: number;
  readonly hits: Uint32Array;
}

export interface Coverage {
  /** Calls, and says how many branches were taken that never were, or never so often: once, twice, 3 to 7 times, 8 times and more are four. */
  readonly newBranches: (call: () => void) => number;
}

const howOften = (count: number): number => (count < 3 ? count : count < 8 ? 3 : 4);

export function createCoverage(): Coverage {
  const branches = (globalThis as { __branches?: Branches }).__branches;
  if (!branches || branches.next > branches.hits.length) throw new Error("nothing is instrumented, or too much");
  const most = new Uint8Array(branches.next);
  return {
    newBranches: (call) => {
      branches.hits.fill(0, 0, branches.next);
      call();
      let news = 0;
      for (let at = 0; at < most.length; at++) {
        const often = howOften(branches.hits[at]);
        if (often <= most[at]) continue;
        most[at] = often;
        news++;
      }
      return news;
    },
  };
}
