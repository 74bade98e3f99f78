/**
 * What terminals say they have heard of, held against what lies here. A journal shorter than that was put back to an older state; but a single voice may be
 * a terminal's stolen key, so alone it is an alarm, and makes the school wait only in the first minute after a start: a running gateway's disk is not
 * put back. Two voices are believed.
 */

/** A terminal has heard of `size` events, and fewer lie here. */
export interface Claim {
  readonly terminal: number;
  readonly size: number;
}

export type Verdict =
  | { readonly kind: "none" }
  | { readonly kind: "alone"; readonly waitUntilMs: number }
  /** `size` is what two of them vouch for. */
  | { readonly kind: "agreed"; readonly size: number; readonly terminals: readonly number[] };

/** After a start every terminal says Hello within so long: a second voice would have been heard. */
const WAIT_MS = 60_000;

export class Claims {
  readonly #sizes = new Map<number, number>();

  constructor(private readonly beganMs: number) {}

  /** `lying`: how many events lie here. What a terminal said before is forgotten. */
  hear({ terminal, size }: Claim, lying: number): Verdict {
    this.#sizes.delete(terminal);
    if (size <= lying) return { kind: "none" };
    this.#sizes.set(terminal, size);
    const claims = this.against(lying);
    if (claims.length === 1) return { kind: "alone", waitUntilMs: this.beganMs + WAIT_MS };
    return { kind: "agreed", size: claims[1].size, terminals: claims.map((claim) => claim.terminal) };
  }

  /** Claims that are still beyond what lies here, the largest first. */
  against(lying: number): Claim[] {
    const claims = [...this.#sizes].map(([terminal, size]) => ({ terminal, size }));
    return claims.filter(({ size }) => size > lying).sort((a, b) => b.size - a.size);
  }
}
