/** What the school is made of: people, dishes, prices, machines. A later setting replaces an earlier one; prices keep their past. */
import type { DirectiveOf } from "../../journal/directive.js";
import { isAccountNumber, kopecks } from "../../wire/units.js";
import type { BusinessDate } from "../../wire/units.js";
import { refusalOf } from "../check.js";
import { explain } from "../fold.js";
import { APPLIED, refused } from "../outcome.js";
import type { Outcome } from "../outcome.js";
import { menuKey, tariffKey } from "../school.js";
import type { Account, School } from "../school.js";

export function setAccount(school: School, directive: DirectiveOf<"SetAccount">): Outcome {
  const owner = school.accountByNumber.get(directive.number);
  const reason = refusalOf("SetAccount", {
    malformed: () => !isAccountNumber(directive.number),
    // Two accounts with one number, and the next note at the kiosk would be anybody's.
    operation_conflict: () => owner !== undefined && owner !== directive.id,
  });
  return reason === null ? APPLIED : refused(reason);
}

export function setLimits(school: School, directive: DirectiveOf<"SetLimits">): Outcome {
  const reason = refusalOf("SetLimits", { unknown_account: () => !school.accounts.has(directive.account) });
  return reason === null ? APPLIED : refused(reason);
}

export function applySetSchool(school: School, directive: DirectiveOf<"SetSchool">): void {
  const { number, name, operator, address, claimPhone, language, zoneMinutes, debtLimit, mercyMeals, twoPersons } = directive;
  school.policy = { number, name, operator, address, claimPhone, language, zoneMinutes, debtLimit, mercyMeals, twoPersons };
  school.policyVersion++;
  // Numbers that an older system has printed are never printed again; so the counter only rises.
  school.nextReceipt = Math.max(school.nextReceipt, directive.receiptsFrom);
  for (const account of school.accounts.values()) explain(school, account);
}

export function applySetAccount(school: School, directive: DirectiveOf<"SetAccount">): void {
  const { id, number, holder, name, shortName, category, debtLimit } = directive;
  const described = { id, number, holder, name, shortName, class: directive.class, category, debtLimit };
  const before = school.accounts.get(id);
  if (before) school.accountByNumber.delete(before.number);
  school.accountByNumber.set(number, id);
  const account: Account = { ...(before ?? freshAccount()), ...described };
  if (!before || before.status === "moved") account.status = directive.status;
  school.accounts.set(id, account);
  explain(school, account);
}

function freshAccount() {
  const none = kopecks(0);
  const limits = { dailyLimit: null, stopList: false, bannedDishes: [], bannedAllergens: [], spentDate: 0 as BusinessDate, spent: none };
  return { status: "open" as const, main: none, additional: none, seq: 0, owed: [], admissions: [], explained: none, ...limits };
}

export function applySetLimits(school: School, directive: DirectiveOf<"SetLimits">): void {
  const account = school.accounts.get(directive.account);
  if (!account) return;
  account.dailyLimit = directive.dailyLimit;
  account.stopList = directive.stopList;
  account.bannedDishes = directive.bannedDishes;
  account.bannedAllergens = directive.bannedAllergens;
}

export function applySetDish(school: School, directive: DirectiveOf<"SetDish">): void {
  const { code, name, price, group, allergens, caterer, offered, from } = directive;
  const dish = { code, name, price, group, allergens, caterer, offered, from };
  school.dishes.set(code, withVersion(school.dishes.get(code) ?? [], dish));
  school.menuVersion++;
}

export function applySetMeal(school: School, directive: DirectiveOf<"SetMeal">): void {
  const { id, name, servedFrom, closes, cutOffDays, cutOffMinute } = directive;
  school.meals.set(id, { id, name, servedFrom, closes, cutOffDays, cutOffMinute });
}

export function applySetMealMenu(school: School, directive: DirectiveOf<"SetMealMenu">): void {
  const { meal, date, dishes } = directive;
  if (dishes.length === 0) school.mealMenus.delete(menuKey(meal, date));
  else school.mealMenus.set(menuKey(meal, date), { meal, date, dishes });
}

export function applySetTariff(school: School, directive: DirectiveOf<"SetTariff">): void {
  const { meal, category, share, subsidy, program, caterer, from } = directive;
  const key = tariffKey(meal, category);
  school.tariffs.set(key, withVersion(school.tariffs.get(key) ?? [], { meal, category, share, subsidy, program, caterer, from }));
}

export function applySetTerminal(school: School, directive: DirectiveOf<"SetTerminal">): void {
  const { id, terminalKind, enrolment, place, service, capacity } = directive;
  const before = school.terminals.get(id);
  const running = before ?? { incarnation: 0, shift: null, notes: [], notesUntilMs: 0, codes: { date: 0 as BusinessDate, count: 0 } };
  school.terminals.set(id, { ...running, id, terminalKind, enrolment, place, service, capacity });
}

function withVersion<T extends { readonly from: BusinessDate }>(versions: readonly T[], version: T): T[] {
  return versions
    .filter((other) => other.from !== version.from)
    .concat(version)
    .sort((a, b) => a.from - b.from);
}
