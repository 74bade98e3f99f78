/**
 * A card is held to a reader: who it is, whether it can prove that, and what it must show next time. What is remembered of a card is durable before
 * anybody hears of it, so that no ticket is issued twice.
 */
import { recordFact } from "@trapeza/protocol";
import type { CardUid, EventBody, Payer, Reason, Result, Ticket, Up } from "@trapeza/protocol";
import type { Tap } from "./cards.js";
import { replyIn } from "./desk.js";
import type { Desk, Speech } from "./desk.js";
import { contextOf, draft } from "./drafting.js";
import type { Decision } from "./journal/journal.js";
import type { CardRow } from "./journal/store.js";
import { tapAnswer } from "./questions.js";
import { refusal } from "./replies.js";
import type { Session } from "./sessions.js";
import { confirmTicket, judgeTicket, newestOf } from "./ticket.js";
import type { Place } from "./ticket.js";

type TapMessage = Extract<Up, { kind: "Tap" }>;
type TicketMessage = Extract<Up, { kind: "Ticket" }>;

/** A terminal asks a question three times within this; the same message after that is somebody else's. */
const SAME_QUESTION_MS = 5000;

/** Who holds a card. A message that was heard before, of another card or of nobody refuses it; a copy that was found out may still be paid from by face. */
export function decideTap(desk: Desk, session: Session, counter: number, message: TapMessage): Decision<Speech> {
  const { school, handles, cards, clock } = desk;
  const { terminal } = session;
  const { uid, total, sun } = message;
  const proof = proofOf(desk, uid, sun, { terminal, atMs: clock.nowMs() });
  if (proof.row) cards.remember(proof.row);
  const context = contextOf(desk, terminal, proof.found);
  if (school.cards.has(uid)) cards.show(uid, school.date, { terminal, atMs: context.atMs });
  const found = tapAnswer(school, handles, uid, total, context);
  const suspect = school.cards.get(uid)?.suspect === true;
  const key = found.kind === "Holder" && !suspect && !sun ? cards.ticketKeyFor(uid, school.date) : null;
  if (found.kind === "Holder" && key) cards.begin(found.handle, terminal, uid, context.atMs);
  const result: Result = found.kind === "Holder" ? { ...found, ticketKey: key, suspect } : found;
  return { events: [], conclude: () => replyIn(session, counter, result), ...(proof.row ? { card: proof.row } : {}) };
}

interface Proof {
  readonly found: readonly Reason[];
  readonly row: CardRow | null;
}

const nothing = (...found: Reason[]): Proof => ({ found, row: null });

/** What a card's own message proves. One of another school proves nothing, and a card that has never proved anything need not begin now. */
function proofOf({ cards }: Desk, uid: CardUid, sun: Uint8Array | null, place: Place): Proof {
  const row = cards.rowOf(uid);
  const proves = row?.kind === "sun";
  if (!sun) return proves ? nothing("card_unreadable") : nothing();
  const verdict = cards.keys.verify(sun);
  if (!verdict.ok) return verdict.reason === "foreign" && !proves ? nothing() : nothing("card_suspect");
  if (verdict.uid !== uid) return nothing("card_suspect");
  const { counter } = verdict;
  if (row && proves && counter <= row.seen.counter) {
    const again = counter === row.seen.counter && row.terminal === place.terminal && place.atMs - row.atMs <= SAME_QUESTION_MS;
    return again ? nothing() : nothing("card_suspect");
  }
  const reading = { epoch: 0, counter };
  return { found: [], row: { uid, kind: "sun", seen: reading, issued: reading, ...place } };
}

/** What a terminal read from a card, wrote to it, or could not open. */
export function decideTicket(desk: Desk, session: Session, counter: number, message: TicketMessage): Decision<Speech> {
  const { cards, clock, school } = desk;
  const tap = cards.tapOf(message.handle, session.terminal, clock.nowMs());
  const say = (result: Result): Decision<Speech> => ({ events: [], conclude: () => replyIn(session, counter, result) });
  if (!tap) return say(refusal("stale_session"));
  const question = message.what + ":" + message.challenge;
  const said = tap.said.get(question);
  if (said) return say(said);
  const came = resultOf(desk, tap, message);
  if (came.locked && cards.lock(tap.uid, school.date))
    desk.log.warn({ terminal: tap.terminal }, "a card has refused its key three times today");
  if (came.row) cards.remember(came.row);
  tap.said.set(question, came.result);
  const context = contextOf(desk, session.terminal);
  return { ...say(came.result), events: draft(desk, came.bodies, context), ...(came.row ? { card: came.row } : {}) };
}

/** What a question comes to: a word to the terminal, what is remembered, and what is history. */
interface Came {
  readonly result: Result;
  readonly row: CardRow | null;
  readonly bodies: readonly EventBody[];
  readonly locked: boolean;
}

function told(verdict: "good" | "reread" | "suspect", challenge: number, fields: Partial<Came> = {}): Came {
  const result: Result = { kind: "Ticket", verdict, challenge, second: false, write: null };
  return { result, row: null, bodies: [], locked: false, ...fields };
}

function resultOf(desk: Desk, tap: Tap, message: TicketMessage): Came {
  const { cards, clock } = desk;
  const { challenge, what } = message;
  const { uid, terminal } = tap;
  const row = cards.rowOf(uid);
  const place = { terminal, atMs: clock.nowMs() };
  if (what === "written") return told("good", challenge, { row: row && tap.given && confirmTicket(row, tap.given, place) });
  const [first, second] = [message.first, message.second].map((block) => block && cards.keys.open(uid, block));
  const newest = newestOf(first, second);
  // Nothing that could be held against anybody: a card from before tickets, one of another school, or one that both its blocks were taken from.
  if (what === "locked" || !newest) return told("good", challenge, { locked: true });
  const judged = judgeTicket(uid, row, newest.ticket, desk.journal.epoch, place);
  if (judged.kind === "stale") return staleOf(desk, tap, message, row);
  if (judged.forgotten) desk.log.warn({ terminal }, "a card shows a ticket that this gateway does not remember issuing");
  tap.given = judged.row.issued;
  return told("good", challenge, { row: judged.row, result: writing(desk, uid, judged.row.issued, !newest.inSecond, challenge) });
}

function writing({ cards }: Desk, uid: CardUid, ticket: Ticket, second: boolean, challenge: number): Result {
  return { kind: "Ticket", verdict: "good", challenge, second, write: cards.keys.seal(uid, ticket) };
}

/**
 * A ticket that the card has left behind. A frame that came late says that too, and so does a block that was not read, so the terminal must read both
 * once more, under a challenge; a card that is not there any more is not convicted.
 */
function staleOf(desk: Desk, tap: Tap, message: TicketMessage, row: CardRow | null): Came {
  const { school, clock, random } = desk;
  const isAnswer = tap.challenge !== 0 && message.challenge === tap.challenge;
  if (!isAnswer || !message.first || !message.second || !row) {
    tap.challenge = random(4).reduce((value, byte) => value * 256 + byte, 0) || 1;
    return told("reread", tap.challenge);
  }
  const { uid } = tap;
  if (school.cards.get(uid)?.suspect !== false) return told("suspect", message.challenge);
  desk.log.warn({ terminal: tap.terminal, otherTerminal: row.terminal }, "two cards with the same bytes");
  const fact = { kind: "CardSuspected" as const, uid, otherTerminal: row.terminal as never, otherAtMs: row.atMs };
  const context = { ...contextOf(desk, tap.terminal), atMs: clock.nowMs() };
  // Who is to be believed is for the office to say: the card that it lets go again is then taken at its word, once.
  const open = { ...row, seen: { epoch: 0, counter: 0 } };
  return told("suspect", message.challenge, { row: open, bodies: recordFact(school, fact, context) });
}

/** Who pays with a card that was found out: the pupil whose face the cashier has looked at, as if the card had been left at home. The parent is told. */
export function byFace({ school }: Desk, payer: Payer | null): Payer | null {
  const card = payer?.by === "card" ? school.cards.get(payer.uid) : undefined;
  return card?.suspect === true && card.account !== null ? { by: "list", account: card.account } : payer;
}
