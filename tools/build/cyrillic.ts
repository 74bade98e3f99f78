import { toByteText } from "@trapeza/protocol";
import { parse } from "acorn";
import MagicString from "magic-string";
import { excerpt, walk, type Tree } from "./syntax.js";

/**
 * Writes every string literal's letters as windows-1251 bytes, `\xNN`: an ESP32 build knows bytes only and would keep the low half of a code point.
 * Characters up to U+00FF are taken for bytes already. Returns the code and a complaint for each letter the code page lacks.
 */
export function encodeCyrillic(code: string): { code: string; complaints: string[] } {
  const complaints: string[] = [];
  const edited = new MagicString(code);
  walk(parse(code, { ecmaVersion: 5, sourceType: "script" }) as unknown as Tree, (node) => {
    if (node.type !== "Literal" || typeof node.value !== "string") return;
    let bytes = "";
    for (const letter of node.value) {
      const isByte = letter.charCodeAt(0) <= 0xff;
      const byte = isByte ? letter : toByteText(letter);
      if (!isByte && byte === "?") complaints.push(`windows-1251 has no "${letter}", ${excerpt(code, node)}`);
      bytes += byte;
    }
    if (bytes !== node.value) edited.overwrite(node.start, node.end, quote(bytes));
  });
  return { code: edited.toString(), complaints };
}

function quote(bytes: string): string {
  let out = "";
  for (const letter of bytes) {
    const code = letter.charCodeAt(0);
    const plain = code >= 0x20 && code < 0x7f && letter !== '"' && letter !== "\\";
    out += plain ? letter : `\\x${code.toString(16).padStart(2, "0")}`;
  }
  return `"${out}"`;
}
