/** What guardians type about themselves, read or put into words what is wrong with it. */
import { isWeakPassword, SHORTEST_PASSWORD } from "../../people/password.js";
import { parsePhone } from "../../people/phone.js";
import type { Typed } from "../form.js";
import type { Words } from "../words.ru.js";
import type { ParentWords } from "./words.ru.js";

type Troubles = { readonly [field: string]: string };

const EMAIL = /^[^\s@<>"]{1,64}@[^\s@<>"]{1,120}\.[^\s@<>".]{2,}$/;

export function passwordTrouble(password: string, words: ParentWords): string | null {
  const { shortPassword, weakPassword } = words.account.trouble;
  if (password.normalize("NFKC").length < SHORTEST_PASSWORD) return shortPassword;
  return isWeakPassword(password) ? weakPassword : null;
}

export function isEmail(text: string): boolean {
  return EMAIL.test(text);
}

export interface NewGuardianTyped {
  readonly phone: string;
  readonly name: string;
  readonly email: string;
  readonly password: string;
}

/** A registration as typed. */
export function readRegistration(typed: Typed, words: ParentWords, house: Words): { value: NewGuardianTyped } | { troubles: Troubles } {
  const { phone: text = "", firstName = "", surname = "", email = "", password = "" } = typed;
  const phone = parsePhone(text);
  const bad = passwordTrouble(password, words);
  const troubles = {
    ...(phone === null && { phone: words.login.badPhone }),
    ...(firstName.trim() === "" && { firstName: house.form.missing }),
    ...(surname.trim() === "" && { surname: house.form.missing }),
    ...(!isEmail(email.trim()) && { email: words.account.trouble.email }),
    ...(bad !== null && { password: bad }),
  };
  if (phone === null || Object.keys(troubles).length > 0) return { troubles };
  return { value: { phone, name: surname.trim().slice(0, 60) + " " + firstName.trim().slice(0, 60), email: email.trim(), password } };
}

/** "500", "1 120,21" or "1120.2" in kopecks; null when it is no sum. */
export function parseAmount(text: string): number | null {
  const found = /^([0-9]{1,7})(?:[.,]([0-9]{1,2}))?$/.exec(text.replace(/[\s\u00a0\u202f₽]/g, ""));
  return found ? Number(found[1]) * 100 + Number((found[2] ?? "").padEnd(2, "0")) : null;
}
