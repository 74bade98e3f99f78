/** A collection under way, and what the school and its machine ask of it. */
import type { Common, Result } from "./terminal.js";
import type { Word } from "./words.js";

export type Holder = Extract<Result, { readonly kind: "Holder" }>;
export type Collected = Extract<Result, { readonly kind: "Collected" }>;

export interface Collection {
  readonly phase: "card" | "seal" | "witness" | "cassette" | "saved" | "printing" | "done";
  /** The collector's card; "" until it was shown. */
  readonly uid: string;
  readonly name: string;
  /** What the gateway says is in the box; `null`: it is away. */
  readonly box: Holder["box"] | null;
  readonly seal: string;
  readonly witness: string;
  readonly second: string;
  /** The operation, once it is durable. */
  readonly n: number;
  readonly collected: Collected | null;
  readonly printed: boolean;
  readonly notice: Word | null;
}

/** The cassette is out, or about to be: a validator that says nothing cannot tell, so somebody has to. */
export function mustAsk(common: Common): boolean {
  return common.acceptor === "silent" || common.acceptor === "jammed";
}

export function wantsTwo(common: Common): boolean {
  return common.policy !== null && common.policy.twoPersons;
}
