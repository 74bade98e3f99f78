/**
 * Stand-ins for the two fonts built into the interpreter: cells as wide and high as the chip's, shapes our own and capitals only. Terminals
 * draw their text with fonts of their own; these appear when firmware forgets to choose one.
 */

/** Five rows of three pixels for the characters 32…95, each row an octal digit. */
const ROWS =
  "00000 22202 55000 57575 36236 51245 25253 22000 12221 42224 52725 02720 00024 00700 00002 11244 " +
  "75557 26227 71747 71317 55711 74717 74757 71122 75757 75717 02020 02024 12421 07070 42124 71202 " +
  "75547 25755 65656 34443 65556 74647 74644 34553 55755 72227 11152 55655 44447 57755 65555 25552 " +
  "65644 25531 65655 34216 72222 55557 55552 55775 55255 55222 71247 64446 44211 31113 25000 00007";

const GLYPHS = ROWS.split(" ");

/** `true` where the character's pixel is set; `x` 0…2, `y` 0…4. */
export function glyphPixel(code: number, x: number, y: number): boolean {
  const upper = code >= 97 && code <= 122 ? code - 32 : code;
  const rows = GLYPHS[upper - 32] ?? "77777";
  return ((Number(rows[y]) >> (2 - x)) & 1) === 1;
}
