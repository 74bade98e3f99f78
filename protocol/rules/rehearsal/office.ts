/** Sentences of the office: what is so from the start (given …), and what the cloud tells the gateway. */
import type { Blocker, Directive, DirectiveOf, Purse } from "../../journal/directive.js";
import { kopecks, terminalId } from "../../wire/units.js";
import type { BusinessDate } from "../../wire/units.js";
import type { Policy } from "../school.js";
import * as play from "./school.js";
import type { Rehearsal } from "./school.js";
import { accountOf, dateAfter, DONE, idOf, MEAL, mealOf, NAME, PURSE, sentence, SUM, sumIn, told } from "./words.js";
import type { Step } from "./words.js";

const NEVER = 0 as BusinessDate;

/** The card as it is registered, with one thing changed. */
function cardOf(name: string | undefined): DirectiveOf<"SetCard"> {
  const holders = {
    Tamara: "teacher",
    Ulyana: "teacher",
    Pavel: "teacher",
    Kira: "cashier",
    Oleg: "cashier",
    Sofia: "supervisor",
    Igor: "collector",
  } as const;
  return play.cardFor(name ?? "", holders[name as keyof typeof holders] ?? "pupil");
}

function policy(rehearsal: Rehearsal, changed: Partial<Policy> & { receiptsFrom?: number }): string[] {
  return told(rehearsal, { kind: "SetSchool", ...rehearsal.school.policy, receiptsFrom: 0, ...changed });
}

function limits(rehearsal: Rehearsal, name: string | undefined, changed: Partial<DirectiveOf<"SetLimits">>): string[] {
  const { dailyLimit, stopList, bannedDishes, bannedAllergens } = accountOf(rehearsal, name);
  return told(rehearsal, { kind: "SetLimits", account: idOf(name), dailyLimit, stopList, bannedDishes, bannedAllergens, ...changed });
}

function account(rehearsal: Rehearsal, name: string | undefined, changed: Partial<DirectiveOf<"SetAccount">>): string[] {
  const { id, number, holder, shortName, category, debtLimit } = accountOf(rehearsal, name);
  const before = { id, number, holder, name: name ?? "", shortName, class: accountOf(rehearsal, name).class, category, debtLimit };
  return told(rehearsal, { kind: "SetAccount", ...before, status: "open", ...changed });
}

export const GIVENS: Step[] = [
  [
    sentence("given a new card costs ", SUM, " and its activation ", SUM),
    (rehearsal, [reissue, activation]) =>
      told(rehearsal, { kind: "SetFees", reissue: kopecks(sumIn(reissue)), activation: kopecks(sumIn(activation)) }),
  ],
  [
    sentence("given ", NAME, " has ", SUM, " / ", SUM),
    (rehearsal, [name, main, additional]) => {
      const balance = { main: kopecks(sumIn(main)), additional: kopecks(sumIn(additional)) };
      return balance.main === 0 && balance.additional === 0
        ? DONE
        : told(rehearsal, { kind: "OpeningBalance", account: idOf(name), ...balance });
    },
  ],
  [
    sentence("given ", NAME, " has a debt limit of ", SUM),
    (rehearsal, [name, sum]) => account(rehearsal, name, { debtLimit: kopecks(sumIn(sum)) }),
  ],
  [sentence("given the school's debt limit is ", SUM), (rehearsal, [sum]) => policy(rehearsal, { debtLimit: kopecks(sumIn(sum)) })],
  [sentence("given the school serves mercy meals"), (rehearsal) => policy(rehearsal, { mercyMeals: true })],
  [sentence("given a collection wants two persons"), (rehearsal) => policy(rehearsal, { twoPersons: true })],
  [sentence("given receipts begin at (\\d+)"), (rehearsal, [receipt]) => policy(rehearsal, { receiptsFrom: Number(receipt) })],
  [
    sentence("given ", NAME, " has a daily limit of ", SUM),
    (rehearsal, [name, sum]) => limits(rehearsal, name, { dailyLimit: kopecks(sumIn(sum)) }),
  ],
  [sentence("given ", NAME, " is on the stop-list"), (rehearsal, [name]) => limits(rehearsal, name, { stopList: true })],
  [
    sentence("given ", NAME, " may not eat (.+)"),
    (rehearsal, [name, what]) => {
      const dish = play.DISHES[what as keyof typeof play.DISHES];
      return limits(rehearsal, name, dish === undefined ? { bannedAllergens: [what ?? ""] } : { bannedDishes: [dish] });
    },
  ],
  [
    sentence("given ", MEAL, " costs ", SUM, "(?: and the budget adds ", SUM, ")?(?: from day ([+-]\\d+))?"),
    (rehearsal, [meal, share, subsidy, days]) => {
      const from = days === undefined ? undefined : dateAfter(rehearsal, days);
      return told(rehearsal, play.tariff(mealOf(meal), play.CATEGORIES.paid, sumIn(share), sumIn(subsidy), from));
    },
  ],
  [
    sentence("given ", NAME, " pays for meals as category (\\d+)"),
    (rehearsal, [name, category]) => account(rehearsal, name, { category: Number(category) }),
  ],
  [
    sentence("given the (kiosk|till|wall) is (open|closed)"),
    (rehearsal, [place, service]) => {
      const terminal = rehearsal.school.terminals.get(play.PLACES[place as "kiosk"]);
      const { id, terminalKind, enrolment, place: where, capacity } = terminal!;
      const state = service === "closed" ? "closed" : "open";
      return told(rehearsal, { kind: "SetTerminal", id, terminalKind, enrolment, place: where, capacity, service: state });
    },
  ],
  [
    sentence("given the kiosk holds (\\d+) notes?"),
    (rehearsal, [capacity]) => {
      const kiosk = { id: terminalId(1), terminalKind: "payment", enrolment: 1, place: "hall", service: "open" } as const;
      return told(rehearsal, { kind: "SetTerminal", ...kiosk, capacity: Number(capacity) });
    },
  ],
  [
    sentence("the card of ", NAME, " is (issued|active|blocked|lost|returned)(?: by (parent|school|operator|system))?"),
    (rehearsal, [name, state, by]) =>
      told(rehearsal, { ...cardOf(name), state: state as DirectiveOf<"SetCard">["state"], by: (by ?? "operator") as Blocker }),
  ],
  [sentence("the card of ", NAME, " has expired"), (rehearsal, [name]) => told(rehearsal, { ...cardOf(name), validThrough: NEVER })],
  [
    sentence("the card of ", NAME, " is good until day ([+-]\\d+)"),
    (rehearsal, [name, days]) => told(rehearsal, { ...cardOf(name), validThrough: dateAfter(rehearsal, days) }),
  ],
  [
    sentence("the card of ", NAME, " is seen in two places"),
    (rehearsal, [name]) => {
      const place = { terminal: terminalId(2), atMs: 5000, otherTerminal: terminalId(1), otherAtMs: 4000 };
      play.commit(rehearsal, [{ kind: "CardSuspected", uid: play.cardUidOf(name ?? ""), ...place }]);
      return DONE;
    },
  ],
];

const money: Step[] = [
  [
    sentence("top-up of ", NAME, " by ", SUM, " / ", SUM, " with reference (\\S+)"),
    (rehearsal, [name, main, additional, reference]) => {
      const sums = { main: kopecks(sumIn(main)), additional: kopecks(sumIn(additional)) };
      return told(rehearsal, { kind: "TopUp", account: idOf(name), ...sums, source: "payment", reference: reference ?? "" });
    },
  ],
  [
    sentence("opening balance of ", NAME, " ", SUM, " / ", SUM),
    (rehearsal, [name, main, additional]) =>
      told(rehearsal, { kind: "OpeningBalance", account: idOf(name), main: kopecks(sumIn(main)), additional: kopecks(sumIn(additional)) }),
  ],
  [
    sentence("(chargeback|correction) of ", SUM, " from the ", PURSE, " purse of ", NAME),
    (rehearsal, [cause, sum, purse, name]) => {
      const debit = { account: idOf(name), purse: purse as Purse, amount: kopecks(sumIn(sum)), reference: "R" };
      return told(rehearsal, { kind: "ForcedDebit", ...debit, cause: cause === "chargeback" ? "chargeback" : "correction" });
    },
  ],
  [
    sentence("transfer of ", SUM, " for ", NAME),
    (rehearsal, [sum, name]) => told(rehearsal, { kind: "Transfer", account: idOf(name), amount: kopecks(sumIn(sum)), reference: "T" }),
  ],
  [
    sentence("claim of ", SUM, " to the ", PURSE, " purse, paid to ", NAME, ", meant for ", NAME),
    (rehearsal, [sum, purse, wrong, right]) => {
      const claim = { wrong: idOf(wrong), right: idOf(right), purse: purse as Purse, amount: kopecks(sumIn(sum)), reference: "C" };
      return told(rehearsal, { kind: "Claim", ...claim });
    },
  ],
  [
    sentence("fee of ", SUM, "(?: from the ", PURSE, " purse)? for a new card of ", NAME),
    (rehearsal, [sum, purse, name]) => {
      const from = purse === undefined ? null : (purse as Purse);
      return told(rehearsal, {
        kind: "Fee",
        account: idOf(name),
        purse: from,
        amount: kopecks(sumIn(sum)),
        service: "reissue",
        reference: "F",
      });
    },
  ],
];

const coming: Step[] = [
  [
    sentence(NAME, " is admitted for ", SUM, " with reference (\\S+)"),
    (rehearsal, [name, sum, reference]) =>
      told(rehearsal, { kind: "Admit", account: idOf(name), amount: kopecks(sumIn(sum)), reference: reference ?? "" }),
  ],
  [
    sentence("the payment (\\S+) of ", NAME, " has failed"),
    (rehearsal, [reference, name]) => told(rehearsal, { kind: "EndAdmit", account: idOf(name), reference: reference ?? "" }),
  ],
  [sentence("the account of ", NAME, " is to be closed"), (rehearsal, [name]) => told(rehearsal, { kind: "Close", account: idOf(name) })],
  [
    sentence("the account of ", NAME, " is closed at a cost of ", SUM),
    (rehearsal, [name, sum]) => told(rehearsal, { kind: "FinishClosing", account: idOf(name), costs: kopecks(sumIn(sum)), reference: "X" }),
  ],
  [
    sentence(NAME, " moves to another school"),
    (rehearsal, [name]) => told(rehearsal, { kind: "MoveOut", account: idOf(name), toSchool: 25, epoch: 3 }),
  ],
  [sentence(NAME, " comes back to this school"), (rehearsal, [name]) => account(rehearsal, name, { status: "arriving" })],
  [
    sentence("the other school hands over ", NAME, " with ", SUM, " / ", SUM, "(?:, spent ", SUM, " and eaten ", MEAL, " today)?"),
    (rehearsal, [name, main, additional, spent, meal]) => {
      const balance = kopecks(sumIn(main));
      const served = meal === undefined ? [] : [{ meal: mealOf(meal), date: rehearsal.date }];
      const debts = balance < 0 ? [{ caterer: 9, amount: kopecks(-balance) }] : [];
      const today = { served, spentDate: rehearsal.date, spent: kopecks(sumIn(spent)) };
      const luggage = { main: balance, additional: kopecks(sumIn(additional)), debts, ...today };
      return told(rehearsal, { kind: "MoveIn", account: idOf(name), fromSchool: 25, epoch: 3, luggage });
    },
  ],
  [
    sentence("the parent (orders|cancels) ", MEAL, " for ", NAME, " on day ([+-]\\d+)"),
    (rehearsal, [what, meal, name, days]) => {
      const order = { account: idOf(name), meal: mealOf(meal), date: dateAfter(rehearsal, days), cancel: what === "cancels" };
      return told(rehearsal, { kind: "OrderMeal", ...order });
    },
  ],
  [
    sentence(MEAL, " of ", NAME, "(?: on day ([+-]\\d+))? is corrected because “(.+)”"),
    (rehearsal, [meal, name, days, reason]) => {
      const which: Directive = {
        kind: "CorrectMeal",
        account: idOf(name),
        meal: mealOf(meal),
        date: dateAfter(rehearsal, days),
        reason: reason ?? "",
      };
      return told(rehearsal, which);
    },
  ],
  [sentence("an account with the number of ", NAME, " is set up again"), (rehearsal, [name]) => account(rehearsal, name, { id: 77 })],
];

export const OFFICE: Step[] = [...money, ...coming];
