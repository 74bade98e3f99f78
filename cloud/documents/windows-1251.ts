/** Text in windows-1251, which banks' programs and 1C read everywhere (WHATWG Encoding, index windows-1251). */
const FIRST = 0x80;
const letters = new TextDecoder("windows-1251").decode(Uint8Array.from({ length: FIRST }, (_, at) => FIRST + at));
const bytes = new Map([...letters].map((letter, at) => [letter, FIRST + at]));

/** A letter that the alphabet does not have becomes a question mark. */
export function encodeWindows1251(text: string): Uint8Array {
  return Uint8Array.from([...text], (letter) => (letter.charCodeAt(0) < FIRST ? letter.charCodeAt(0) : (bytes.get(letter) ?? 0x3f)));
}
