/**
 * Traffic written down as text, a burst a line: time (or anything without blanks), direction, wire, bytes in hex.
 *
 *   09:41:07.125 → ccnet 02 03 06 33 da 81
 *   09:41:07.133 in ccnet 020306143a64
 */
import { fromHex } from "@trapeza/protocol";
import type { Traffic } from "@trapeza/simulators";

export interface Written {
  readonly time: string;
  readonly traffic: Traffic;
}

const DIRECTIONS: Readonly<Record<string, Traffic["direction"]>> = { "→": "out", ">": "out", out: "out", "←": "in", "<": "in", in: "in" };
export const WIRES = ["pn532", "ccnet", "id003", "escpos", "network"] as const;
export type Wire = (typeof WIRES)[number];

/** `null` for a line that is none: a comment, a heading, damage. */
export function parseLine(line: string): Written | null {
  const [, time, direction, wire, hex] = /^\s*(?:(\S+)\s+)?(→|←|>|<|out|in)\s+(\w+)\s+((?:[0-9a-fA-F]{2}\s*)+)$/.exec(line) ?? [];
  const known = WIRES.find((one) => one === wire);
  const bytes = hex === undefined ? null : fromHex(hex.replace(/\s+/g, "").toLowerCase());
  return known && bytes ? { time: time ?? "", traffic: { line: known, direction: DIRECTIONS[direction], bytes } } : null;
}
