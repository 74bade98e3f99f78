/** Work that must not overlap: what is given in under one key runs one after another, in the order in which it came. */
export type Turns<Key> = <T>(key: Key, work: () => Promise<T>) => Promise<T>;

/** What fails holds up nobody behind it. */
export function createTurns<Key>(): Turns<Key> {
  const last = new Map<Key, Promise<unknown>>();
  return (key, work) => {
    const turn = (last.get(key) ?? Promise.resolve()).then(work);
    last.set(
      key,
      turn.catch(() => undefined),
    );
    return turn;
  };
}
