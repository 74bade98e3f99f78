/** Signed notes are UTF-8 (their signature lines begin with an em dash); upload and answer carry those bytes one character each. */
import { latinBytes, latinText } from "@trapeza/protocol";

export function noteToWire(note: string): string {
  return latinText(new TextEncoder().encode(note));
}

/** Bytes that are no UTF-8 become replacement characters, which no signature covers. */
export function noteFromWire(wire: string): string {
  return new TextDecoder().decode(latinBytes(wire));
}
