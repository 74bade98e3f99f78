/** The payment code on paper (GOST R 56042-2014): any bank's application reads from it whom to pay and for which account. */
import type { Requisites } from "./requisites.js";
import { CODE_PURPOSE } from "./words-papers.js";

export interface Payee {
  readonly number: string;
  /** "Иван И.": a paper is lost easily. */
  readonly shortName: string;
}

/** Fixed head: standard, version 0001, UTF-8. The first five fields are obligatory and stand in this order. */
const HEAD = "ST00012";

/** `sum` in kopecks; null leaves it to the payer. A separator within a text would begin another field, so there is none. */
export function formatPaymentCode(to: Requisites, { number, shortName }: Payee, sum: number | null): string {
  const fields: [name: string, value: string][] = [
    ["Name", to.name],
    ["PersonalAcc", to.account],
    ["BankName", to.bank],
    ["BIC", to.bic],
    ["CorrespAcc", to.correspondent || "0"],
    ["PayeeINN", to.inn],
    ["KPP", to.kpp],
    ["PersAcc", number],
    ["Purpose", CODE_PURPOSE(number, shortName)],
    ["Sum", sum === null ? "" : String(sum)],
  ];
  const filled = fields.filter(([, value]) => value !== "");
  return [HEAD, ...filled.map(([name, value]) => name + "=" + value.replaceAll("|", " "))].join("|");
}
