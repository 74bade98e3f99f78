/** What a cashier does beside selling: takes a receipt back, finds who forgot a card, serves cards, counts the drawer. Pure. */
import { eachRow, OVERRIDES, rowAt, VOID_REASONS } from "@trapeza/protocol/chip";
import type { CardUid, Kopecks, Up } from "@trapeza/protocol/chip";
import { say } from "./say.js";
import { BAD, KEY_TONE, GOOD, noted, order, QUIET, refuse, stay, submit, to } from "./settlement-step.js";
import type { Stepped } from "./settlement-step.js";
import { countOf } from "./settlement-pick.js";
import { placesOf, totalOf, withDish, withQuantity } from "./settlement-state.js";
import type { At, Dish, Purpose, SettlementState } from "./settlement-state.js";
import { change } from "./terminal.js";
import { shiftReceipt } from "./settlement-receipt.js";
import { copyOf } from "./receipt-copy.js";
import { paperOf } from "./receipt.js";
import { SETTLEMENT, SHARED } from "./words.js";
import type { Result } from "./terminal.js";

type Pick = Extract<At, { readonly kind: "pick" }>;

/** A confirmation that nobody gives is none: the handle lives for a minute. */
export const CONFIRM_MS = 45000;

export function ask(state: SettlementState, tag: string, message: Up): Stepped {
  if (!state.common.up) return noted(state, SHARED.noGateway);
  return to(state, { kind: "asking" }, [{ kind: "ask", tag, message }, QUIET]);
}

export function pick(state: SettlementState, what: Pick["what"]): Stepped {
  return to(state, { kind: "pick", what, of: 0, page: 0 }, [QUIET]);
}

/** What the person is wanted for costs, in kopecks. */
export function priceOf(state: SettlementState): Kopecks {
  const { policy } = state.common;
  if (state.purpose === "sale") return totalOf(state.order);
  if (!policy || state.purpose === "password") return 0 as Kopecks;
  return state.purpose === "reissue" ? policy.reissueFee : policy.activationFee;
}

export function tap(state: SettlementState, uid: string): Stepped {
  return ask(state, "holder", { kind: "Tap", uid: uid as CardUid, total: priceOf(state), sun: null });
}

export function submitVoid(state: SettlementState, reason: number, supervisor: string): Stepped {
  const { sale, take } = state;
  if (!sale) return order(state, "");
  const lines: { line: number; quantity: number }[] = [];
  for (let i = 0; i < take.length; i++) if (take[i] > 0) lines.push({ line: i, quantity: take[i] });
  return submit(
    state,
    { kind: "voiding", n: 0 },
    {
      kind: "Void",
      receipt: sale.receipt,
      lines,
      reason: VOID_REASONS[reason],
      supervisor: supervisor === "" ? null : (supervisor as CardUid),
    },
  );
}

const PURPOSES: ReadonlyArray<Purpose> = ["activation", "reissue", "password"];

function copy(state: SettlementState): Stepped {
  if (state.paper === "") return noted(state, SHARED.noCopy);
  const step = order(state, "");
  return {
    state: step.state,
    effects: step.effects.concat([{ kind: "print", tag: "copy", paper: copyOf(state.common, state.paper) }]),
  };
}

/** What of a receipt's line is not voided yet. */
function leftOf(line: { readonly quantity: number; readonly voided: number }): number {
  return line.quantity - line.voided;
}

function dished(state: SettlementState, dish: Dish): Stepped {
  return { state: change(state, { order: withDish(state.order, dish) }), effects: [KEY_TONE] };
}

function chosen(state: SettlementState, at: Pick, i: number): Stepped {
  const { list, sale, take } = state;
  const { menu } = state.common;
  switch (at.what) {
    case "group":
      return to(state, { kind: "pick", what: "dish", of: i, page: 0 }, []);
    case "dish":
      return menu ? dished(state, rowAt(menu.dishes, placesOf(menu, at.of)[i])) : stay(state);
    case "service":
      if (i === PURPOSES.length) return ask(state, "report", { kind: "ShiftReport" });
      if (i > PURPOSES.length) return copy(state);
      return to(change(state, { purpose: PURPOSES[i] }), { kind: "whom" }, [{ kind: "timer", ms: CONFIRM_MS }]);
    case "class":
      return list ? ask(state, "pupil", { kind: "Browse", class: rowAt(list, i).id }) : stay(state);
    case "pupil":
      return list ? ask(state, "holder", { kind: "Identify", id: rowAt(list, i).id, total: priceOf(state) }) : stay(state);
    case "line": {
      // Each touch one fewer, and after none all of them again.
      const left = sale ? leftOf(rowAt(sale.lines, i)) : 0;
      const next = take.slice();
      next[i] = take[i] > 0 ? take[i] - 1 : left;
      return { state: change(state, { take: next }), effects: [KEY_TONE] };
    }
    case "reason":
      if (sale && sale.supervisor) return to(state, { kind: "supervisor", reason: i }, [{ kind: "timer", ms: CONFIRM_MS }]);
      return submitVoid(state, i, "");
    case "override":
      return confirm(change(state, { override: i + 1 }));
  }
}

export function pickKey(state: SettlementState, at: Pick, key: string): Stepped {
  if (key === "back") return at.what === "dish" ? pick(state, "group") : order(state, "");
  if (key === "more") return to(state, change(at, { page: at.page + 1 }), []);
  if (key === "done") {
    if (at.what !== "line") return order(state, "");
    return takesAny(state) ? pick(state, "reason") : stay(state);
  }
  const i = parseInt(key, 10);
  return i < countOf(state, at.what, at.of) ? chosen(state, at, i) : stay(state);
}

function takesAny(state: SettlementState): boolean {
  for (let i = 0; i < state.take.length; i++) if (state.take[i] > 0) return true;
  return false;
}

/** Name, class and face are on the screen, and whoever stands there is meant. */
export function confirm(state: SettlementState): Stepped {
  const effects: Stepped["effects"][number][] = [GOOD, { kind: "timer", ms: CONFIRM_MS }];
  const { holder } = state;
  if (holder) effects.push({ kind: "ask", tag: "photo", message: { kind: "PhotoRequest", handle: holder.handle, row: 0 } });
  return to(state, { kind: "confirm" }, effects);
}

function bannedOn(state: SettlementState, banned: ReadonlyArray<number>): string {
  for (let i = 0; i < state.order.length; i++) if (banned.indexOf(state.order[i].dish) >= 0) return state.order[i].name;
  return "";
}

function found(state: SettlementState, result: Extract<Result, { readonly kind: "Holder" }>): Stepped {
  const next = change(state, { holder: result });
  if (state.purpose !== "sale") return confirm(next);
  if (result.verdict !== 0) return refuse(state, result.verdict);
  const dish = bannedOn(state, result.banned);
  return dish === "" ? confirm(next) : to(next, { kind: "banned", dish }, [BAD, { kind: "timer", ms: CONFIRM_MS }]);
}

/** Rows of a portrait are drawn as they come and kept nowhere. */
function portrayed(state: SettlementState, result: Result | null): Stepped {
  if (state.at.kind !== "confirm" || !state.holder || !result || result.kind !== "Photo" || result.width === 0) return stay(state);
  const { width, height, row, rows } = result;
  const next = row + Math.floor(rows.length / ((width + 1) >> 1));
  const effects: Stepped["effects"][number][] = [{ kind: "photo", width, row, rows }];
  if (next > row && next < height) {
    effects.push({ kind: "ask", tag: "photo", message: { kind: "PhotoRequest", handle: state.holder.handle, row: next } });
  }
  return { state, effects };
}

/** The answer to a question; `null`: none came. */
export function answered(state: SettlementState, tag: string, result: Result | null): Stepped {
  if (tag === "photo") return portrayed(state, result);
  if (state.at.kind !== "asking") return stay(state);
  if (!result) return noted(state, SHARED.noGateway);
  switch (result.kind) {
    case "Refused":
      return refuse(state, result.reason);
    case "Holder":
      return found(state, result);
    case "Classes":
      return pick(change(state, { list: result.classes }), "class");
    case "Pupils":
      return pick(change(state, { list: result.pupils }), "pupil");
    case "SoldBefore": {
      const take: number[] = [];
      eachRow(result.lines, 0, result.lines.length, function (line) {
        take.push(leftOf(line));
      });
      return pick(change(state, { sale: result, take }), "line");
    }
    case "ShiftDone": {
      const step = order(state, "");
      return {
        state: step.state,
        effects: step.effects.concat([{ kind: "print", tag: "report", paper: paperOf(shiftReceipt(state, result)) }]),
      };
    }
    default:
      return order(state, "");
  }
}

/** Figures of one entry line for a dish, a receipt, or what lies in the drawer. */
export function numberKey(state: SettlementState, at: Extract<At, { readonly kind: "number" }>, key: string): Stepped {
  const { what, digits } = at;
  if (key === "cancel") return order(state, "");
  if (key === "next") {
    if (digits === "") return stay(state);
    const value = parseInt(digits, 10);
    if (what === "receipt") return ask(state, "receipt", { kind: "FindReceipt", receipt: value });
    return shift(state, "close", state.cashier, value);
  }
  if (key === "times") {
    if (digits === "") return stay(state);
    const next = change(state, { order: withQuantity(state.order, parseInt(digits, 10)) });
    return to(next, { kind: "number", what, digits: "", notice: "" }, [KEY_TONE]);
  }
  const typed = key === "back" ? (what === "code" ? "" : digits.slice(0, digits.length - 1)) : digits + key;
  if (what !== "code") return typed.length > 9 ? stay(state) : to(state, { kind: "number", what, digits: typed, notice: "" }, [KEY_TONE]);
  // Two figures are a dish: no third key is needed for it.
  if (typed.length < 2) return to(state, { kind: "number", what, digits: typed, notice: "" }, [KEY_TONE]);
  const { menu } = state.common;
  const place = menu ? menu.codes.indexOf(parseInt(typed, 10)) : -1;
  if (!menu || place < 0) return to(state, { kind: "number", what, digits: "", notice: say(state.common, SETTLEMENT.noDish) }, [BAD]);
  return to(dished(state, rowAt(menu.dishes, place)).state, { kind: "number", what, digits: "", notice: "" }, [KEY_TONE]);
}

export function shift(state: SettlementState, action: "open" | "close", uid: string, declared: number): Stepped {
  const next = action === "open" ? change(state, { cashier: uid }) : state;
  return submit(
    next,
    { kind: "shift", opening: action === "open", n: 0 },
    {
      kind: "Shift",
      action,
      uid: uid as CardUid,
      declared: declared as Kopecks,
    },
  );
}

/** What was confirmed is done: a sale, a new card, a password. */
export function confirmed(state: SettlementState): Stepped {
  const { holder, purpose } = state;
  if (!holder) return order(state, "");
  const { handle } = holder;
  if (purpose === "reissue")
    return submit(state, { kind: "serving", n: 0 }, { kind: "Fee", handle, service: purpose, amount: priceOf(state) });
  if (purpose === "password") return submit(state, { kind: "serving", n: 0 }, { kind: "AccessCode", handle });
  const sale = { kind: "Sale" as const, handle, override: OVERRIDES[state.override] };
  return submit(state, { kind: "selling", n: 0, late: false }, Object.assign(sale, basket(state)));
}

/** As put on the tray: the screen has the last dish on top, a receipt begins with the first. */
export function basket(state: SettlementState) {
  const lines: { dish: number; quantity: number }[] = [];
  for (let i = state.order.length - 1; i >= 0; i--) lines.push({ dish: state.order[i].dish, quantity: state.order[i].quantity });
  const { menu } = state.common;
  return { lines, total: totalOf(state.order), menuVersion: menu ? menu.version : 0 };
}

export function activate(state: SettlementState, uid: string): Stepped {
  return submit(state, { kind: "serving", n: 0 }, { kind: "Activate", uid: uid as CardUid, paid: priceOf(state) });
}
