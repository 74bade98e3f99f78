/** The card reader's place in the runner: cards become inputs, and the ticket of a card goes on beside what the screen does. */
import type { Up } from "@trapeza/protocol/chip";
import { stepCard } from "./card.js";
import type { CardInput } from "./card.js";
import { carry, createReader, startReader } from "./devices/pn532.js";
import { ask } from "./link.js";
import { post } from "./runner.js";
import type { Runner } from "./runner.js";
import { sendStatus, tell } from "./surroundings.js";
import { change } from "./terminal.js";
import type { Result } from "./terminal.js";

const TAG = "ticket";

export function openReader<S>(runner: Runner<S>): void {
  const { board } = runner;
  runner.cardReader = createReader(board.reader, board.clock, {
    onCard: function (uid, sun) {
      runner.tapped = uid;
      runner.sun = sun;
      post(runner, { kind: "card", uid });
    },
    onGone: function () {
      // Nothing can be read or written any more, and the key was for this tap.
      runner.ticket = null;
    },
    onStranger: function () {
      post(runner, { kind: "stranger" });
    },
    onHealth: function (health) {
      runner.reader = health;
      tell(runner, { reader: health });
      sendStatus(runner);
    },
  });
  startReader(runner.cardReader);
}

/** A question as a step asks it, with what the card itself had to say. */
export function vouched<S>(runner: Runner<S>, message: Up): Up {
  return message.kind === "Tap" && runner.sun && message.uid === runner.tapped ? change(message, { sun: runner.sun }) : message;
}

/** Looks whether an answer begins or continues a ticket; `true` when nobody else need hear it. */
export function overheard<S>(runner: Runner<S>, tag: string, result: Result | null): boolean {
  if (tag.slice(0, TAG.length) === TAG) {
    // An answer for the card before this one is nobody's.
    if (runner.ticket && tag === TAG + runner.ticket.handle) deal(runner, { kind: "told", result });
    return true;
  }
  if (result && result.kind === "Holder" && result.ticketKey)
    deal(runner, { kind: "holder", uid: runner.tapped, handle: result.handle, key: result.ticketKey });
  return false;
}

function deal<S>(runner: Runner<S>, input: CardInput): void {
  const { ticket, requests, message, suspect } = stepCard(runner.ticket, input);
  const { handle } = runner.ticket || { handle: 0 };
  runner.ticket = ticket;
  if (message && runner.link) ask(runner.link, TAG + handle, message);
  if (suspect) post(runner, { kind: "suspect" });
  if (!requests || !ticket || !runner.cardReader) return;
  carry(runner.cardReader, ticket.uid, requests, ticket.write === null, function (status, answers) {
    // From the idle loop: the driver calls from its own depth.
    runner.board.clock.after(0, function () {
      if (runner.ticket === ticket) deal(runner, { kind: "carried", status, answers });
    });
  });
}
