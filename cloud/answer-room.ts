/** What of a log fits into one answer to a gateway. */
import { MAX_SYNC_BYTES } from "@trapeza/protocol";

/** Room kept for the checkpoint and the answer's frame. */
const FRAME_BYTES = 16384;
const LENGTH_BYTES = 3;

/** The first rows whose bytes fit one answer. */
export function fittingAnswer(rows: readonly { readonly bytes: Uint8Array }[]): Uint8Array[] {
  const entries: Uint8Array[] = [];
  let room = MAX_SYNC_BYTES - FRAME_BYTES;
  for (const { bytes } of rows) {
    room -= bytes.length + LENGTH_BYTES;
    if (room < 0) break;
    entries.push(bytes);
  }
  return entries;
}
