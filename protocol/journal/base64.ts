/**
 * Standard base64 (RFC 4648 §4), with padding and with one spelling for each value: nothing else may stand in a signed note.
 *
 * Written out because neither Buffer nor atob is in every place this package runs.
 */
const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

export function toBase64(bytes: Uint8Array): string {
  let text = "";
  for (let i = 0; i < bytes.length; i += 3) {
    const left = bytes.length - i;
    const triple = bytes[i] * 65536 + (left > 1 ? bytes[i + 1] * 256 : 0) + (left > 2 ? bytes[i + 2] : 0);
    text += ALPHABET.charAt(triple >> 18) + ALPHABET.charAt((triple >> 12) & 63);
    text += (left > 1 ? ALPHABET.charAt((triple >> 6) & 63) : "=") + (left > 2 ? ALPHABET.charAt(triple & 63) : "=");
  }
  return text;
}

/** `null` for anything {@link toBase64} would not have written: white space, missing padding, bits set where padding hides them. */
export function fromBase64(text: string): Uint8Array | null {
  if (text.length % 4 !== 0) return null;
  const padding = text.endsWith("==") ? 2 : text.endsWith("=") ? 1 : 0;
  const out = new Uint8Array((text.length / 4) * 3 - padding);
  for (let i = 0, at = 0; i < text.length; i += 4, at += 3) {
    let quad = 0;
    for (let j = i; j < i + 4; j++) {
      const value = j < text.length - padding ? ALPHABET.indexOf(text.charAt(j)) : 0;
      if (value < 0) return null;
      quad = quad * 64 + value;
    }
    // Writing past the end of a typed array is ignored; what would have been written there must have been nothing.
    const hidden = at + 3 - out.length;
    if (hidden > 0 && quad % 256 ** hidden !== 0) return null;
    out[at] = quad >> 16;
    out[at + 1] = (quad >> 8) & 255;
    out[at + 2] = quad & 255;
  }
  return out;
}
