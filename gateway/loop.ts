/** Something that is done again and again, each time after as long as the last time asked for. */
export interface Loop {
  /** Resolves when the step that is running has ended; none follows. */
  readonly stop: () => Promise<void>;
}

/** `step` must not reject. */
export function createLoop(step: () => Promise<{ readonly waitMs: number }>): Loop {
  let stopped = false;
  let wake: () => void = () => undefined;
  const run = async (): Promise<void> => {
    while (!stopped) {
      const { waitMs } = await step();
      if (stopped || waitMs === 0) continue;
      await new Promise<void>((done) => {
        const timer = setTimeout(done, waitMs);
        wake = () => {
          clearTimeout(timer);
          done();
        };
      });
    }
  };
  const running = run();
  return {
    stop: () => {
      stopped = true;
      wake();
      return running;
    },
  };
}
