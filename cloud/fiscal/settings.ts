/** The settings of cash-register receipts, from the environment. Nothing set: none are made. */
import { isHere } from "../people/mail.js";
import type { FiscalSettings } from "./provider.js";
import { OPERATIONS } from "./receipt.js";
import type { Operation } from "./receipt.js";

type Environment = { readonly [name: string]: string | undefined };
type Wrong = (setting: string, value: string | undefined, allowed: string) => Error;

/** As the interface names the tax systems. */
const TAXES = /^(osn|usn_income|usn_income_outcome|envd|esn|patent)$/;

/** Throws what `wrong` makes of the first setting that is not allowed. */
export function readFiscalSettings(environment: Environment, wrong: Wrong): FiscalSettings | null {
  const url = environment.TRAPEZA_FISCAL_URL;
  if (url === undefined) return null;
  const there = URL.canParse(url) ? new URL(url) : null;
  if (!there || !(there.protocol === "https:" || (there.protocol === "http:" && isHere(there.hostname))))
    throw wrong("TRAPEZA_FISCAL_URL", url, "an address as https://online.example/possystem/v4, without https on this machine alone");
  const read = (name: string, allowed: string, isGood: (value: string) => boolean = (value) => value !== "") => {
    const value = environment["TRAPEZA_FISCAL_" + name];
    if (value === undefined || !isGood(value)) throw wrong("TRAPEZA_FISCAL_" + name, value, allowed);
    return value;
  };
  const kinds = Object.keys(OPERATIONS);
  const isKnown = (value: string) => value.split(",").every((one) => kinds.includes(one));
  return {
    url: url.replace(/\/+$/, ""),
    operations: read("FOR", "some of " + kinds.join(","), isKnown).split(",") as Operation[],
    group: read("GROUP", "the group of registers that the provider gave you"),
    login: read("LOGIN", "the name that the provider gave you"),
    password: read("PASSWORD", "the password that the provider gave you"),
    inn: read("INN", "a taxpayer's number of 10 or 12 digits", (value) => /^([0-9]{10}|[0-9]{12})$/.test(value)),
    tax: read("TAX", "the tax system, as usn_income", (value) => TAXES.test(value)),
    place: read("PLACE", "where it is paid, as the address of the portal"),
    email: read("EMAIL", "an address for receipts of payers who have left none", (value) => /^[^\s@<>,]+@[^\s@<>,]+$/.test(value)),
  };
}
