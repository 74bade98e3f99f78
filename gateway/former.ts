/**
 * What a terminal still held when it was enrolled anew or met another gateway: its operations are decided under the incarnation whose name stands on their
 * papers, so no claim code leads nowhere, and what was journalled before is answered as before.
 */
import type { Operation } from "@trapeza/protocol";
import { decideAgain, decideFresh, decideHeld, decideUnreadable, withRehello } from "./deciding.js";
import type { HeardAny, Unreadable } from "./deciding.js";
import { SILENCE, storedAnswer } from "./desk.js";
import type { Desk, Speech } from "./desk.js";
import type { Decision } from "./journal/journal.js";
import type { OperationKey } from "./journal/store.js";
import type { Drains, Session } from "./sessions.js";

/** An operation of the former incarnation. Once the last one has been answered the terminal is asked for the Hello that gives it its new name. */
export function decideFormer(desk: Desk, heard: HeardAny, message: Operation | Unreadable, drains: Drains): Decision<Speech> {
  const { session, counter, digest } = heard;
  const { n } = message;
  const key = { terminal: session.terminal, incarnation: drains.incarnation, n, digest };
  if (n > drains.haveUpTo + 1 || n < 1) return { events: [], conclude: () => ({ ...SILENCE, session, messages: [{ kind: "Rehello" }] }) };
  const isAgain = n <= drains.haveUpTo || desk.journal.answers(key.terminal, key.incarnation, n).length > 0;
  drains.haveUpTo = Math.max(drains.haveUpTo, n);
  const decided = isAgain ? decideAgain(desk, session, counter, message, key) : decideFirstOfFormer(desk, session, counter, message, key);
  return { ...decided, conclude: (places) => withRehello(session, decided.conclude(places)) };
}

/** Whether another gateway has journalled it, this one cannot know: the same note must not be credited twice, so a person compares. */
function decideFirstOfFormer(
  desk: Desk,
  session: Session,
  counter: number,
  message: Operation | Unreadable,
  key: OperationKey,
): Decision<Speech> {
  const isNote = message.kind === "NoteStacked" || message.kind === "NoteUnresolved";
  if (isNote && session.drains?.known === false)
    return decideHeld(desk, session, counter, message, key, `${message.kind} of another gateway's time`);
  desk.fresh.push(key);
  const decided =
    message.kind === "Unreadable"
      ? decideUnreadable(desk, session, counter, message, key)
      : decideFresh(desk, session, counter, message, key);
  return { ...decided, operation: { key, answerIn: storedAnswer } };
}
