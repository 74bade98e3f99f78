import type { Directive } from "@trapeza/protocol";

/** Told to a school exactly once: `reference` is unique there. */
export interface OutgoingDirective {
  readonly school: number;
  readonly reference: string;
  readonly directive: Directive;
}
