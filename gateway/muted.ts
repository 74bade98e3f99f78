/**
 * What may be said while nothing can be written. A Reply to an operation is final: the terminal marks its number as answered. So an operation hears its
 * stored answer or nothing, and stays in the terminal; a refusal would be believed there and the operation decided all the same when it comes again. A
 * question has no number: to refuse it promises nothing, and without a good tap no sale can begin.
 */
import type { Up } from "@trapeza/protocol";
import { answerQuestion, repeated } from "./deciding.js";
import type { HeardAny } from "./deciding.js";
import { replyIn, SILENCE } from "./desk.js";
import type { Desk, Speech } from "./desk.js";
import { standingOf, welcomed } from "./greeting.js";
import type { Decision } from "./journal/journal.js";
import { refusal } from "./replies.js";
import type { Heard } from "./sessions.js";
import type { TerminalId } from "@trapeza/protocol";

const silence: Decision<Speech> = { events: [], conclude: () => SILENCE };

/** Nothing hangs on these and nothing is kept of them. */
const HARMLESS: readonly Up["kind"][] = ["Status", "Log", "MenuRequest", "ChunkRequest", "PhotoRequest"];

/** A decision that writes nothing. */
export function decideMuted(
  desk: Desk,
  terminal: TerminalId,
  heard: Extract<Heard, { kind: "hello" | "message" | "malformed" }>,
): Decision<Speech> {
  if (heard.kind === "hello") return decideMutedHello(desk, terminal, heard);
  const { session } = heard;
  if (session.suspect || session.drains) return silence;
  if (heard.kind === "malformed") return heard.n === null ? refuse(heard) : again(desk, heard, heard.n);
  const { message } = heard;
  if ("n" in message) return again(desk, heard, message.n);
  if (HARMLESS.includes(message.kind)) {
    const said = answerQuestion(desk, session, heard.counter, message);
    return { events: [], conclude: () => said };
  }
  // A wall that hears nothing works on from the list that it keeps: the class eats, and what its teacher confirms comes later.
  return session.hello.terminalKind === "information" ? silence : refuse(heard);
}

function decideMutedHello(desk: Desk, terminal: TerminalId, heard: Extract<Heard, { kind: "hello" }>): Decision<Speech> {
  const standing = standingOf(desk, terminal, heard.hello);
  // Whoever would get a new name, or has to be told one, waits: a name is written down before it is given.
  return standing.kind === "known" ? welcomed(desk, heard, standing.row, { suspect: false, drains: null }) : silence;
}

function refuse({ session, counter }: HeardAny): Decision<Speech> {
  return { events: [], conclude: () => replyIn(session, counter, refusal("out_of_service")) };
}

function again(desk: Desk, heard: HeardAny, n: number): Decision<Speech> {
  const { terminal } = heard.session;
  const key = { terminal, incarnation: desk.rows.get(terminal)?.incarnation ?? 0, n, digest: heard.digest };
  return repeated(desk, heard.session, heard.counter, key) ?? silence;
}
