/** The words of the scenarios: sums, names and answers, and how a sentence reaches the rules. Sums are roubles with kopecks. */
import type { Debt, Directive } from "../../journal/directive.js";
import type { EventBody, Line } from "../../journal/event.js";
import { reasonName } from "../../wire/reason.js";
import type { BusinessDate } from "../../wire/units.js";
import { recordFact } from "../decide.js";
import type { Decision, Fact, Request } from "../request.js";
import type { Account } from "../school.js";
import * as play from "./school.js";
import type { Rehearsal } from "./school.js";

/** The captured words come in, the parts of the answer go out; `done` for what has nothing else to say. */
export type Step = readonly [pattern: RegExp, play: (rehearsal: Rehearsal, words: (string | undefined)[]) => string[]];

export const DONE = ["done"];
export const SUM = "(-?\\d+\\.\\d\\d)";
export const NAME = "([A-Z][a-z]+)";
export const NAMES = "([A-Z][a-z]+(?:, [A-Z][a-z]+)*(?: and [A-Z][a-z]+)?)";
/** Nobody has heard of a supper in this school. */
export const MEAL = "(breakfast|lunch|snack|supper)";
export const PURSE = "(main|additional)";

export function sentence(...parts: string[]): RegExp {
  return new RegExp("^" + parts.join("") + "$");
}

/** "98.52" as 9852 kopecks, without ever being a fraction. */
export function sumIn(text: string | undefined): number {
  const digits = (text ?? "0.00").replace(".", "");
  return digits.startsWith("-") ? -Number(digits.slice(1)) : Number(digits);
}

export function roubles(amount: number): string {
  const digits = String(Math.abs(amount)).padStart(3, "0");
  return (amount < 0 ? "-" : "") + digits.slice(0, -2) + "." + digits.slice(-2);
}

export function idOf(name: string | undefined): number {
  return play.PEOPLE[name as keyof typeof play.PEOPLE] ?? 99;
}

export function accountOf(rehearsal: Rehearsal, name: string | undefined): Account {
  const account = rehearsal.school.accounts.get(idOf(name));
  if (!account) throw new Error("nobody is called " + name);
  return account;
}

export function idsIn(names: string | undefined): number[] {
  return (names ?? "").split(/, | and /).map(idOf);
}

export function dateAfter(rehearsal: Rehearsal, days: string | undefined): BusinessDate {
  return (rehearsal.date + Number(days ?? 0)) as BusinessDate;
}

export function mealOf(name: string | undefined): number {
  return play.MEALS[name as keyof typeof play.MEALS] ?? 99;
}

/** Flags by name; that there is none, or no other, is a word too, or a flag too many would go unnoticed. */
function flagWords(flags: readonly string[]): string[] {
  return flags.length === 0 ? ["unflagged"] : [...flags, "only " + flags.join(" and ")];
}

/** The answer of a directive; its events are committed. */
export function told(rehearsal: Rehearsal, directive: Directive): string[] {
  const [body, ...also] = play.tell(rehearsal, directive);
  if (!body || body.kind !== "DirectiveApplied") return ["no answer"];
  const words: string[] = [body.outcome, ...flagWords(body.flags), "moves " + body.changes.length];
  if (body.outcome === "applied") words.push("done");
  if (body.reason > 0) words.push(reasonName(body.reason) ?? "?");
  if (body.outside !== 0) words.push("outside " + roubles(body.outside));
  return words.concat(
    body.changes.flatMap(({ repaid }) => repaidWords(repaid)),
    also.flatMap(bodyWords),
  );
}

/** Asks at a place; the terminal of the scenario stays where it was. */
export function askAt(rehearsal: Rehearsal, place: keyof typeof play.PLACES, request: Request): Decision {
  const before = rehearsal.terminal;
  rehearsal.terminal = play.PLACES[place];
  const decision = play.ask(rehearsal, request);
  rehearsal.terminal = before;
  return decision;
}

export function recordAt(rehearsal: Rehearsal, place: keyof typeof play.PLACES, fact: Fact): string[] {
  const before = rehearsal.terminal;
  rehearsal.terminal = play.PLACES[place];
  const bodies = recordFact(rehearsal.school, fact, play.contextOf(rehearsal));
  play.commit(rehearsal, bodies);
  rehearsal.terminal = before;
  return bodies.flatMap(bodyWords);
}

export function answered(decision: Decision): string[] {
  if (decision.kind === "refused") return ["refused", decision.reason, decision.bodies.length > 0 ? "written down" : "not written down"];
  return [
    "done",
    decision.refused.length > 0 ? "not for everybody" : "for everybody",
    ...decision.refused.flatMap((one) => [one.reason, nameOf(one.account) + " " + one.reason]),
    ...decision.bodies.flatMap(bodyWords),
  ];
}

export function nameOf(account: number): string {
  return Object.entries(play.PEOPLE).find(([, id]) => id === account)?.[0] ?? "account " + account;
}

/** What an event says, in the words that stand behind an arrow. */
export function bodyWords(body: EventBody): string[] {
  switch (body.kind) {
    case "MealServed": {
      const paid = Object.entries(body.parts).filter(([, amount]) => amount > 0);
      const parts = paid.map(([part, amount]) => part + " " + roubles(amount));
      return ["served", nameOf(body.account) + " served", body.mealName, ...parts, ...flagWords(body.flags)];
    }
    case "MealRefused":
      return [reasonName(body.reason) ?? "?", "share " + roubles(body.share), body.mealName || "no such meal"];
    case "MealUndone":
      return [
        "undone",
        "unfunded " + roubles(body.unfunded),
        "payable " + roubles(body.payable),
        ...repaidWords(body.change?.repaid ?? []),
      ];
    case "BuffetSold":
      return ["sold", "receipt " + body.receipt, ...body.lines.flatMap(lineWords), ...flagWords(body.flags)];
    case "CashSold": {
      const inCash = "in cash " + roubles(body.total);
      return ["sold", "receipt " + body.receipt, inCash, ...body.lines.flatMap(lineWords), ...flagWords(body.flags)];
    }
    case "FeePaid":
      return ["paid for " + body.service + " " + roubles(body.amount)];
    case "AccessCodeIssued":
      return ["password printed"];
    case "SaleVoided":
      return [
        "voided " + roubles(body.amount),
        body.lines.map((one) => "line " + (one.line + 1) + " x " + one.quantity).join(" and "),
        "cash " + roubles(body.cash),
        "payable " + roubles(body.payable),
        ...repaidWords(body.change?.repaid ?? []),
      ];
    case "TopUpCredited":
      return ["credited", ...repaidWords(body.change.repaid)];
    case "TopUpHeld":
      return ["held", body.why];
    case "ForeignTopUp":
      return ["for another school"];
    case "FactFlagged":
      return ["flagged", body.flag, "about " + roubles(body.amount), body.text];
    case "CashCollected":
      return ["expected " + roubles(body.expected), "collection " + body.collection, ...(body.witness === null ? [] : ["witnessed"])];
    case "ShiftClosed":
      return [
        ...["sales " + body.sales, "sold " + roubles(body.salesTotal), "sold in cash " + roubles(body.cashTotal)],
        ...["voids " + body.voids, "fees " + roubles(body.fees), "cash expected " + roubles(body.cashExpected)],
        ...["variance " + roubles(body.cashDeclared - body.cashExpected), "receipts " + body.firstReceipt + " to " + body.lastReceipt],
      ];
    case "PreOrdered":
      return ["ordered at " + roubles(body.share)];
    case "PreOrderCancelled":
      return ["cancelled"];
    default:
      return ["done"];
  }
}

function lineWords(line: Line): string[] {
  return [(line.name || "no dish") + " of caterer " + line.caterer, line.quantity + " at " + roubles(line.price)];
}

export function repaidWords(repaid: readonly Debt[]): string[] {
  const whose = repaid.map((debt) => roubles(debt.amount) + " to " + (debt.caterer === null ? "nobody" : "caterer " + debt.caterer));
  return [...repaid.map((debt) => "repaid " + roubles(debt.amount)), "repays " + (whose.join(" and ") || "nothing")];
}
