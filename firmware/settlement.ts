/**
 * The till: the cashier opens a shift with a card, puts dishes into an order, a pupil taps, the cashier confirms. Pure.
 *
 * Nothing is sold before the gateway says so; the order waits with it. A refusal shows the child one neutral sentence and sounds one tone.
 */
import type { Kopecks } from "@trapeza/protocol/chip";
import { say } from "./say.js";
import { activate, answered, ask, basket, confirmed, numberKey, pick, pickKey, shift, submitVoid, tap } from "./settlement-desk.js";
import { cashReceipt, lateReceipt, saleReceipt, serviceReceipt, shiftReceipt, voidReceipt } from "./settlement-receipt.js";
import { totalOf, withQuantity } from "./settlement-state.js";
import type { At, SettlementState } from "./settlement-state.js";
import { ATTENTION, BAD, GOOD, LATE_MS, noted, order, OUT_OF_SERVICE, refuse, stay, submit, to } from "./settlement-step.js";
import type { Stepped } from "./settlement-step.js";
import { change, claimCode, formatMoney, receiptNumber } from "./terminal.js";
import type { Effect, Input, OperationDraft, Result } from "./terminal.js";
import { paperOf } from "./receipt.js";
import type { PaperLine } from "./receipt.js";
import { reasonWord } from "./words-reason.js";
import { SETTLEMENT, SHARED } from "./words.js";
import type { Word } from "./words.js";

const SALE_PAPER = "sale:";
/** Of no operation, or a password: nobody gets it twice. */
const TOLD_PAPER = "told";
const SHOW_MS = 6000;

/** Whoever holds a card to the reader, in a state that does not wait for a certain one. */
function carded(state: SettlementState, uid: string): Stepped {
  const { at, purpose } = state;
  if (state.cashier === "" && at.kind === "told") return carded(change(state, { at: { kind: "closed", notice: "" } }), uid);
  switch (at.kind) {
    case "closed":
      return state.common.up ? shift(state, "open", uid, 0) : noted(state, SHARED.noGateway);
    case "supervisor":
      return submitVoid(state, at.reason, uid);
    case "whom":
      return purpose === "activation" ? activate(state, uid) : tap(state, uid);
    case "order":
    case "sold":
    case "told":
      if (state.order.length > 0) return tap(state, uid);
      if (uid === state.cashier) return to(state, { kind: "number", what: "cash", digits: "", notice: "" }, [{ kind: "timer", ms: 0 }]);
      return noted(state, SETTLEMENT.empty);
    case "pick":
      return (at.what === "group" || at.what === "dish") && state.order.length > 0 ? tap(state, uid) : stay(state);
    case "number":
      return at.what === "code" && state.order.length > 0 ? tap(state, uid) : stay(state);
    default:
      return stay(state);
  }
}

function orderKey(state: SettlementState, key: string): Stepped {
  switch (key) {
    case "menu":
      return pick(state, "group");
    case "code":
      return to(state, { kind: "number", what: "code", digits: "", notice: "" }, []);
    case "less":
      return order(change(state, { order: withQuantity(state.order, -1) }), "");
    case "extra":
      return pick(state, "service");
    case "list":
      return state.order.length > 0 ? ask(state, "class", { kind: "Browse", class: 0 }) : noted(state, SETTLEMENT.empty);
    case "cash":
      if (state.order.length === 0) return noted(state, SETTLEMENT.empty);
      return submit(state, { kind: "selling", n: 0, late: false }, Object.assign({ kind: "CashSale" as const }, basket(state)));
    case "void":
      return to(state, { kind: "number", what: "receipt", digits: state.last > 0 ? String(state.last) : "", notice: "" }, []);
    default:
      return stay(state);
  }
}

function pressed(state: SettlementState, key: string): Stepped {
  const { at } = state;
  switch (at.kind) {
    case "order":
      return orderKey(state, key);
    case "pick":
      return pickKey(state, at, key);
    case "number":
      return numberKey(state, at, key);
    case "whom":
      if (key === "list") return ask(state, "class", { kind: "Browse", class: 0 });
      return key === "cancel" ? order(state, "") : stay(state);
    case "confirm":
      return key === "confirm" ? confirmed(state) : key === "cancel" ? order(state, "") : stay(state);
    case "banned":
      if (key === "yes") return to(state, { kind: "pick", what: "override", of: 0, page: 0 }, []);
      return key === "cancel" ? order(state, "") : stay(state);
    case "supervisor":
    case "refused":
    case "sold":
    case "told":
      return key === "done" ? order(state, "") : stay(state);
    default:
      return stay(state);
  }
}

/** The operation has its number; none (no room in flash) means that nothing happened at all. */
function numbered(state: SettlementState, tag: string, n: number): Stepped {
  const { at } = state;
  if (tag !== at.kind || !("n" in at)) return stay(state);
  if (n > 0) return stay(change(state, { at: change(at, { n }) as At }));
  return refuse(at.kind === "shift" && at.opening ? change(state, { cashier: "" }) : state, OUT_OF_SERVICE);
}

function show(state: SettlementState, at: At, tag: string, lines: ReadonlyArray<PaperLine>): Stepped {
  const effects: Effect[] = [GOOD, { kind: "timer", ms: SHOW_MS }];
  const paper = paperOf(lines);
  if (paper !== "") effects.push({ kind: "print", tag, paper });
  return to(tag === TOLD_PAPER || paper === "" ? state : change(state, { paper }), at, effects);
}

function sold(state: SettlementState, n: number, receipt: number, total: Kopecks, lines: PaperLine[]): Stepped {
  const next = change(state, { last: receipt, order: [] });
  return show(next, { kind: "sold", receipt, total, printed: "waiting" }, SALE_PAPER + n, lines);
}

/** `n`: the operation whose paper this is, 0 for a report that is of none. */
function tell(state: SettlementState, word: Word, amount: number, n: number, lines: ReadonlyArray<PaperLine>): Stepped {
  return show(state, { kind: "told", word, amount: amount as Kopecks }, n > 0 ? SALE_PAPER + n : TOLD_PAPER, lines);
}

function shifted(state: SettlementState, opening: boolean, result: Result): Stepped {
  if (result.kind !== "ShiftDone") {
    const next = opening ? change(state, { cashier: "" }) : state;
    return refuse(next, result.kind === "Refused" ? result.reason : OUT_OF_SERVICE);
  }
  if (result.open) {
    const step = order(state, "");
    return { state: step.state, effects: step.effects.concat([GOOD]) };
  }
  // Closed without a paper nobody could sign: it stands on the screen as well, until the cashier has seen it.
  const closed = change(state, { cashier: "", last: 0, paper: "", order: [] });
  return tell(closed, SETTLEMENT.variance, result.cashDeclared - result.cashExpected, 0, shiftReceipt(state, result));
}

function outcome(state: SettlementState, n: number, result: Result): Stepped {
  const { at } = state;
  if (!("n" in at) || at.n !== n) return unawaited(state, n, result);
  if (at.kind === "shift") return shifted(state, at.opening, result);
  switch (result.kind) {
    case "Refused":
      return refuse(state, result.reason);
    case "Voided":
      return tell(change(state, { last: 0 }), SETTLEMENT.voided, result.amount, n, voidReceipt(state, n, result));
    case "Sold":
      return sold(state, n, result.receipt, result.total, saleReceipt(state, result));
    case "CashSold":
      return sold(state, n, result.receipt, result.total, cashReceipt(state, n, result, result.total));
    case "Activated":
      return tell(state, SETTLEMENT.activated, result.paid, n, serviceReceipt(state, n, result));
    case "FeeTaken":
      return tell(state, SETTLEMENT.paid, result.amount, n, serviceReceipt(state, n, result));
    case "AccessCode":
      return tell(state, SETTLEMENT.passwordOut, 0, 0, serviceReceipt(state, n, result));
    default:
      return order(state, "");
  }
}

/**
 * An answer for which nobody stands here any more: the power went in between, or cash was sold with the gateway away. A purse that has paid gets its paper
 * now; either sale may be voided, and a refused one is named, because its money or its dish is out of hand.
 */
function unawaited(state: SettlementState, n: number, result: Result): Stepped {
  const { at, common } = state;
  const told = at.kind === "closed" || at.kind === "order";
  if (result.kind === "Refused") {
    const notice = claimCode(common, n) + ": " + say(common, reasonWord(result.reason));
    return told ? to(state, { kind: at.kind, notice }, [BAD]) : stay(state);
  }
  // A service was paid for: its paper is all that the person has. A password is for nobody who is not there, and is drawn anew.
  if (result.kind === "FeeTaken" || (result.kind === "Activated" && result.paid > 0)) {
    return late(state, n, serviceReceipt(state, n, result));
  }
  if (result.kind === "Voided") return late(state, n, voidReceipt(state, n, result));
  if (result.kind !== "Sold" && result.kind !== "CashSold") return stay(state);
  const { receipt, total } = result;
  const notice = say(common, SETTLEMENT.sold) + ", \u2116" + receiptNumber(common, receipt) + "   " + formatMoney(total);
  const next = change(state, { last: receipt, at: told ? { kind: at.kind, notice } : at });
  return result.kind === "Sold" ? late(next, n, lateReceipt(state, result)) : stay(next);
}

function late(state: SettlementState, n: number, lines: ReadonlyArray<PaperLine>): Stepped {
  const paper = paperOf(lines);
  return { state: change(state, { paper }), effects: [{ kind: "print", tag: SALE_PAPER + n, paper }] };
}

function elapsed(state: SettlementState): Stepped {
  const { at } = state;
  if (at.kind === "selling") {
    if (state.holder === null && !state.common.up && at.n > 0) return cashLater(state, at.n);
    return to(state, change(at, { late: true }), [{ kind: "timer", ms: LATE_MS }]);
  }
  if ("n" in at) return to(state, at, [{ kind: "timer", ms: LATE_MS }]);
  return order(state, "");
}

/** Cash is in the drawer and the gateway is away: the sale is in flash, the paper bears the operation's name, the queue goes on. */
function cashLater(state: SettlementState, n: number): Stepped {
  const total = totalOf(state.order);
  return sold(state, n, 0, total, cashReceipt(state, n, null, total));
}

/** `tag`: "sale:" and the operation (sale, void or service) whose paper it is; the journal is told whether it came out. */
function printed(state: SettlementState, tag: string, ok: boolean): Stepped {
  const { at } = state;
  const told = at.kind === "sold" ? change(state, { at: change(at, { printed: ok ? "yes" : "no" }) as At }) : state;
  const effects: Effect[] = ok ? [] : [ATTENTION];
  if (tag.slice(0, SALE_PAPER.length) !== SALE_PAPER) return { state: told, effects };
  const of = parseInt(tag.slice(SALE_PAPER.length), 10);
  const operation: OperationDraft = { kind: "Receipt", of, outcome: ok ? "printed" : "failed" };
  return { state: told, effects: effects.concat([{ kind: "submit", tag: "receipt", operation }]) };
}

/** A copy is found out while the cashier looks at the name: the child whose card it is may eat, so the face must decide. */
function suspected(state: SettlementState): Stepped {
  if (state.at.kind !== "confirm" || !state.holder) return stay(state);
  return { state: change(state, { holder: change(state.holder, { suspect: true }) }), effects: [ATTENTION] };
}

export function stepSettlement(state: SettlementState, input: Input): Stepped {
  switch (input.kind) {
    case "key":
      return pressed(state, input.key);
    case "card":
      return carded(state, input.uid);
    case "stranger":
      return state.at.kind === "order" ? noted(state, SHARED.stranger) : stay(state);
    case "suspect":
      return suspected(state);
    case "answer":
      return answered(state, input.tag, input.result);
    case "stored":
      return numbered(state, input.tag, input.n);
    case "outcome":
      return outcome(state, input.n, input.result);
    case "printed":
      return printed(state, input.tag, input.ok);
    case "timer":
      return elapsed(state);
    case "common":
      return stay(change(state, { common: input.common }));
    default:
      return stay(state);
  }
}
