/**
 * Cash at the kiosk: rule 1 for a note in the cassette. Always a Fact: the money is swallowed, so the only question is whose it is.
 *
 * What cannot be believed is held, not credited: a stolen terminal key must not mint money. Hence the cassette's capacity, and a bucket that lets notes in
 * no faster than an acceptor can take them.
 */
import { isHeldInBox } from "../../journal/event.js";
import type { EventBody, EventOf, Held } from "../../journal/event.js";
import { isAccountNumber, luhnIsValid } from "../../wire/units.js";
import type { AccountNumber } from "../../wire/units.js";
import { applyChange } from "../fold.js";
import { accountOf, cardOf, terminalOf } from "../presented.js";
import { changeOf, credit, draftOf } from "../purse.js";
import type { Context, Fact, NotePayee } from "../request.js";
import type { Account, School, Terminal } from "../school.js";

export type NoteFact = Extract<Fact, { kind: "NoteStacked" | "NoteUnresolved" }>;

/** The notes a kiosk takes (K3), in kopecks: 10, 50, 100, 500, 1000 roubles. */
export const NOTES: readonly number[] = [1000, 5000, 10000, 50000, 100000];
/** One note per 2 s, and five of them may arrive at once: the network delays, an acceptor does not hurry. */
const NOTE_MS = 2000;
const NOTE_BURST_MS = 10000;

export function recordNote(school: School, fact: NoteFact, context: Context): EventBody[] {
  const { payee, purse, note, visit, happenedMs } = fact;
  const asked = { terminal: context.terminal, payee, purse, note, visit, happenedMs };
  const account = payeeOfNote(school, payee);
  const hold = (why: Held): EventBody[] => [{ kind: "TopUpHeld", ...asked, account: account?.id ?? null, why }];

  const distrust = distrustOf(school, fact, context);
  if (distrust !== null) return hold(distrust);
  if (payee.kind === "none") return hold("no_payee");
  const foreign = foreignNumber(payee, account);
  if (foreign !== null) return [{ kind: "ForeignTopUp", ...asked, number: foreign }];
  if (account === null) return hold("unknown_account");
  if (account.status === "closed") return hold("account_closed");
  const draft = draftOf(account);
  credit(draft, purse, note);
  return [{ kind: "TopUpCredited", ...asked, account: account.id, change: changeOf(draft) }];
}

function payeeOfNote(school: School, payee: NotePayee): Account | null {
  if (payee.kind === "card") return accountOf(school, cardOf(school, payee.uid)?.account ?? null);
  if (payee.kind === "number") return accountOf(school, school.accountByNumber.get(payee.number) ?? null);
  return null;
}

/** The number of an account that lives elsewhere: moved away, or a good number that no account here has. */
function foreignNumber(payee: NotePayee, account: Account | null): AccountNumber | null {
  if (account !== null) return account.status === "moved" ? account.number : null;
  if (payee.kind !== "number" || !isAccountNumber(payee.number)) return null;
  return payee.number.length === 10 && luhnIsValid(payee.number) ? payee.number : null;
}

function distrustOf(school: School, fact: NoteFact, context: Context): Held | null {
  const terminal = terminalOf(school, context);
  if (terminal === null || terminal.terminalKind !== "payment") return "wrong_terminal";
  if (fact.kind === "NoteUnresolved") return "not_proven";
  if (!NOTES.includes(fact.note)) return "not_a_note";
  if (terminal.notes.reduce((count, pile) => count + pile.count, 0) >= terminal.capacity) return "over_capacity";
  if (fact.happenedMs !== null && terminal.notesUntilMs - fact.happenedMs > NOTE_BURST_MS) return "too_fast";
  return null;
}

export function applyTopUpCredited(school: School, body: EventOf<"TopUpCredited">): void {
  applyChange(school, body.change, {});
  stack(school.terminals.get(body.terminal), body);
}

export function applyTopUpHeld(school: School, body: EventOf<"TopUpHeld">): void {
  if (isHeldInBox(body.why)) stack(school.terminals.get(body.terminal), body);
}

export function applyForeignTopUp(school: School, body: EventOf<"ForeignTopUp">): void {
  stack(school.terminals.get(body.terminal), body);
}

function stack(terminal: Terminal | undefined, body: Pick<EventOf<"ForeignTopUp">, "note" | "happenedMs">): void {
  if (!terminal) return;
  const before = terminal.notes.find((pile) => pile.note === body.note)?.count ?? 0;
  const piles = terminal.notes.filter((pile) => pile.note !== body.note).concat({ note: body.note, count: before + 1 });
  terminal.notes = piles.sort((a, b) => a.note - b.note);
  if (body.happenedMs !== null) terminal.notesUntilMs = Math.max(terminal.notesUntilMs, body.happenedMs) + NOTE_MS;
}
