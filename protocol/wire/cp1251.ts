/**
 * Windows-1251 for Cyrillic, both ways, for the side that speaks Unicode; terminals only ever see the bytes.
 * Table: Unicode Consortium, VENDORS/MICSFT/WINDOWS/CP1251.TXT.
 */
import type { ByteText } from "./units.js";

// Code points of bytes 0x80–0xBF; 0xC0–0xFF are U+0410–U+044F in order. 0x98 is not assigned.
const UPPER =
  "0402 0403 201a 0453 201e 2026 2020 2021 20ac 2030 0409 2039 040a 040c 040b 040f " +
  "0452 2018 2019 201c 201d 2022 2013 2014 0000 2122 0459 203a 045a 045c 045b 045f " +
  "00a0 040e 045e 0408 00a4 0490 00a6 00a7 0401 00a9 0404 00ab 00ac 00ad 00ae 0407 " +
  "00b0 00b1 0406 0456 0491 00b5 00b6 00b7 0451 2116 0454 00bb 0458 0405 0455 0457";
const POINTS = UPPER.split(" ").map(function (point) {
  return parseInt(point, 16);
});

/** Bytes for a terminal. What windows-1251 has no letter for becomes "?"; the rouble sign becomes "р." as on paper. */
export function toByteText(text: string): ByteText {
  let out = "";
  for (const letter of text) {
    const point = letter.codePointAt(0) ?? 0;
    if (point < 0x80) out += letter;
    else if (point >= 0x410 && point <= 0x44f) out += String.fromCharCode(point - 0x410 + 0xc0);
    else if (point === 0x20bd) out += "\u00f0.";
    else {
      const at = POINTS.indexOf(point);
      out += at < 0 ? "?" : String.fromCharCode(0x80 + at);
    }
  }
  return out as ByteText;
}

/** Unicode text of windows-1251 bytes. */
export function fromByteText(text: string): string {
  let out = "";
  for (let i = 0; i < text.length; i++) {
    const byte = text.charCodeAt(i);
    if (byte < 0x80) out += text.charAt(i);
    else out += String.fromCharCode(byte >= 0xc0 ? byte - 0xc0 + 0x410 : POINTS[byte - 0x80]);
  }
  return out;
}
