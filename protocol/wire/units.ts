/**
 * The numbers and names of the trade, each with its own type, so that a sum of money can never be handed over where a sequence number belongs.
 * Constructors check; what they return is safe to use without checking again. Chip-safe.
 */
declare const unit: unique symbol;
type Branded<T, Name extends string> = T & { readonly [unit]: Name };

/** An amount of money in kopecks, |x| ≤ 2^53 − 1. */
export type Kopecks = Branded<number, "Kopecks">;
/** A holder's account number: decimal digits, 1 to 20 of them; a new number has 10 with a Luhn check digit. */
export type AccountNumber = Branded<string, "AccountNumber">;
/** A card's UID as lower-case hex, 4, 7 or 10 bytes. */
export type CardUid = Branded<string, "CardUid">;
/** A terminal's number within its school, 1 to 65 535. */
export type TerminalId = Branded<number, "TerminalId">;
/** Place of an event in its journal, from 0. */
export type Sequence = Branded<number, "Sequence">;
/** A school day as whole days since 1970-01-01. */
export type BusinessDate = Branded<number, "BusinessDate">;
/** Text in windows-1251, one character a byte: what travels to terminals and is printed there. */
export type ByteText = Branded<string, "ByteText">;

export const MAX_SAFE = 9007199254740991;

/** A whole number of kopecks, or an error: a fraction of a kopeck is a programming mistake, never data. */
export function kopecks(value: number): Kopecks {
  if (value !== Math.floor(value) || value > MAX_SAFE || value < -MAX_SAFE) throw new Error("not a whole number of kopecks: " + value);
  return value as Kopecks;
}

/** `true` for 1 to 20 decimal digits; a check digit is not asked for, because imported numbers have none. */
export function isAccountNumber(text: string): text is AccountNumber {
  return text.length >= 1 && text.length <= 20 && onlyFrom(text, "0123456789");
}

/** Throws on anything but digits. For data from outside use {@link isAccountNumber}. */
export function accountNumber(text: string): AccountNumber {
  if (!isAccountNumber(text)) throw new Error("not an account number: " + text);
  return text;
}

/** `true` for the hex of 4, 7 or 10 bytes in lower case (ISO/IEC 14443-3 UID sizes). */
export function isCardUid(text: string): text is CardUid {
  return (text.length === 8 || text.length === 14 || text.length === 20) && onlyFrom(text, "0123456789abcdef");
}

export function cardUid(text: string): CardUid {
  if (!isCardUid(text)) throw new Error("not a card uid: " + text);
  return text;
}

export function terminalId(value: number): TerminalId {
  if (value !== Math.floor(value) || value < 1 || value > 65535) throw new Error("not a terminal number: " + value);
  return value as TerminalId;
}

/** Check digit of ISO/IEC 7812-1 (Luhn) over decimal digits; catches one wrong digit and most swaps. */
export function luhnIsValid(digits: string): boolean {
  let sum = 0;
  for (let i = 0; i < digits.length; i++) {
    let digit = digits.charCodeAt(digits.length - 1 - i) - 48;
    if (i % 2 === 1) {
      digit *= 2;
      if (digit > 9) digit -= 9;
    }
    sum += digit;
  }
  return digits.length > 0 && sum % 10 === 0;
}

/** The check digit to put behind `digits`. */
export function luhnDigit(digits: string): string {
  for (let digit = 0; digit < 10; digit++) if (luhnIsValid(digits + digit)) return String(digit);
  return "0";
}

/** Days since 1970-01-01 of a proleptic Gregorian date (H. Hinnant's days_from_civil). Chip-safe: no Date. */
export function dateFromCivil(year: number, month: number, day: number): BusinessDate {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return (era * 146097 + dayOfEra - 719468) as BusinessDate;
}

/** Year, month (1–12), day of a business date. */
export function civilFromDate(date: BusinessDate): { year: number; month: number; day: number } {
  const z = (date as number) + 719468;
  const era = Math.floor(z / 146097);
  const dayOfEra = z - era * 146097;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36524) - Math.floor(dayOfEra / 146096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const mp = Math.floor((5 * dayOfYear + 2) / 153);
  const month = mp + (mp < 10 ? 3 : -9);
  return { year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day: dayOfYear - Math.floor((153 * mp + 2) / 5) + 1 };
}

/** ISO text, "2026-11-20". */
export function formatDate(date: BusinessDate): string {
  const { year, month, day } = civilFromDate(date);
  return year + (month < 10 ? "-0" : "-") + month + (day < 10 ? "-0" : "-") + day;
}

/** Reads "2026-11-20"; `null` for anything that is not a real date written so. */
export function parseDate(text: string): BusinessDate | null {
  if (text.length !== 10 || text[4] !== "-" || text[7] !== "-") return null;
  const [year, month, day] = [text.slice(0, 4), text.slice(5, 7), text.slice(8, 10)];
  if (!onlyFrom(year + month + day, "0123456789")) return null;
  const date = dateFromCivil(+year, +month, +day);
  return formatDate(date) === text ? date : null;
}

function onlyFrom(text: string, alphabet: string): boolean {
  for (let i = 0; i < text.length; i++) if (alphabet.indexOf(text.charAt(i)) < 0) return false;
  return true;
}
