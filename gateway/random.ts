/** Bytes from the system's cryptographic generator, drawn a page ahead: it takes nearly as long for sixteen as for four thousand. */
import { randomFillSync } from "node:crypto";

const PAGE_BYTES = 4096;

/** `fill` overwrites a page with bytes of chance. No byte is handed out twice, and none stays behind in the page. */
export function createRandom(fill: (page: Uint8Array) => void = randomFillSync): (bytes: number) => Uint8Array {
  const page = new Uint8Array(PAGE_BYTES);
  let used = PAGE_BYTES;
  return (bytes) => {
    if (bytes > PAGE_BYTES) {
      const whole = new Uint8Array(bytes);
      fill(whole);
      return whole;
    }
    if (used + bytes > PAGE_BYTES) {
      fill(page);
      used = 0;
    }
    const drawn = page.slice(used, used + bytes);
    page.fill(0, used, used + bytes);
    used += bytes;
    return drawn;
  };
}
