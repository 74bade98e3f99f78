/** How far a file is, on a line that draws over itself; silent where nobody watches. */
const WIDTH = 30;

export interface Meter {
  show(name: string, done: number, all: number): void;
  /** Leaves an empty line behind. */
  clear(): void;
}

export function createMeter(out: NodeJS.WriteStream): Meter {
  return {
    show(name, done, all) {
      if (!out.isTTY) return;
      const full = all === 0 ? WIDTH : Math.floor((done * WIDTH) / all);
      out.write(`\r${name.padEnd(14)} ${"█".repeat(full)}${"░".repeat(WIDTH - full)} ${Math.floor((done * 100) / Math.max(1, all))} %`);
    },
    clear() {
      if (out.isTTY) out.write("\r\x1b[K");
    },
  };
}
