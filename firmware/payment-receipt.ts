/** The paper of one visit to the kiosk: what was put in, for whom, and the code by which the school finds it again. */
import type { Note, PaymentState, Visit } from "./payment-state.js";
import { big, boldPair, pair, qr, RULE, text, title } from "./receipt.js";
import type { PaperLine } from "./receipt.js";
import { claimCode, claimQr, formatMoney, formatTime } from "./terminal.js";
import { say } from "./say.js";
import { PAYMENT, SHARED } from "./words.js";
import type { Result } from "./terminal.js";

type Credited = Extract<Result, { readonly kind: "Credited" }>;

function creditOf(note: Note): Credited | null {
  return note.result && note.result.kind === "Credited" ? note.result : null;
}

function head(state: PaymentState, visit: Visit): PaperLine[] {
  const { common } = state;
  const lines: PaperLine[] = [];
  if (common.policy) lines.push(title(common.policy.operator), title(common.policy.school));
  lines.push(
    pair(say(common, SHARED.terminal), String(common.terminal)),
    pair(say(common, PAYMENT.receipt), common.terminal + "-" + visit.id),
    text(formatTime(visit.recovered ? null : common.localMs, say(common, SHARED.timeUnknown))),
    RULE,
  );
  if (visit.recovered) lines.push(text(say(common, PAYMENT.recovered)));
  if (visit.account !== "") lines.push(pair(say(common, SHARED.account), visit.account));
  if (visit.name !== "") lines.push(text(visit.name));
  return lines;
}

/** Balances and repaid debt are for the holder's eyes: only the card that was tapped opens them, never a typed number. */
function afterwards(state: PaymentState, visit: Visit): PaperLine[] {
  const { common } = state;
  const lines: PaperLine[] = [];
  let repaid = 0;
  let last: Credited | null = null;
  let waiting = false;
  let held = false;
  for (let i = 0; i < visit.notes.length; i++) {
    const credit = creditOf(visit.notes[i]);
    if (!credit) waiting = waiting || !visit.notes[i].unresolved;
    else {
      repaid += credit.repaid;
      held = held || credit.held;
      last = credit;
    }
  }
  if (waiting || visit.elsewhere) lines.push(text(say(common, SHARED.later)));
  if (visit.elsewhere) lines.push(text(say(common, PAYMENT.elsewhere)));
  else if (held) lines.push(text(say(common, PAYMENT.held)));
  if (visit.payee.kind !== "card" || !last || !last.balances) return lines;
  if (repaid > 0) lines.push(pair(say(common, PAYMENT.repaid), formatMoney(repaid)));
  lines.push(text(say(common, PAYMENT.balance)), pair(" " + say(common, SHARED.main), formatMoney(last.balances.main)));
  lines.push(pair(" " + say(common, SHARED.additional), formatMoney(last.balances.additional)));
  return lines;
}

/** What the QR code says: the claim and, once the gateway has spoken, where its journal holds the credit. */
function codeFor(state: PaymentState, note: Note): string {
  const credit = creditOf(note);
  return claimQr(state.common, note.n, credit ? credit.proof : null);
}

export function visitReceipt(state: PaymentState, visit: Visit): PaperLine[] {
  const { common } = state;
  const lines = head(state, visit);
  let sum = 0;
  for (let i = 0; i < visit.notes.length; i++) {
    const note = visit.notes[i];
    const purse = note.purse === "main" ? say(common, SHARED.main) : say(common, SHARED.additional);
    lines.push(pair(say(common, PAYMENT.note) + ", " + purse, formatMoney(note.valueKopecks)));
    if (note.unresolved) lines.push(text(" " + say(common, PAYMENT.unresolved)));
    else sum += note.valueKopecks;
  }
  lines.push(boldPair(say(common, SHARED.total) + ", " + say(common, SHARED.roubles), formatMoney(sum)));
  const more = afterwards(state, visit);
  for (let i = 0; i < more.length; i++) lines.push(more[i]);
  const note = visit.notes[visit.notes.length - 1];
  lines.push(RULE, text(say(common, SHARED.claimCode)), big(claimCode(common, note.n)));
  lines.push(qr(codeFor(state, note)));
  if (common.policy && common.policy.claimPhone !== "") lines.push(text(say(common, PAYMENT.phone) + ": " + common.policy.claimPhone));
  return lines;
}
