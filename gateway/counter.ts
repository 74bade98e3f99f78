/** What a cashier looks up at the till without changing anything: who forgot a card, what a receipt sold, how the shift stands, a face. */
import { accountOfPayer, browseRefusal, findSale, rosterOf } from "@trapeza/protocol";
import type { Context, Payer, Result, School, Up, Portrait } from "@trapeza/protocol";
import type { Handles } from "./handles.js";
import { identifyAnswer, nameInClass } from "./questions.js";
import { refusal, shiftSoFar, shown } from "./replies.js";

type Looked = Extract<Up, { readonly kind: "Browse" | "Identify" | "FindReceipt" | "ShiftReport" | "PhotoRequest" }>;
interface Behind {
  readonly school: School;
  readonly handles: Handles;
  readonly portraitOf?: ((number: string) => Portrait | null) | undefined;
}

export function counterAnswer({ school, handles, portraitOf }: Behind, message: Looked, context: Context): Result {
  switch (message.kind) {
    case "Browse":
      return browseAnswer(school, message.class, context);
    case "Identify":
      return identifyAnswer(school, handles, message.id, message.total, context);
    case "FindReceipt":
      return receiptAnswer(school, message.receipt, context);
    case "ShiftReport":
      return shiftAnswer(school, context);
    case "PhotoRequest":
      return photoAnswer(school, handles.look(context.terminal, message.handle, context.atMs), message.row, portraitOf ?? (() => null));
  }
}

/** More classes and pupils than a message holds: the last ones are served by card only. */
const MOST_CLASSES = 120;
const MOST_PUPILS = 64;

/** The classes for 0, otherwise the pupils of one class. */
function browseAnswer(school: School, classId: number, context: Context): Result {
  const reason = browseRefusal(school, context);
  if (reason !== null) return refusal(reason);
  const found = rosterOf(school, classId);
  const pupils = found.slice(0, MOST_PUPILS).map(({ id, name }) => ({ id, name: nameInClass(name, found) }));
  if (classId > 0) return { kind: "Pupils", pupils: named(pupils, 48) };
  return { kind: "Classes", classes: named(found.slice(0, MOST_CLASSES), 16) };
}

function named(found: readonly { readonly id: number; readonly name: string }[], width: number) {
  return found.map(({ id, name }) => ({ id, name: shown(name, width) }));
}

/** A receipt by its number, as far as it can still be voided. */
function receiptAnswer(school: School, receipt: number, context: Context): Result {
  const found = findSale(school, receipt, context);
  if (found.kind === "refused") return refusal(found.reason);
  const { sale, supervisor } = found;
  const lines = sale.lines.map(({ name, price, quantity, voided }) => ({ name: shown(name, 64), price, quantity, voided }));
  return { kind: "SoldBefore", receipt, date: sale.date, cash: sale.account === null, supervisor, lines };
}

/** The X report. */
function shiftAnswer(school: School, context: Context): Result {
  const shift = school.terminals.get(context.terminal)?.shift;
  return shift ? shiftSoFar(shift, shift.float, context.atMs) : refusal("shift_closed");
}

/** Rows in one answer: a frame's worth. */
const PHOTO_BYTES = 450;

/** As many rows from `row` on as fit; a width of 0 when there is no portrait, or nobody behind the handle any more. */
function photoAnswer(school: School, payer: Payer | null, row: number, portraitOf: (number: string) => Portrait | null): Result {
  const account = school.accounts.get((payer && accountOfPayer(school, payer)) ?? -1);
  const portrait = account ? portraitOf(account.number) : null;
  if (!portrait) return { kind: "Photo", width: 0, height: 0, row: 0, rows: new Uint8Array(0) };
  const { width, height, rows } = portrait;
  const stride = (width + 1) >> 1;
  const count = Math.max(Math.min(Math.floor(PHOTO_BYTES / stride), height - row), 0);
  return { kind: "Photo", width, height, row, rows: rows.slice(row * stride, (row + count) * stride) };
}
