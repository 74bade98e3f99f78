/**
 * Bytes of a matrix keypad of up to four rows and four columns behind a PCF8574 on I2C. Chip-safe.
 *
 * The expander's pins 0 … 3 lead to the rows, 4 … 7 to the columns. A pin that is written high is an input with a weak pull-up; one that is written low
 * pulls down every column to which a pressed key connects it. So a row is looked at by pulling it down alone. The keys have no diodes: of three corners of
 * a rectangle that are pressed the fourth seems to be as well.
 */

/** With its three jumpers closed to ground; the pupil's display has them open (0x27). A PCF8574A would answer at 0x38. */
export const ADDRESS = 0x20;
export const ROWS = 4;
export const COLUMNS = 4;

/** Pulls all rows down: whether any key is pressed. It lies there between two looks. */
export const ANY_ROW = 0xf0;

/** Pulls one row down. */
export function pullRow(row: number): number {
  return 0xff - (1 << row);
}

/** Columns that are pulled down, the first the lowest bit, from what the pins read. */
export function columnsOf(pins: number): number {
  return (pins >> 4) ^ 15;
}

/**
 * What the keys say, by their place: figures, `<` back, `x` times, `c` cancel, `k` OK, a blank for none. By the names under which keypads are sold; a
 * terminal's configuration has the text itself, so a keypad with other letters needs no other program.
 */
export const LAYOUTS: Readonly<Record<string, string>> = {
  // 1 2 3 A · 4 5 6 B · 7 8 9 C · * 0 # D
  "4x4": "123x456<789cx0kk",
  // 1 2 3 · 4 5 6 · 7 8 9 · * 0 #
  "4x3": "123 456 789 c0k ",
};
