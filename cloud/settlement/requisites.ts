/** Bank requisites, and whether they can be right. */
export interface Requisites {
  readonly name: string;
  readonly inn: string;
  /** "" for people and sole traders. */
  readonly kpp: string;
  readonly account: string;
  readonly bank: string;
  readonly bic: string;
  /** "" for accounts at the Bank of Russia itself. */
  readonly correspondent: string;
}

export const FIELDS = ["name", "inn", "kpp", "account", "bank", "bic", "correspondent"] as const satisfies readonly (keyof Requisites)[];

const CONTROL_WEIGHTS = [7, 1, 3];
const ONLY_WHERE: Record<(typeof FIELDS)[number], RegExp> = {
  ...{ name: /^.{1,160}$/, bank: /^.{1,160}$/ },
  inn: /^([0-9]{10}|[0-9]{12})$/,
  kpp: /^([0-9]{9})?$/,
  account: /^[0-9]{20}$/,
  bic: /^[0-9]{9}$/,
  correspondent: /^([0-9]{20})?$/,
};

/** The fields that are wrong; an account that does not fit its bank by its check digit (Bank of Russia, 515 of 8 September 1997) is wrong, too. */
export function wrongFields(requisites: Requisites): (typeof FIELDS)[number][] {
  const wrong = FIELDS.filter((field) => !ONLY_WHERE[field].test(requisites[field]));
  const { account, bic, correspondent } = requisites;
  return wrong.length === 0 && !fitsBank(account, bic, correspondent) ? ["account"] : wrong;
}

/** The treasury's single accounts at the Bank of Russia. */
const TREASURY = "40102";

/** Before a client's account stand the last three digits of the BIC, before one at the Bank of Russia or the treasury "0" and two other digits of it. */
function fitsBank(account: string, bic: string, correspondent: string): boolean {
  const digits = (correspondent === "" || correspondent.startsWith(TREASURY) ? "0" + bic.slice(4, 6) : bic.slice(6)) + account;
  return [...digits].reduce((sum, digit, at) => sum + Number(digit) * CONTROL_WEIGHTS[at % CONTROL_WEIGHTS.length], 0) % 10 === 0;
}
