/**
 * Names of the ledger's accounts, each within one school's books. A holder is named by the account's small number, which never changes; the number
 * printed on the card may.
 */
import type { LedgerAccount } from "./posting.js";

const path = (...parts: (string | number)[]) => parts.join("/") as LedgerAccount;

/** What the school owes a family for organised meals; on the debit side, what the family owes. */
export const holderMain = (account: number) => path("holder", account, "main");
/** What the school owes a family for the buffet. */
export const holderAdditional = (account: number) => path("holder", account, "additional");

/** Meals that families have paid for and the caterer may be sent. */
export const catererMeals = (caterer: number) => path("caterer", caterer, "meals");
/** Meals eaten on debt: nobody's money stands behind them until that very family repays. */
export const catererUnfunded = (caterer: number) => path("caterer", caterer, "unfunded");
export const catererSubsidy = (caterer: number) => path("caterer", caterer, "subsidy");
export const catererBuffet = (caterer: number) => path("caterer", caterer, "buffet");

export const kioskCash = (terminal: number) => path("cash", "kiosk", terminal);
export const tillCash = (terminal: number) => path("cash", "till", terminal);
export const cashInTransit = path("cash", "in-transit");
export const kioskVariance = (terminal: number) => path("variance", terminal);
export const tillVariance = (terminal: number) => path("variance", "till", terminal);

/** Money that is here while nobody can say yet whose it is. */
export const claimsSuspense = path("suspense", "claims");
/** What an event's own figures leave open. Anything but zero here is a finding. */
export const auditSuspense = path("suspense", "audit");
/** Between the books of two schools: the sum over all books is zero once both have posted. */
export const clearing = (homeSchool: number) => path("clearing", homeSchool);
/** Remote payments authorised and not yet credited to the holder. */
export const pending = (account: number) => path("pending", account);
/** What a provider has taken from payers and not yet paid out, by way of payment. */
export const acquirer = (way: string) => path("acquirer", way);
/** Taken back by the provider and not yet given back by the purse: the family owes it from that moment on. */
export const returned = (account: number) => path("returned", account);
export const bank = path("bank", "operator");
export const budget = (program: number) => path("budget", program);
export const schoolFund = (school: number) => path("school", school, "fund");
export const migrationOpening = path("migration", "opening");
export const correction = path("variance", "correction");
export const mispaidReceivable = path("receivable", "mispaid");
export const refundsPayable = path("refunds", "payable");
export const refundCosts = path("expense", "bank");
/** The part of a refund's costs that a payment subagent takes. */
export const subagentCosts = path("expense", "subagent");
export const cardIncome = path("income", "cards");
/** What payers pay for the service of paying. */
export const feeIncome = path("income", "fees");
export const acquiringCosts = path("expense", "acquiring");
