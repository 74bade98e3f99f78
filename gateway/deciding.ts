/**
 * From what was heard to a decision: events drafted and folded into memory, and what to say once they are durable. Nothing here does I/O; what it changes in
 * memory is thrown away with the process when the commit fails.
 */
import {
  accountOfPayer,
  decide,
  decideDirective,
  decode,
  equalBytes,
  fromByteText,
  isFact,
  recordFact,
  resultSchema,
  RULES_VERSION,
} from "@trapeza/protocol";
import type {
  BusinessDate,
  CardUid,
  Directive,
  Down,
  EventBody,
  Fact,
  Operation,
  Proof,
  Result,
  TreeEdge,
  Up,
  When,
} from "@trapeza/protocol";
import { codeDigest, withCode } from "./access-code.js";
import { newsFor } from "./announcing.js";
import { byFace, decideTap, decideTicket } from "./card-desk.js";
import { counterAnswer } from "./counter.js";
import { replyIn, SILENCE, storedAnswer } from "./desk.js";
import type { Desk, Speech } from "./desk.js";
import { contextOf, draft } from "./drafting.js";
import { decideSalvaged, inheritedAnswer, isInheritedRefusal } from "./earlier.js";
import type { Decision } from "./journal/journal.js";
import type { OperationKey, TerminalRow } from "./journal/store.js";
import { decideList } from "./listing.js";
import { payeeAnswer } from "./questions.js";
import { refusal, resultFor } from "./replies.js";
import { chunkFor } from "./releases/offer.js";
import { askFor } from "./requests.js";
import { isPutOff, mayAsk } from "./rights.js";
import type { Heard, Session } from "./sessions.js";
import { todayAnswer } from "./today.js";
import { payerOfFormer } from "./unproven.js";

type HeardMessage = Extract<Heard, { kind: "message" }>;
type HeardMalformed = Extract<Heard, { kind: "malformed" }>;
export type HeardAny = HeardMessage | HeardMalformed;

/** An operation of which only the number can be read. It is refused and takes its number, or nothing of that terminal would ever be heard again. */
export interface Unreadable {
  readonly kind: "Unreadable";
  readonly n: number;
  readonly what: string;
}

export function unreadable({ offset, what }: HeardMalformed, n: number): Unreadable {
  return { kind: "Unreadable", n, what: `operation ${n} is malformed at byte ${offset}: ${what}` };
}

/** A refused OpenDay is asked again after this long, not at every frame. */
const DAY_RETRY_MS = 60000;

/** The first event of an epoch. */
export function decideStart(desk: Desk): Decision<Speech> {
  const { schoolNumber: school, journal, publicKey: key } = desk;
  const previous = desk.inheritance?.previous ?? null;
  const body: EventBody = { kind: "GatewayStarted", school, epoch: journal.epoch, key, previous, rulesVersion: RULES_VERSION };
  return { events: draft(desk, [body], contextOf(desk, 0)), conclude: () => SILENCE };
}

/** Opens the business date when the clock has gone past midnight; the rules may want a person for it. */
export function decideDay(desk: Desk, uid: CardUid | null = null): Decision<Speech>[] {
  const { clock, school } = desk;
  const nowMs = clock.nowMs();
  const today = Math.floor((Math.floor(nowMs / 60000) + school.policy.zoneMinutes) / 1440) as BusinessDate;
  if (clock.state() === "unknown" || today <= school.date) return [];
  if (uid === null && nowMs - desk.dayAskedMs < DAY_RETRY_MS) return [];
  // Before the first SetSchool nobody knows the school's zone, and so not its date.
  if (school.policyVersion === 0) return [];
  desk.dayAskedMs = nowMs;
  const context = contextOf(desk, 0);
  const decided = decide(school, { kind: "OpenDay", date: today, uid, online: desk.online() }, context);
  if (decided.kind === "refused")
    desk.log.warn({ date: today, reason: decided.reason }, "the day was not opened: a supervisor must say it");
  else desk.dayAskedMs = Number.NEGATIVE_INFINITY;
  return [{ events: draft(desk, decided.bodies, context), conclude: () => SILENCE }];
}

/**
 * A supervisor who shows a card at any terminal is the person that a long jump wants: after a weekend without power and internet there is nobody else to
 * say that it is Monday, and on Friday's date everybody has eaten.
 */
export function decideDayBy(desk: Desk, heard: Heard): Decision<Speech>[] {
  if (heard.kind !== "message" || heard.message.kind !== "Tap") return [];
  const { uid } = heard.message;
  return desk.school.cards.get(uid)?.holder === "supervisor" ? decideDay(desk, uid) : [];
}

/** A school's first day is opened as soon as its time zone is known, so that no directive after SetSchool is dated before all days. */
export function decideDirectives(desk: Desk, directives: readonly Directive[], edge: TreeEdge): Decision<Speech>[] {
  return directives.flatMap((directive, i) => {
    const last = i === directives.length - 1 ? { directives: edge } : {};
    const decided = directive.kind === "Salvaged" ? decideSalvaged(desk, directive) : decideOrder(desk, directive);
    return [{ ...decided, ...last }, ...(desk.school.date === 0 ? decideDay(desk) : [])];
  });
}

function decideOrder(desk: Desk, directive: Directive): Decision<Speech> {
  const context = contextOf(desk, 0);
  const bodies = decideDirective(desk.school, desk.school.directives + 1, directive, context);
  return { events: draft(desk, bodies, context), conclude: () => SILENCE };
}

/** The terminal's head after a message: the first one of a session confirms the Hello that began it. */
function confirmed(desk: Desk, heard: HeardAny): TerminalRow | undefined {
  const { session } = heard;
  const row = desk.rows.get(session.terminal);
  if (!row || !heard.confirms || session.suspect || session.drains) return undefined;
  const { bootEpoch, k } = session.hello;
  const next = { ...row, bootEpoch, k, resumeIndex: row.resumeIndex + 1 };
  desk.rows.set(session.terminal, next);
  return next;
}

/** Answers what takes no number; `null` for a body that could not be decoded. */
export function decideQuestion(desk: Desk, heard: HeardAny, message: Up | null): Decision<Speech> {
  const head = confirmed(desk, heard);
  const terminal = head ? { terminal: head } : {};
  if (message && (!mayAsk(desk.school, heard.session.terminal, message.kind) || isPutOff(desk.disk?.mood, heard.session, message.kind)))
    return { events: [], conclude: () => replyIn(heard.session, heard.counter, refusal("out_of_service")), ...terminal };
  if (message?.kind === "Tap") return { ...decideTap(desk, heard.session, heard.counter, message), ...terminal };
  if (message?.kind === "Ticket") return { ...decideTicket(desk, heard.session, heard.counter, message), ...terminal };
  if (message?.kind === "ClassList")
    return { ...decideList(desk, heard.session, heard.counter, message, contextOf(desk, heard.session.terminal)), ...terminal };
  const said = answerQuestion(desk, heard.session, heard.counter, message);
  return { events: [], conclude: () => said, ...terminal };
}

export function answerQuestion(desk: Desk, session: Session, counter: number, message: Up | null): Speech {
  const { school, log } = desk;
  const context = contextOf(desk, session.terminal);
  const reply = (result: Result): Speech => replyIn(session, counter, result);
  switch (message?.kind) {
    case undefined:
      return reply(refusal("malformed"));
    case "FindAccount":
      return reply(payeeAnswer(school, message.number));
    case "Browse":
    case "Identify":
    case "FindReceipt":
    case "ShiftReport":
    case "PhotoRequest":
      return reply(counterAnswer(desk, message, context));
    case "Today":
      return reply(todayAnswer(school, message, context));
    case "MenuRequest": {
      session.told.menu = -1;
      const news: Down[] = newsFor(desk, session);
      return { session, handshake: null, messages: [...news, { kind: "Reply", re: counter, result: { kind: "Recorded" } }], stored: null };
    }
    case "Status":
      log.info({ terminal: session.terminal, ...message }, "terminal status");
      return withRehello(session, reply({ kind: "Recorded" }));
    case "ChunkRequest": {
      const wanted = desk.wanted?.(session.terminal, session.hello) ?? null;
      return { session, handshake: null, messages: chunkFor(message, session.told, wanted, desk.clock.nowMs()), stored: null };
    }
    case "Log":
      log.info({ terminal: session.terminal, text: fromByteText(message.text) }, "terminal says");
      return reply({ kind: "Recorded" });
    default:
      return reply(refusal("malformed"));
  }
}

/** Decides an operation once: the next number is decided, an older one is answered as before, a gap is not touched. */
export function decideOperation(desk: Desk, heard: HeardAny, message: Operation | Unreadable): Decision<Speech> {
  const { session, counter, digest } = heard;
  const head = confirmed(desk, heard);
  const withHead = (decision: Decision<Speech>): Decision<Speech> => (head ? { terminal: head, ...decision } : decision);
  const row = desk.rows.get(session.terminal);
  const key = { terminal: session.terminal, incarnation: row?.incarnation ?? 0, n: message.n, digest };
  if (!row || session.suspect || desk.retired) {
    // A fact is not refused and not taken either: it stays in the terminal until somebody has looked at the machine.
    const said =
      message.kind !== "Unreadable" && isSettled(session, message) ? SILENCE : replyIn(session, counter, refusal("out_of_service"));
    return withHead({ events: [], conclude: () => said });
  }
  if (message.n > row.haveUpTo + 1 || message.n < 1) {
    desk.log.warn({ terminal: session.terminal, n: message.n, expected: row.haveUpTo + 1 }, "gap in operation numbers");
    return withHead({ events: [], conclude: () => ({ ...SILENCE, session, messages: [{ kind: "Rehello" }] }) });
  }
  if (message.n <= row.haveUpTo) return withHead(decideAgain(desk, session, counter, message, key));
  const next = { ...row, haveUpTo: message.n };
  desk.rows.set(session.terminal, next);
  const isKnown = desk.journal.answers(key.terminal, key.incarnation, key.n).some((one) => equalBytes(one.digest, digest));
  if (isKnown || inheritedAnswer(desk, message, key)) {
    // Salvaged before its terminal came to it: it hears what came of it, and its numbers go on.
    const again = decideAgain(desk, session, counter, message, key);
    return { ...again, operation: { key, answerIn: storedAnswer }, terminal: next };
  }
  desk.fresh.push(key);
  const decided =
    message.kind === "Unreadable"
      ? decideUnreadable(desk, session, counter, message, key)
      : isPutOff(desk.disk?.mood, session, message.kind) && !isSettled(session, message)
        ? { events: [], conclude: () => replyIn(session, counter, refusal("out_of_service")) }
        : decideFresh(desk, session, counter, message, key);
  return { ...decided, operation: { key, answerIn: storedAnswer }, terminal: next };
}

/** All of the former incarnation has been said: asks for a Hello, again with every Status, because a terminal that has just said one does not listen. */
export function withRehello(session: Session, said: Speech): Speech {
  const { drains, hello } = session;
  if (!drains || drains.haveUpTo < hello.lastN) return said;
  return { ...said, messages: [...said.messages, { kind: "Rehello" }] };
}

export function decideUnreadable(desk: Desk, session: Session, counter: number, { what }: Unreadable, key: OperationKey): Decision<Speech> {
  desk.log.warn({ terminal: key.terminal, what }, "an operation cannot be read");
  const context = contextOf(desk, session.terminal);
  const events = draft(desk, recordFact(desk.school, { kind: "TerminalFault", what }, context), context, key);
  return { events, conclude: () => replyIn(session, counter, refusal("malformed")) };
}

export function decideFresh(desk: Desk, session: Session, counter: number, message: Operation, key: OperationKey): Decision<Speech> {
  const asked = askFor(message, {
    takeHandle: (handle) => byFace(desk, desk.handles.take(session.terminal, handle, desk.clock.nowMs())),
    admitted: (list) => desk.admissions.idsOf({ ...list, terminal: session.terminal }),
    momentOf: (when) => momentOf(desk, session, message.n, when),
    formerPayer: (sale) => payerOfFormer(desk, session, sale, key),
    accountOf: (payer) => accountOfPayer(desk.school, payer),
    before: isBefore(session, message),
    code: () => codeDigest(desk.schoolSecret, key),
  });
  const isWaiting = message.kind === "Sale" && !isBefore(session, message) && desk.recovery.waitingFor(desk.clock.nowMs()).length > 0;
  const context = contextOf(desk, session.terminal, [...(asked.kind === "request" ? asked.found : []), ...(isWaiting ? WAITING : [])]);
  const decided =
    asked.kind === "request"
      ? decide(desk.school, asked.request, context)
      : { kind: "accepted" as const, bodies: recordFact(desk.school, asked.fact, context), refused: [] };
  const events = draft(desk, decided.bodies, context, key);
  const conclude = (places: readonly Proof[]): Speech => {
    if (decided.kind === "refused") return replyIn(session, counter, refusal(decided.reason));
    const outcome = { bodies: decided.bodies, refused: decided.refused, places, atMs: context.atMs, terminal: session.terminal };
    return withCode(desk.schoolSecret, key, replyIn(session, counter, resultFor(desk.school, message, outcome)));
  };
  return { events, conclude };
}

/** A sale that must wait for what is still unsaid in other terminals. */
const WAITING = ["out_of_service"] as const;

/** What the terminal stored before this session began: nobody can say what it told the person who stood there. */
function isBefore(session: Session, message: Operation): boolean {
  return message.n <= session.hello.lastN;
}

/** What may only be recorded: cash from before this session lies in the drawer, and its paper is in somebody's hand. */
function isSettled(session: Session, message: Operation): boolean {
  return isFact(message.kind) || (message.kind === "CashSale" && isBefore(session, message));
}

/** The answer that this very question has got before, `null` when it has not been asked. */
export function repeated(desk: Desk, session: Session, counter: number, key: OperationKey): Decision<Speech> | null {
  if (!answeredUnder(desk, key).some((row) => equalBytes(row.digest, key.digest))) return null;
  // Looked up when the batch is being written: the first asking may stand in this very batch.
  return { events: [], conclude: () => withCode(desk.schoolSecret, key, replyIn(session, counter, answerOf(desk, key))) };
}

/** What has been answered under this number, in this batch too. */
function answeredUnder({ journal, fresh }: Desk, { terminal, incarnation, n }: OperationKey): OperationKey[] {
  return [...journal.answers(terminal, incarnation, n), ...fresh.filter((one) => one.terminal === terminal && one.n === n)];
}

/** The same question again, or another one under its number. */
export function decideAgain(
  desk: Desk,
  session: Session,
  counter: number,
  message: Operation | Unreadable,
  key: OperationKey,
): Decision<Speech> {
  const known = repeated(desk, session, counter, key);
  if (known) return known;
  const { terminal, n } = key;
  const isFree = answeredUnder(desk, key).length === 0;
  const inherited = isFree ? inheritedAnswer(desk, message, key) : null;
  if (inherited) return { events: [], conclude: () => withCode(desk.schoolSecret, key, replyIn(session, counter, inherited)) };
  if (isFree && isInheritedRefusal(desk, key) && !isFact(message.kind as Operation["kind"]))
    return { events: [], conclude: () => replyIn(session, counter, refusal("stale_session")) };
  desk.log.warn({ terminal, n, kind: message.kind }, "another request under a number already used");
  if (message.kind === "Unreadable" || !isSettled(session, message))
    return { events: [], conclude: () => replyIn(session, counter, refusal("operation_conflict")) };
  return decideHeld(desk, session, counter, message, key, `${message.kind} under a number already used`);
}

/** A fact that cannot be taken for what it says: its money goes to suspense, a person is told. Its events carry no operation id, for that one may be taken. */
export function decideHeld(
  desk: Desk,
  session: Session,
  counter: number,
  message: Operation,
  key: OperationKey,
  what: string,
): Decision<Speech> {
  const context = contextOf(desk, session.terminal);
  const text = `terminal ${key.terminal}, incarnation ${key.incarnation}, operation ${key.n}: ${what}${payeeWords(message)}`;
  const facts: Fact[] = [{ kind: "OperationConflict", text }];
  if (message.kind === "NoteStacked" || message.kind === "NoteUnresolved") {
    const { kind, purse, note, visit } = message;
    facts.unshift({ kind, payee: { kind: "none" }, purse, note, visit, happenedMs: null });
  }
  const events = facts.flatMap((fact) => draft(desk, recordFact(desk.school, fact, context), context));
  desk.fresh.push(key);
  const conclude = (places: readonly Proof[]): Speech => {
    const outcome = { bodies: events.map((event) => event.body), refused: [], places, atMs: context.atMs, terminal: session.terminal };
    return replyIn(session, counter, resultFor(desk.school, message, outcome));
  };
  return { events, conclude, operation: { key, answerIn: storedAnswer } };
}

/** Whose a note was meant to be, for the person who settles it. */
function payeeWords(message: Operation): string {
  if (message.kind !== "NoteStacked" && message.kind !== "NoteUnresolved") return "";
  const { payee } = message;
  return payee.kind === "card" ? `, for card ${payee.uid}` : payee.kind === "number" ? `, for account ${payee.number}` : "";
}

function answerOf(desk: Desk, key: OperationKey): Result {
  const row = desk.journal.answers(key.terminal, key.incarnation, key.n).find((answer) => equalBytes(answer.digest, key.digest));
  const result = row && decode(resultSchema, row.answer);
  if (!result || !result.ok) throw new Error(`the stored answer to operation ${key.n} of terminal ${key.terminal} cannot be read`);
  return result.value;
}

/**
 * A terminal dates things by the last Time or Welcome that it heard. Only for what happened in this very session can that be turned into a moment; what was
 * stored before it (its number is not above the Hello's) happened at a time that nobody knows.
 */
function momentOf(desk: Desk, session: Session, n: number, when: When): number | null {
  const moment = session.told.atMs + when.sinceMs;
  return when.known && n > session.hello.lastN && moment <= desk.clock.nowMs() ? moment : null;
}
