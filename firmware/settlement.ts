/**
 * The till: the cashier opens a shift with a card, puts dishes into an order, a pupil taps, the cashier confirms. Pure.
 *
 * Nothing is sold before the gateway says so; the order waits with it. A refusal shows the child one neutral sentence and sounds one tone.
 */
import type { CardUid, Kopecks, Result } from "@trapeza/protocol/chip";
import { cashReceipt, lateReceipt, saleReceipt, shiftReceipt, voidReceipt } from "./settlement-receipt.js";
import { dishesOf, totalOf, withDish, withoutOne } from "./settlement-state.js";
import type { At, LastReceipt, Order, SettlementState } from "./settlement-state.js";
import { change, claimCode, formatMoney, receiptNumber } from "./terminal.js";
import type { Common, Effect, Input, OperationDraft, Step } from "./terminal.js";
import { reasonWord } from "./words-reason.js";
import { say } from "./say.js";
import { SETTLEMENT, SHARED } from "./words.js";

type Stepped = Step<SettlementState>;

const TAP_TAG = "tap";
const SHIFT_TAG = "shift";
const SALE_TAG = "sale";
const VOID_TAG = "void";
const SALE_PAPER = "sale:";
/** A confirmation that nobody gives is none: the card's handle lives for a minute. */
const CONFIRM_MS = 45000;
const LATE_MS = 4000;
const SHOW_MS = 6000;
/** What the cashier must have read before the next order. */
const REFUSED_MS = 15000;
const OUT_OF_SERVICE = 30;
const QUIET: Effect = { kind: "timer", ms: 0 };

function to(state: SettlementState, at: At, effects: ReadonlyArray<Effect>): Stepped {
  return { state: change(state, { at }), effects };
}

function stay(state: SettlementState): Stepped {
  return { state, effects: [] };
}

function toOrder(state: SettlementState, notice: string): Stepped {
  return to(state, state.cashier === "" ? { kind: "closed", notice } : { kind: "order", notice }, [QUIET]);
}

function refuse(state: SettlementState, reason: number): Stepped {
  return to(state, { kind: "refused", reason }, [
    { kind: "beep", tone: "refused" },
    { kind: "timer", ms: REFUSED_MS },
  ]);
}

function submit(state: SettlementState, at: At, tag: string, operation: OperationDraft): Stepped {
  return to(state, at, [
    { kind: "submit", tag, operation },
    { kind: "timer", ms: LATE_MS },
  ]);
}

/** As they were put on the tray: the screen has the last dish on top, a receipt begins with the first. */
function linesOf(order: Order): { dish: number; quantity: number }[] {
  const lines: { dish: number; quantity: number }[] = [];
  for (let i = order.length - 1; i >= 0; i--) lines.push({ dish: order[i].dish, quantity: order[i].quantity });
  return lines;
}

function menuVersion(state: SettlementState): number {
  return state.common.menu ? state.common.menu.version : 0;
}

function shift(state: SettlementState, action: "open" | "close", uid: string): Stepped {
  const operation: OperationDraft = { kind: "Shift", action, uid: uid as CardUid, declared: 0 as Kopecks };
  const next = action === "open" ? change(state, { cashier: uid }) : state;
  return submit(next, { kind: "shift", opening: action === "open", n: 0 }, SHIFT_TAG, operation);
}

function carded(state: SettlementState, uid: string): Stepped {
  const { at } = state;
  if (at.kind === "closed") {
    if (!state.common.up)
      return to(state, { kind: "closed", notice: say(state.common, SHARED.noGateway) }, [{ kind: "beep", tone: "refused" }]);
    return shift(state, "open", uid);
  }
  if (at.kind === "closeQuestion" && uid === at.uid) return shift(state, "close", uid);
  if (at.kind !== "order" && at.kind !== "groups" && at.kind !== "dishes" && at.kind !== "code" && at.kind !== "sold") return stay(state);
  if (state.order.length === 0) {
    if (uid === state.cashier) return to(state, { kind: "closeQuestion", uid }, [{ kind: "timer", ms: CONFIRM_MS }]);
    return to(state, { kind: "order", notice: say(state.common, SETTLEMENT.empty) }, [{ kind: "beep", tone: "refused" }]);
  }
  if (!state.common.up)
    return to(state, { kind: "order", notice: say(state.common, SHARED.noGateway) }, [{ kind: "beep", tone: "refused" }]);
  return to(state, { kind: "tapping", uid }, [
    { kind: "ask", tag: TAP_TAG, message: { kind: "Tap", uid: uid as CardUid, total: totalOf(state.order), sun: null } },
    QUIET,
  ]);
}

function tapped(state: SettlementState, result: Result | null): Stepped {
  if (!result) return toOrder(state, say(state.common, SHARED.noGateway));
  if (result.kind === "Refused") return refuse(state, result.reason);
  if (result.kind !== "Holder") return toOrder(state, "");
  if (result.verdict !== 0) return refuse(state, result.verdict);
  return to(state, { kind: "confirm", holder: result }, [
    { kind: "beep", tone: "good" },
    { kind: "timer", ms: CONFIRM_MS },
  ]);
}

function sell(state: SettlementState): Stepped {
  if (state.at.kind !== "confirm") return stay(state);
  const { holder } = state.at;
  return submit(state, { kind: "selling", holder, n: 0, late: false }, SALE_TAG, {
    kind: "Sale",
    handle: holder.handle,
    lines: linesOf(state.order),
    total: totalOf(state.order),
    menuVersion: menuVersion(state),
    override: "none",
  });
}

function sellForCash(state: SettlementState): Stepped {
  if (state.order.length === 0) return toOrder(state, say(state.common, SETTLEMENT.empty));
  return submit(state, { kind: "selling", holder: null, n: 0, late: false }, SALE_TAG, {
    kind: "CashSale",
    lines: linesOf(state.order),
    total: totalOf(state.order),
    menuVersion: menuVersion(state),
  });
}

function voidLast(state: SettlementState): Stepped {
  const { last } = state;
  if (!last) return toOrder(state, say(state.common, SETTLEMENT.nothingToVoid));
  const lines = linesOf(last.lines).map(function (line, index) {
    return { line: index, quantity: line.quantity };
  });
  return submit(state, { kind: "voiding", n: 0 }, VOID_TAG, {
    kind: "Void",
    receipt: last.receipt,
    lines,
    reason: "mistake",
    supervisor: null,
  });
}

function codeKey(state: SettlementState, digits: string, key: string): Stepped {
  if (key === "cancel") return toOrder(state, "");
  const typed = key === "back" ? "" : digits + key;
  // Two figures are a dish: no third key is needed for it.
  if (typed.length < 2) return to(state, { kind: "code", digits: typed, notice: "" }, [{ kind: "beep", tone: "key" }]);
  const dish = dishesOf(state.common.menu, -1).find(function (one) {
    return one.code === parseInt(typed, 10);
  });
  if (!dish)
    return to(state, { kind: "code", digits: "", notice: say(state.common, SETTLEMENT.noDish) }, [{ kind: "beep", tone: "refused" }]);
  return to(change(state, { order: withDish(state.order, dish) }), { kind: "code", digits: "", notice: "" }, [
    { kind: "beep", tone: "key" },
  ]);
}

function dishKey(state: SettlementState, at: Extract<At, { kind: "dishes" }>, key: string): Stepped {
  if (key === "back") return to(state, { kind: "groups" }, []);
  if (key === "done") return toOrder(state, "");
  if (key === "more") return to(state, change(at, { page: at.page + 1 }), []);
  const dish = dishesOf(state.common.menu, at.group).find(function (one) {
    return "dish" + one.code === key;
  });
  if (!dish) return stay(state);
  return { state: change(state, { order: withDish(state.order, dish) }), effects: [{ kind: "beep", tone: "key" }] };
}

function orderKey(state: SettlementState, key: string): Stepped {
  if (key === "menu") return to(state, { kind: "groups" }, []);
  if (key === "code") return to(state, { kind: "code", digits: "", notice: "" }, []);
  if (key === "less") return toOrder(change(state, { order: withoutOne(state.order) }), "");
  if (key === "cash") return sellForCash(state);
  if (key === "void")
    return state.last ? to(state, { kind: "voidQuestion" }, []) : toOrder(state, say(state.common, SETTLEMENT.nothingToVoid));
  return stay(state);
}

function pressed(state: SettlementState, key: string): Stepped {
  const { at } = state;
  switch (at.kind) {
    case "order":
      return orderKey(state, key);
    case "groups":
      if (key === "back") return toOrder(state, "");
      return key.slice(0, 5) === "group" ? to(state, { kind: "dishes", group: parseInt(key.slice(5), 10), page: 0 }, []) : stay(state);
    case "dishes":
      return dishKey(state, at, key);
    case "code":
      return codeKey(state, at.digits, key);
    case "confirm":
      return key === "confirm" ? sell(state) : key === "cancel" ? toOrder(state, "") : stay(state);
    case "refused":
    case "sold":
    case "voided":
      return key === "done" ? toOrder(state, "") : stay(state);
    case "voidQuestion":
      return key === "yes" ? voidLast(state) : key === "cancel" ? toOrder(state, "") : stay(state);
    case "closeQuestion":
      return key === "yes" ? shift(state, "close", at.uid) : key === "cancel" ? toOrder(state, "") : stay(state);
    default:
      return stay(state);
  }
}

/** The operation has its number; none (no room in flash) means that nothing happened at all. */
function numbered(state: SettlementState, tag: string, n: number): Stepped {
  const { at } = state;
  if (tag !== SALE_TAG && tag !== VOID_TAG && tag !== SHIFT_TAG) return stay(state);
  if (at.kind !== "selling" && at.kind !== "voiding" && at.kind !== "shift") return stay(state);
  if (n > 0) return stay(change(state, { at: change(at, { n }) as At }));
  const undone = at.kind === "shift" && at.opening ? change(state, { cashier: "" }) : state;
  return refuse(undone, OUT_OF_SERVICE);
}

function sold(state: SettlementState, n: number, last: LastReceipt, lines: ReturnType<typeof saleReceipt>): Stepped {
  const next = change(state, { last, order: [] });
  return to(next, { kind: "sold", receipt: last.receipt, total: last.total, printed: "waiting" }, [
    { kind: "beep", tone: "good" },
    { kind: "print", tag: SALE_PAPER + n, lines },
    { kind: "timer", ms: SHOW_MS },
  ]);
}

function shifted(state: SettlementState, opening: boolean, result: Result): Stepped {
  if (result.kind !== "ShiftDone") {
    const next = opening ? change(state, { cashier: "" }) : state;
    return refuse(next, result.kind === "Refused" ? result.reason : OUT_OF_SERVICE);
  }
  const next = change(state, { cashier: result.open ? state.cashier : "", last: result.open ? state.last : null, order: [] });
  const print: Effect[] = result.open ? [] : [{ kind: "print", tag: "shift", lines: shiftReceipt(state, result) }];
  const step = toOrder(next, "");
  return { state: step.state, effects: step.effects.concat([{ kind: "beep", tone: "good" }], print) };
}

function outcome(state: SettlementState, n: number, result: Result): Stepped {
  const { at } = state;
  if ((at.kind !== "selling" && at.kind !== "voiding" && at.kind !== "shift") || at.n !== n) return unawaited(state, n, result);
  if (at.kind === "shift") return shifted(state, at.opening, result);
  if (result.kind === "Refused") return refuse(state, result.reason);
  if (at.kind === "voiding") {
    if (result.kind !== "Voided" || !state.last) return toOrder(state, "");
    const lines = voidReceipt(state, state.last.receipt, result);
    return to(change(state, { last: null }), { kind: "voided", amount: result.amount }, [
      { kind: "beep", tone: "good" },
      { kind: "print", tag: "void", lines },
      { kind: "timer", ms: SHOW_MS },
    ]);
  }
  if (result.kind === "Sold" && at.holder) {
    return sold(state, n, { receipt: result.receipt, lines: state.order, total: result.total }, saleReceipt(state, at.holder, result));
  }
  if (result.kind === "CashSold") {
    return sold(
      state,
      n,
      { receipt: result.receipt, lines: state.order, total: result.total },
      cashReceipt(state, n, result, result.total),
    );
  }
  return toOrder(state, "");
}

/**
 * An answer for which nobody stands here any more: the power went in between, or cash was sold with the gateway away. A purse that has paid gets its paper
 * now; either sale may be voided, and a refused one is named, because its money or its dish is out of hand.
 */
function unawaited(state: SettlementState, n: number, result: Result): Stepped {
  const { at, common } = state;
  if (at.kind === "voidQuestion" || at.kind === "voiding") return stay(state);
  const told = at.kind === "closed" || at.kind === "order";
  if (result.kind === "Refused") {
    const notice = claimCode(common, n) + ": " + say(common, reasonWord(result.reason));
    return told ? to(state, { kind: at.kind, notice }, [{ kind: "beep", tone: "refused" }]) : stay(state);
  }
  if (result.kind !== "Sold" && result.kind !== "CashSold") return stay(state);
  const { receipt, total } = result;
  const notice = say(common, SETTLEMENT.sold) + ", \u2116" + receiptNumber(common, receipt) + "   " + formatMoney(total);
  const print: Effect[] = result.kind === "Sold" ? [{ kind: "print", tag: SALE_PAPER + n, lines: lateReceipt(state, result) }] : [];
  return { state: change(state, { last: { receipt, lines: [], total }, at: told ? { kind: at.kind, notice } : at }), effects: print };
}

function elapsed(state: SettlementState): Stepped {
  const { at } = state;
  if (at.kind === "selling") {
    if (at.holder === null && !state.common.up && at.n > 0) return cashLater(state, at.n);
    return to(state, change(at, { late: true }), [{ kind: "timer", ms: LATE_MS }]);
  }
  if (at.kind === "shift" || at.kind === "voiding") return to(state, at, [{ kind: "timer", ms: LATE_MS }]);
  return toOrder(state, "");
}

/** Cash is in the drawer and the gateway is away: the sale is in flash, the paper bears the operation's name, the queue goes on. */
function cashLater(state: SettlementState, n: number): Stepped {
  const total = totalOf(state.order);
  const lines = cashReceipt(state, n, null, total);
  return to(change(state, { order: [], last: null }), { kind: "sold", receipt: 0, total, printed: "waiting" }, [
    { kind: "beep", tone: "good" },
    { kind: "print", tag: SALE_PAPER + n, lines },
    { kind: "timer", ms: SHOW_MS },
  ]);
}

/** `tag`: "sale:" and the operation whose paper it is; the journal is told whether it came out. */
function printed(state: SettlementState, tag: string, ok: boolean): Stepped {
  const { at } = state;
  const told = at.kind === "sold" ? change(state, { at: change(at, { printed: ok ? "yes" : "no" }) as At }) : state;
  const effects: Effect[] = ok ? [] : [{ kind: "beep", tone: "refused" }];
  if (tag.slice(0, SALE_PAPER.length) !== SALE_PAPER) return { state: told, effects };
  const of = parseInt(tag.slice(SALE_PAPER.length), 10);
  const operation: OperationDraft = { kind: "Receipt", of, outcome: ok ? "printed" : "failed" };
  return { state: told, effects: effects.concat([{ kind: "submit", tag: "receipt", operation }]) };
}

/** A copy is found out while the cashier looks at the name: the child whose card it is may eat, so the face must decide. */
function suspected(state: SettlementState): Stepped {
  const { at } = state;
  if (at.kind !== "confirm") return stay(state);
  return to(state, { kind: "confirm", holder: change(at.holder, { suspect: true }) }, [{ kind: "beep", tone: "refused" }]);
}

export function stepSettlement(state: SettlementState, input: Input): Stepped {
  switch (input.kind) {
    case "key":
      return pressed(state, input.key);
    case "card":
      return carded(state, input.uid);
    case "stranger":
      return state.at.kind === "order"
        ? to(state, { kind: "order", notice: say(state.common, SHARED.stranger) }, [{ kind: "beep", tone: "refused" }])
        : stay(state);
    case "suspect":
      return suspected(state);
    case "answer":
      return input.tag === TAP_TAG && state.at.kind === "tapping" ? tapped(state, input.result) : stay(state);
    case "stored":
      return numbered(state, input.tag, input.n);
    case "outcome":
      return outcome(state, input.n, input.result);
    case "printed":
      return printed(state, input.tag, input.ok);
    case "timer":
      return elapsed(state);
    case "common":
      return surrounded(state, input.common);
    default:
      return stay(state);
  }
}

function surrounded(state: SettlementState, common: Common): Stepped {
  return stay(change(state, { common }));
}
