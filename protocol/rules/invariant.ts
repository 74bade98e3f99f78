/** What must be true of a school after every event, whatever happened. In words, because a person reads it when it is not. */
import { owedBy } from "./purse.js";
import { debtLimitOf } from "./school.js";
import type { Account, School } from "./school.js";

/** Broken laws; none in a healthy school. */
export function checkInvariants(school: School): string[] {
  const broken: string[] = [];
  for (const account of school.accounts.values()) {
    for (const law of brokenBy(school, account)) broken.push("account " + account.id + ": " + law);
    if (school.accountByNumber.get(account.number) !== account.id) broken.push("account " + account.id + " is not found by its number");
  }
  for (const sale of school.sales.values()) {
    if (sale.lines.some((line) => line.voided > line.quantity)) broken.push("receipt " + sale.receipt + ": more voided than sold");
    if (sale.receipt >= school.nextReceipt) broken.push("receipt " + sale.receipt + " would be printed again");
  }
  for (const served of school.served.values()) {
    const parts = Object.values(served.parts);
    if (parts.some((part) => part < 0)) broken.push("meal of account " + served.account + " has a negative part");
  }
  if (school.fundSpent < 0) broken.push("the fund got back more than it gave");
  return broken;
}

function brokenBy(school: School, account: Account): string[] {
  const { main, additional, owed } = account;
  const limit = debtLimitOf(school, account);
  const laws: readonly (readonly [boolean, string])[] = [
    [Number.isSafeInteger(main) && Number.isSafeInteger(additional), "a purse is not a whole number of kopecks"],
    [additional >= 0, "the additional purse is negative: " + additional],
    [main >= 0 || additional === 0, "in debt while the additional purse holds " + additional],
    [main >= -limit || main >= account.explained, "debt " + -main + " above the limit " + limit + " without a reason"],
    [owedBy(owed) === Math.max(-main, 0), "owes " + owedBy(owed) + " by meals, " + Math.max(-main, 0) + " by balance"],
    [owed.every((one) => one.amount > 0), "a debt of nothing"],
    [account.spent >= 0, "spent less than nothing today"],
  ];
  return laws.filter(([holds]) => !holds).map(([, law]) => law);
}
