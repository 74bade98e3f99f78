/** Unicode text in journal and directives: names of people and dishes as they are written, not as a receipt printer can spell them. */
import { bytes, spelled } from "../wire/schema.js";
import type { Schema } from "../wire/schema.js";

const encoder = new TextEncoder();
// `fatal`: two different byte strings must never decode to the same text, or an event would have two spellings. `ignoreBOM`: keep what was written.
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** UTF-8 text of at most `max` bytes, its length before it; bytes that are no UTF-8 are malformed. Throws on writing text that is too long. */
export function utf8Text<T extends string = string>(max: number): Schema<T> {
  return spelled(
    bytes(max),
    (value) => {
      const raw = encoder.encode(value);
      if (raw.length > max) throw new Error("text of " + raw.length + " bytes, at most " + max);
      return raw;
    },
    (raw) => {
      try {
        return decoder.decode(raw) as T;
      } catch {
        return null;
      }
    },
  );
}
