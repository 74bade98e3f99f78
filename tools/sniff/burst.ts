/** Bytes that come without a pause belong together: a tap on a wire gets them in pieces. */
export interface Bursts {
  take(bytes: Uint8Array): void;
  /** Tells what is still held. */
  flush(): void;
}

/** `tell` hears of each burst once `pauseMs` have passed in silence. */
export function createBursts(pauseMs: number, tell: (bytes: Uint8Array) => void): Bursts {
  let held: Uint8Array[] = [];
  let pause: NodeJS.Timeout | undefined;
  function flush(): void {
    clearTimeout(pause);
    const bytes = new Uint8Array(Buffer.concat(held));
    held = [];
    if (bytes.length > 0) tell(bytes);
  }
  return {
    take(bytes) {
      held.push(bytes);
      clearTimeout(pause);
      pause = setTimeout(flush, pauseMs);
    },
    flush,
  };
}
