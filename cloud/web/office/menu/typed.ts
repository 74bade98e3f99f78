/** What is typed into the forms of menus, as numbers and days; `null` when it is none. */
import { dateFromCivil, kopecks, parseDate } from "@trapeza/protocol";
import type { BusinessDate, Kopecks } from "@trapeza/protocol";
import { parseRoubles } from "../../money-text.js";

export function sumIn(text = ""): Kopecks | null {
  const sum = parseRoubles(text);
  return sum === null ? null : kopecks(sum);
}

export function numberIn(text = "", most = 9999): number | null {
  return /^[0-9]{1,9}$/.test(text.trim()) && Number(text) <= most ? Number(text) : null;
}

/** "2026-12-01" from a date field, "01.12.2026" from a person. */
export function dayIn(text = ""): BusinessDate | null {
  const typed = text.trim();
  const dotted = /^([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4})$/.exec(typed);
  if (!dotted) return parseDate(typed);
  const [day, month, year] = dotted.slice(1).map(Number);
  const at = new Date(Date.UTC(year, month - 1, day));
  return at.getUTCMonth() === month - 1 && at.getUTCDate() === day ? dateFromCivil(year, month, day) : null;
}

const MOST_KCAL = 5000;
const MOST_ALLERGENS = 20;
const LONGEST_ALLERGEN = 40;

/** Energy of a portion; null when nothing was typed, undefined when it is no such number. */
export function kcalIn(text = ""): number | null | undefined {
  return text.trim() === "" ? null : (numberIn(text, MOST_KCAL) ?? undefined);
}

/** Names in small letters, each once, so that a family's ban means the same word. */
export function allergensIn(text = ""): string[] | null {
  const names = [...new Set(partsIn(text.toLowerCase()))].map((name) => name.slice(0, LONGEST_ALLERGEN));
  return names.length <= MOST_ALLERGENS ? names : null;
}

/** Parts between separators, without blanks and without empty ones. */
export function partsIn(text = "", separator = ","): string[] {
  return text
    .split(separator)
    .map((part) => part.replace(/\s+/g, " ").trim())
    .filter((part) => part !== "");
}
