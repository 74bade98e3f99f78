/** A phone number as a key: digits with the country code. */

/** Reads what people type, "+7 (900) 123-45-67" or "8 900 1234567"; null when it is no phone number. */
export function parsePhone(text: string): string | null {
  const digits = text.replace(/[\s()+.-]/g, "");
  if (!/^[0-9]{10,15}$/.test(digits)) return null;
  if (digits.length === 10) return "7" + digits;
  return digits.length === 11 && digits.startsWith("8") ? "7" + digits.slice(1) : digits;
}
