/** Hello → Welcome: which life of which terminal is speaking, what it is told, and whether something must be said under a former name first. */
import { recordFact } from "@trapeza/protocol";
import type { TerminalId } from "@trapeza/protocol";
import { newsFor } from "./announcing.js";
import { SILENCE } from "./desk.js";
import type { Desk, Speech } from "./desk.js";
import { contextOf, draft } from "./drafting.js";
import type { Decision } from "./journal/journal.js";
import type { TerminalRow } from "./journal/store.js";
import { serviceUnder } from "./rights.js";
import type { Drains, Heard, Session, Standing } from "./sessions.js";

type HeardHello = Extract<Heard, { kind: "hello" }>;

/** A Welcome, or silence for a Hello that is older than what is known. A terminal without a row, or enrolled anew, gets its incarnation here. */
export function decideHello(desk: Desk, terminal: TerminalId, heard: HeardHello): Decision<Speech> {
  const { rows, log } = desk;
  const standing = standingOf(desk, terminal, heard.hello);
  if (standing.kind === "stale") return { events: [], conclude: () => SILENCE };
  if (standing.kind === "suspect") {
    log.warn({ terminal, why: standing.why }, "terminal out of service until a technician enrols it anew");
    return welcomed(desk, heard, standing.row, { suspect: true, drains: null });
  }
  if (standing.kind === "known") return welcomed(desk, heard, standing.row, { suspect: false, drains: null });
  if (standing.kind === "draining") return welcomedFormer(desk, terminal, heard);
  const { terminalKind } = heard.hello;
  const enrolment = desk.school.terminals.get(terminal)?.enrolment ?? 0;
  const { incarnation } = standing;
  const row: TerminalRow = { terminal, enrolment, incarnation, haveUpTo: 0, bootEpoch: 0, k: 0, resumeIndex: 0 };
  rows.set(terminal, row);
  const context = contextOf(desk, terminal);
  const events = draft(desk, recordFact(desk.school, { kind: "TerminalEnrolled", terminalKind, enrolment, incarnation }, context), context);
  return { ...welcomed(desk, heard, row, { suspect: false, drains: null }), events, terminal: row };
}

/** What this Hello is worth. */
export function standingOf(desk: Desk, terminal: TerminalId, hello: HeardHello["hello"]): Standing {
  return desk.sessions.standingOf(terminal, hello, desk.rows.get(terminal), saidBefore(desk, terminal, hello));
}

/** How much of a life of its flash a terminal needs not tell: what was answered, unless a gateway before this one has died with it. */
function saidBefore(desk: Desk, terminal: TerminalId, { incarnation, answered }: HeardHello["hello"]): number {
  return desk.inheritance ? Math.min(answered, desk.journal.lastAnswered(terminal, incarnation)) : answered;
}

/** The former incarnation speaks out; nothing is kept of the session, so it begins again with the next Hello until all is said. */
function welcomedFormer(desk: Desk, terminal: TerminalId, heard: HeardHello): Decision<Speech> {
  const { incarnation, bootEpoch, k } = heard.hello;
  const before = desk.rows.get(terminal);
  const have = desk.journal.lastAnswered(terminal, incarnation);
  const own = before?.incarnation === incarnation;
  // Who has inherited knows every operation by its name, wherever it was decided.
  const known = own || have > 0 || !!desk.inheritance;
  const drains: Drains = { incarnation, known, haveUpTo: Math.max(have, saidBefore(desk, terminal, heard.hello)) };
  desk.log.warn({ terminal, incarnation, haveUpTo: drains.haveUpTo }, "operations of a former incarnation come first");
  const enrolment = desk.school.terminals.get(terminal)?.enrolment ?? 0;
  const resumeIndex = own ? before.resumeIndex : 0;
  const row: TerminalRow = { terminal, enrolment, incarnation, haveUpTo: drains.haveUpTo, bootEpoch, k, resumeIndex };
  return welcomed(desk, heard, row, { suspect: false, drains });
}

export function welcomed(desk: Desk, heard: HeardHello, row: TerminalRow, mood: Pick<Session, "suspect" | "drains">): Decision<Speech> {
  const { suspect, drains } = mood;
  const { school, journal, sessions, clock, random } = desk;
  const service = serviceUnder(desk.disk?.mood ?? "well", school.terminals.get(row.terminal));
  const welcome = {
    nonceEcho: heard.hello.nonce,
    nonce: random(16),
    epoch: journal.epoch,
    atMs: clock.nowMs(),
    zoneMinutes: school.policy.zoneMinutes,
    date: school.date,
    incarnation: row.incarnation,
    policyVersion: school.policyVersion,
    menuVersion: school.menuVersion,
    haveUpTo: row.haveUpTo,
    safeUpTo: journal.safeUpTo(row.terminal, row.incarnation),
    resumeToken: suspect ? new Uint8Array(8) : sessions.nextToken(row),
    service: (suspect || drains) && service === "open" ? ("no_cash" as const) : service,
  };
  const session = sessions.welcome(row.terminal, heard.hello, heard.frame, welcome, mood);
  if (!session) return { events: [], conclude: () => SILENCE };
  const messages = newsFor(desk, session);
  return { events: [], conclude: () => ({ session, handshake: session.welcomeFrame, messages, stored: null }) };
}
