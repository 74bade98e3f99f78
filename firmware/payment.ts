/**
 * The kiosk: a card or a number, a purse, notes one by one, a receipt. Pure.
 *
 * Whatever happens the person leaves with a paper or a code: a note is an operation in flash before the sum on the screen grows, and the code on the
 * paper is that operation's name.
 */
import { beginCollection, lateCollection, stepCollection } from "./collection.js";
import type { CollectionStep } from "./collection.js";
import { luhnIsValid } from "@trapeza/protocol/chip";
import type { AccountNumber, CardUid, Kopecks, Payee } from "@trapeza/protocol/chip";
import { visitReceipt } from "./payment-receipt.js";
import { paperOf } from "./receipt.js";
import { whyNoCash } from "./payment-state.js";
import type { At, Note, PaymentState, Visit } from "./payment-state.js";
import { asAccount, change } from "./terminal.js";
import type { Common, Effect, Input, InterruptedNote, Purse, Result, Step } from "./terminal.js";
import { say } from "./say.js";
import { PAYMENT, SHARED } from "./words.js";
import { reasonWord } from "./words-reason.js";

const IDLE_MS = 60000;
const NOTES_MS = 120000;
const SETTLE_MS = 4000;
const DONE_MS = 10000;
const CODE_MS = 60000;
/** The reason under which a copied card is refused (wire/reason.ts). */
const SUSPECT = 9;
const FIND_TAG = "find";
/** As wire/reason.ts numbers it. */
const ACCOUNT_CLOSED = 12;

function to(state: PaymentState, at: At, effects: ReadonlyArray<Effect>): Step<PaymentState> {
  return { state: change(state, { at }), effects };
}

function stay(state: PaymentState): Step<PaymentState> {
  return { state, effects: [] };
}

function toIdle(state: PaymentState, notice: string): Step<PaymentState> {
  const { policy, language } = state.common;
  const effects: Effect[] = [
    { kind: "accept", on: false },
    { kind: "timer", ms: notice === "" ? 0 : DONE_MS },
  ];
  // The next person begins in the school's own language.
  if (notice === "" && policy && policy.language === "both" && language === "en") effects.push({ kind: "language", language: "ru" });
  return to(state, { kind: "idle", notice }, effects);
}

function collecting(state: PaymentState, step: CollectionStep): Step<PaymentState> {
  if (step.collection) {
    const next = change(state, { collected: step.collection.n });
    return to(next, { kind: "collecting", collection: step.collection }, step.effects);
  }
  const idle = toIdle(state, "");
  return { state: idle.state, effects: step.effects.concat(idle.effects) };
}

function find(state: PaymentState, payee: Payee): Step<PaymentState> {
  if (!state.common.up) return found(state, payee, null);
  const message =
    payee.kind === "card"
      ? ({ kind: "Tap", uid: payee.uid, total: null, sun: null } as const)
      : ({ kind: "FindAccount", number: payee.kind === "number" ? payee.number : asAccount("") } as const);
  return to(state, { kind: "finding", payee }, [
    { kind: "ask", tag: FIND_TAG, message },
    { kind: "timer", ms: 0 },
  ]);
}

/** Without an answer a card, or a number with a good check digit, is taken at its word: the note's owner is settled later. */
function found(state: PaymentState, payee: Payee, result: Result | null): Step<PaymentState> {
  let name = "";
  let account: string = payee.kind === "number" ? payee.number : "";
  let elsewhere = false;
  if (result && result.kind === "Holder" && result.holder === "collector" && payee.kind === "card")
    return collecting(state, beginCollection(payee.uid, result));
  const why = whyNoCash(state);
  if (why !== "") return refused(state, why);
  if (result && (result.kind === "Holder" || result.kind === "Payee")) {
    // A cashier's card has no purse: the note would only lie in suspense.
    if (result.account === "") return refused(state, say(state.common, PAYMENT.noAccount));
    if (result.verdict === ACCOUNT_CLOSED) return refused(state, say(state.common, PAYMENT.accountClosed));
    name = result.name;
    account = result.account;
    elsewhere = result.verdict !== 0;
  } else if (result && result.kind === "Refused" && result.reason === ACCOUNT_CLOSED)
    return refused(state, say(state.common, PAYMENT.accountClosed));
  else if (result) return refused(state, say(state.common, PAYMENT.noAccount));
  else if (payee.kind === "number" && !(account.length === 10 && luhnIsValid(account)))
    return refused(state, say(state.common, PAYMENT.cardOnly));
  const visits = state.visits + 1;
  const visit: Visit = { id: state.common.bootEpoch * 1000 + visits, payee, name, account, notes: [], recovered: false, elsewhere };
  const next = change(state, { visits });
  return to(next, { kind: "purse", visit }, [
    { kind: "beep", tone: "good" },
    { kind: "timer", ms: IDLE_MS },
  ]);
}

function refused(state: PaymentState, notice: string): Step<PaymentState> {
  const step = toIdle(state, notice);
  return { state: step.state, effects: step.effects.concat([{ kind: "beep", tone: "refused" }]) };
}

/** A copy may not look on; money that is in already is the account's, and the visit ends with its paper. */
function suspected(state: PaymentState): Step<PaymentState> {
  const { at } = state;
  const empty = at.kind === "purse" || (at.kind === "notes" && !at.inside && !at.finishing);
  return empty && at.visit.notes.length === 0 ? refused(state, say(state.common, reasonWord(SUSPECT))) : stay(state);
}

function typed(state: PaymentState, digits: string, key: string): Step<PaymentState> {
  if (key === "cancel") return toIdle(state, "");
  if (key === "next") {
    if (digits.length === 10 && !luhnIsValid(digits)) {
      return to(state, { kind: "number", digits, notice: say(state.common, PAYMENT.checkNumber) }, [{ kind: "beep", tone: "refused" }]);
    }
    return digits.length === 0 ? stay(state) : find(state, { kind: "number", number: asAccount(digits) });
  }
  const next =
    key === "back" ? digits.slice(0, Math.max(digits.length - 1, 0)) : key.length === 1 && digits.length < 20 ? digits + key : digits;
  return to(state, { kind: "number", digits: next, notice: "" }, [
    { kind: "beep", tone: "key" },
    { kind: "timer", ms: IDLE_MS },
  ]);
}

function openNotes(state: PaymentState, visit: Visit, purse: Purse): Step<PaymentState> {
  return to(state, { kind: "notes", visit, purse, inside: false, finishing: false, notice: "" }, [
    { kind: "beep", tone: "key" },
    { kind: "accept", on: whyNoCash(state) === "" },
    { kind: "timer", ms: NOTES_MS },
  ]);
}

/** No more notes; a receipt when there is anything to say, after a short wait for the gateway's answers. */
function finish(state: PaymentState, visit: Visit): Step<PaymentState> {
  if (visit.notes.length === 0) return toIdle(state, "");
  const close: Effect = { kind: "accept", on: false };
  if (!state.common.up || allAnswered(visit)) {
    const step = printVisit(state, visit);
    return { state: step.state, effects: ([close] as Effect[]).concat(step.effects) };
  }
  return to(state, { kind: "settling", visit }, [close, { kind: "timer", ms: SETTLE_MS }]);
}

function allAnswered(visit: Visit): boolean {
  for (let i = 0; i < visit.notes.length; i++) if (!visit.notes[i].result) return false;
  return true;
}

function printVisit(state: PaymentState, visit: Visit): Step<PaymentState> {
  return to(state, { kind: "printing", visit }, [
    { kind: "timer", ms: 0 },
    { kind: "print", tag: "visit", paper: paperOf(visitReceipt(state, visit)) },
  ]);
}

function lastN(visit: Visit): number {
  return visit.notes[visit.notes.length - 1].n;
}

/** Durable word of a paper: the next start prints none for these notes. */
function receiptOf(n: number, ok: boolean): Effect {
  return { kind: "submit", tag: "receipt", operation: { kind: "Receipt", of: n, outcome: ok ? "printed" : "failed" } };
}

function printed(state: PaymentState, ok: boolean): Step<PaymentState> {
  if (state.at.kind !== "printing") return stay(state);
  const { visit } = state.at;
  return to(state, { kind: "done", visit, printed: ok }, [
    receiptOf(lastN(visit), ok),
    { kind: "beep", tone: ok ? "good" : "attention" },
    { kind: "timer", ms: ok ? DONE_MS : CODE_MS },
  ]);
}

function pressed(state: PaymentState, key: string): Step<PaymentState> {
  const { at } = state;
  switch (at.kind) {
    case "idle":
      if (key === "collect" && state.common.acceptor === "removed") return collecting(state, beginCollection("", null));
      if (key === "language") {
        const language = state.common.language === "en" ? "ru" : "en";
        return {
          state,
          effects: [
            { kind: "language", language },
            { kind: "timer", ms: IDLE_MS },
          ],
        };
      }
      return key === "number" && whyNoCash(state) === "" ? typed(state, "", "") : stay(state);
    case "number":
      return typed(state, at.digits, key);
    case "purse":
      if (key === "cancel") return toIdle(state, "");
      return key === "main" || key === "additional" ? openNotes(state, at.visit, key) : stay(state);
    case "notes":
      if (key === "done")
        return at.inside ? to(state, change(at, { finishing: true }), [{ kind: "accept", on: false }]) : finish(state, at.visit);
      // The purse of a note that is already inside is settled; the choice is for the next one.
      if ((key === "main" || key === "additional") && !at.inside)
        return to(state, change(at, { purse: key }), [{ kind: "beep", tone: "key" }]);
      return stay(state);
    case "done":
      return key === "done" ? toIdle(state, "") : stay(state);
    default:
      return stay(state);
  }
}

function offered(state: PaymentState, valueKopecks: Kopecks): Step<PaymentState> {
  const { at } = state;
  if (at.kind !== "notes" || at.inside || at.finishing || whyNoCash(state) !== "") return { state, effects: [{ kind: "giveBack" }] };
  return to(state, change(at, { inside: true, notice: say(state.common, PAYMENT.noteInside) }), [
    { kind: "take", payee: at.visit.payee, purse: at.purse, visit: at.visit.id, valueKopecks },
    { kind: "timer", ms: NOTES_MS },
  ]);
}

function noteOf(from: InterruptedNote): Note {
  return { n: from.n, valueKopecks: from.valueKopecks, purse: from.purse, unresolved: from.unresolved, result: null };
}

function taken(state: PaymentState, from: InterruptedNote): Step<PaymentState> {
  const { at } = state;
  if (at.kind !== "notes" || at.visit.id !== from.visit) return recovered(state, [from]);
  const visit = change(at.visit, { notes: at.visit.notes.concat([noteOf(from)]) });
  const next = change(state, {
    at: change(at, { visit, inside: false, notice: from.unresolved ? say(state.common, PAYMENT.noteStuck) : "" }),
  });
  if (from.unresolved) {
    const step = finish(next, visit);
    return { state: step.state, effects: step.effects.concat([{ kind: "beep", tone: "alarm" }]) };
  }
  if (at.finishing) return finish(next, visit);
  return {
    state: next,
    effects: [
      { kind: "beep", tone: "good" },
      { kind: "timer", ms: NOTES_MS },
    ],
  };
}

function returned(state: PaymentState): Step<PaymentState> {
  const { at } = state;
  if (at.kind !== "notes") return stay(state);
  if (at.finishing) return finish(state, at.visit);
  return to(state, change(at, { inside: false, notice: say(state.common, PAYMENT.noteReturned) }), [{ kind: "beep", tone: "refused" }]);
}

/** Notes whose visit ended in a power cut: their paper comes out now, if nobody else stands at the machine. */
function recovered(state: PaymentState, notes: ReadonlyArray<InterruptedNote>): Step<PaymentState> {
  if (notes.length === 0) return stay(state);
  const { payee } = notes[0];
  const visit: Visit = {
    id: notes[0].visit,
    payee,
    name: "",
    account: payee.kind === "number" ? (payee.number as AccountNumber) : "",
    notes: notes.map(noteOf),
    recovered: true,
    elsewhere: false,
  };
  if (state.at.kind === "idle") return printVisit(state, visit);
  return { state, effects: [{ kind: "print", tag: String(lastN(visit)), paper: paperOf(visitReceipt(state, visit)) }] };
}

function withResult(visit: Visit, n: number, result: Result): Visit {
  return change(visit, {
    notes: visit.notes.map(function (note) {
      return note.n === n ? change(note, { result }) : note;
    }),
  });
}

function outcome(state: PaymentState, n: number, result: Result): Step<PaymentState> {
  const { at } = state;
  // The power went between the cassette and its paper.
  if (result.kind === "Collected" && at.kind === "idle" && n !== state.collected)
    return collecting(state, lateCollection(state.common, n, result));
  if (at.kind !== "notes" && at.kind !== "settling") return stay(state);
  const visit = withResult(at.visit, n, result);
  const next = change(state, { at: change(at, { visit }) as At });
  return at.kind === "settling" && allAnswered(visit) ? printVisit(next, visit) : stay(next);
}

function elapsed(state: PaymentState): Step<PaymentState> {
  const { at } = state;
  if (at.kind === "settling") return printVisit(state, at.visit);
  if (at.kind === "notes") return at.inside ? stay(state) : finish(state, at.visit);
  return at.kind === "printing" ? stay(state) : toIdle(state, "");
}

/** Surroundings change under a visit: no paper, a full cassette. What was taken is settled; no further note is let in. */
function surrounded(state: PaymentState, common: Common): Step<PaymentState> {
  const next = change(state, { common });
  if (next.at.kind !== "notes") return stay(next);
  const open = whyNoCash(next) === "" && !next.at.finishing;
  return open === (whyNoCash(state) === "" && !next.at.finishing) ? stay(next) : { state: next, effects: [{ kind: "accept", on: open }] };
}

export function stepPayment(state: PaymentState, input: Input): Step<PaymentState> {
  if (state.at.kind === "collecting" && input.kind !== "offered" && input.kind !== "taken" && input.kind !== "returned") {
    const next = input.kind === "common" ? change(state, { common: input.common }) : state;
    return collecting(next, stepCollection(state.at.collection, next.common, input));
  }
  switch (input.kind) {
    case "key":
      return pressed(state, input.key);
    case "card":
      // A collector comes when the cassette is full and no cash is taken.
      if (state.at.kind !== "idle" || (whyNoCash(state) !== "" && !state.common.up)) return stay(state);
      return find(state, { kind: "card", uid: input.uid as CardUid });
    case "stranger":
      return state.at.kind === "idle" ? refused(state, say(state.common, SHARED.stranger)) : stay(state);
    case "suspect":
      return suspected(state);
    case "answer":
      return state.at.kind === "finding" && input.tag === FIND_TAG ? found(state, state.at.payee, input.result) : stay(state);
    case "offered":
      return offered(state, input.valueKopecks);
    case "taken":
      return taken(state, input.note);
    case "returned":
      return returned(state);
    case "outcome":
      return outcome(state, input.n, input.result);
    case "printed":
      return input.tag === "visit" ? printed(state, input.ok) : { state, effects: [receiptOf(+input.tag, input.ok)] };
    case "timer":
      return elapsed(state);
    case "common":
      return surrounded(state, input.common);
    case "interrupted":
      return recovered(state, input.notes);
    default:
      return stay(state);
  }
}
