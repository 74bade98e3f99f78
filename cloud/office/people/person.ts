/** How people are written: names, birth dates, numbers of accounts. */
import { dateFromCivil, luhnDigit, accountNumber } from "@trapeza/protocol";
import type { AccountNumber, BusinessDate, School } from "@trapeza/protocol";
import { LATIN_TWINS, RUSSIAN_TWINS, withoutYo } from "./words-roster.js";

export interface Name {
  readonly surname: string;
  readonly given: string;
  /** "" for whoever has none. */
  readonly patronymic: string;
}

/** Cyrillic words with hyphens, apostrophes and blanks between, first letter large: Салтыков-Щедрин, О'Коннор, Мамед оглы. */
const NAME = /^[А-ЯЁ][а-яё]*(?:[-' ][А-ЯЁа-яё][а-яё]*)*$/;
const LONGEST_NAME = 60;
/** Pupils are 5 to 21 years old. */
const YOUNGEST_DAYS = 5 * 365;
const OLDEST_DAYS = 22 * 366;
/** Day 0 of a spreadsheet's calendar is 30 December 1899, by an error of 1983 that everybody keeps (ECMA-376 §18.17.4.1). */
const SHEET_EPOCH = dateFromCivil(1899, 12, 30);

export function isName(text: string): boolean {
  return text.length <= LONGEST_NAME && NAME.test(text);
}

/** "ИВАНОВ" and "иванов" as people write them; letters within words stay as they are when they are mixed. */
export function nameCase(text: string): string {
  const clean = text
    .replace(/\s+/g, " ")
    .replace(/[‐‑–—]/g, "-")
    .replace(/[’ʼ`]/g, "'")
    .trim();
  if (clean !== clean.toUpperCase() && clean !== clean.toLowerCase()) return clean;
  return clean.toLowerCase().replace(/(^|[-' ])(\p{L})/gu, (_, before: string, letter: string) => before + letter.toUpperCase());
}

/** "Иванов Иван Иванович"; whatever follows the second word is the patronymic ("Мамед оглы"). */
export function splitName(text: string): Name {
  const [surname = "", given = "", ...rest] = nameCase(text).split(" ");
  return { surname, given, patronymic: rest.join(" ") };
}

export function fullName({ surname, given, patronymic }: Name): string {
  return [surname, given, patronymic].filter((part) => part !== "").join(" ");
}

/** "Иван И.": what a stranger at the kiosk may see. */
export function shortName({ surname, given }: Name): string {
  return given + " " + surname.slice(0, 1) + ".";
}

/** By which two writings of one name are the same. */
export function nameKey(name: Name): string {
  return withoutYo(fullName(name).toLowerCase());
}

/** "7.9.2014", "2014-09-07" or a spreadsheet's number; `null` when it is no birth date of a pupil on `today`. */
export function birthDate(text: string, today: BusinessDate): BusinessDate | null {
  const date = anyDate(text.trim());
  if (date === null || date > today - YOUNGEST_DAYS || date < today - OLDEST_DAYS) return null;
  return date;
}

function anyDate(text: string): BusinessDate | null {
  if (/^[0-9]{5}(\.0+)?$/.test(text)) return (SHEET_EPOCH + parseInt(text, 10)) as BusinessDate;
  const dotted = /^([0-9]{1,2})[./]([0-9]{1,2})[./]([0-9]{4})$/.exec(text);
  const dashed = /^([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})(?:[T ].*)?$/.exec(text);
  if (!dotted && !dashed) return null;
  const [year, month, day] = dotted ? [dotted[3], dotted[2], dotted[1]].map(Number) : (dashed as string[]).slice(1, 4).map(Number);
  const at = new Date(Date.UTC(year, month - 1, day));
  // 31 February rolls over into March: it was no date.
  return at.getUTCMonth() === month - 1 && at.getUTCDate() === day ? dateFromCivil(year, month, day) : null;
}

/** "1 а", "01А", "1-А" → "1А"; `null` when it is no class of a school. Latin letters that look Russian are taken for Russian ones. */
export function className(text: string): string | null {
  const found = /^0?([1-9]|1[0-2])[\s"«»-]*([А-ЯЁ])?[»"]?$/.exec(
    text
      .trim()
      .toUpperCase()
      .replace(/[ABCEHKMOPTXY]/g, russian),
  );
  return found ? found[1] + (found[2] ?? "") : null;
}

const russian = (letter: string) => RUSSIAN_TWINS[LATIN_TWINS.indexOf(letter)];

/** The next free numbers of a school: its own four digits, five that count, and a check digit. */
export function numberMaker(school: number, state: School): () => AccountNumber {
  const prefix = String(school).padStart(4, "0");
  let last = 0;
  for (const number of state.accountByNumber.keys()) {
    if (number.length === 10 && number.startsWith(prefix)) last = Math.max(last, Number(number.slice(4, 9)));
  }
  return () => {
    const digits = prefix + String(++last).padStart(5, "0");
    return accountNumber(digits + luhnDigit(digits));
  };
}
