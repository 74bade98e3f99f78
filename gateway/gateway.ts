/**
 * The gateway on one page: decode → decide → COMMIT → reply.
 *
 * `receive` believes or drops a frame and puts what it says in line; `flush` decides everything in line against memory, makes all of it durable in one
 * transaction, and only then speaks. Clock, chance, disk and network are arguments, so the same code runs a school or a simulated year. A crash before the
 * commit leaves nothing and nobody was told; a crash after it loses words, not deeds: whoever asks again hears the stored answer.
 */
import { accountOfPayer, toHex } from "@trapeza/protocol";
import type { Directive, Hello, Operation, TerminalId, TreeEdge, ValidatorLine } from "@trapeza/protocol";
import { Admissions } from "./admitting.js";
import { announcementsFor } from "./announcing.js";
import { Cards } from "./cards.js";
import type { CardTroubles } from "./cards.js";
import { Claims } from "./claims.js";
import type { Claim } from "./claims.js";
import { decideDay, decideDayBy, decideDirectives, decideOperation, decideQuestion, decideStart, unreadable } from "./deciding.js";
import type { HeardAny, Unreadable } from "./deciding.js";
import type { Answered } from "./directives.js";
import { decideFormer } from "./former.js";
import { decideHello } from "./greeting.js";
import { createHandles } from "./handles.js";
import { createRecovery } from "./recovery.js";
import type { Desk, GatewayOptions, Speech } from "./desk.js";
import { DiskFailure } from "./journal/disk-error.js";
import type { Committed, Decision } from "./journal/journal.js";
import { decideMuted } from "./muted.js";
import { isLastPiece } from "./releases/offer.js";
import { sealHandle } from "./sealed-handle.js";
import { sealFor, Sessions } from "./sessions.js";
import type { Heard } from "./sessions.js";
import type { Health } from "./status/status.js";
import { provenBy } from "./unproven.js";

export interface Seen {
  readonly terminal: number;
  readonly atMs: number;
  /** As its last Hello said, "" and "none" before one. */
  readonly firmware: string;
  readonly line: ValidatorLine;
  readonly health: Health | null;
  /** Hex of the release of which it has asked for the last piece, `null` for none. */
  readonly fetched: string | null;
}

interface Waiting {
  readonly terminal: TerminalId;
  readonly heard: Extract<Heard, { kind: "hello" | "message" | "malformed" }>;
}

/** A commit may not grow without end: what is beyond waits for the next one. */
const MAX_BATCH = 512;
/** A terminal asks one thing at a time; more than this from one is a flood. */
const MAX_WAITING_EACH = 32;
const LAST_ANSWERED = 5;

export class Gateway {
  #desk: Desk;
  readonly #waiting: Waiting[] = [];
  /** How many of them each terminal has there. */
  readonly #waitingOf = new Map<TerminalId, number>();
  #answered: readonly Answered[] = [];
  readonly #seen = new Map<number, Omit<Seen, "terminal">>();
  readonly #claims: Claims;

  constructor(private readonly options: GatewayOptions) {
    this.#desk = deskOf(options);
    this.#claims = new Claims(options.clock.nowMs());
    this.#commit(() => this.#begin());
  }

  /** What an epoch begins with. A disk that refused it at the start is asked again with whatever comes first: nothing else may stand there. */
  #begin(): Decision<Speech>[] {
    return this.options.journal.size === 0 ? [decideStart(this.#desk)] : [];
  }

  /** Terminals that buffet sales wait for, because a gateway before this one has died. */
  waitingFor(): readonly number[] {
    return this.#desk.recovery.waitingFor(this.#desk.clock.nowMs());
  }

  /** A person's word: sales wait no longer. */
  endRecovery(): void {
    this.#desk.recovery.end();
  }

  /** Another gateway has taken this one's place: from now on Requests are refused and Facts are left where they are, for that one to hear. */
  retire(): void {
    this.#desk.retired = true;
  }

  /** Takes one frame from a terminal's own topic. Bad ones change nothing. Returns `true` when there is something to flush. */
  receive(terminal: TerminalId, frame: Uint8Array): boolean {
    const { sessions, clock, send, log } = this.#desk;
    const nowMs = clock.nowMs();
    const heard = sessions.hear(terminal, frame, nowMs);
    if (heard.kind === "dropped") {
      log.warn({ terminal, why: heard.why }, "frame dropped");
      return false;
    }
    if (heard.kind === "lost") {
      const hint = sessions.rehello(terminal, nowMs);
      if (hint) send(terminal, hint);
      return false;
    }
    this.#note(terminal, heard, nowMs);
    if (heard.kind === "hello") this.#compare(terminal, heard.hello);
    const before = this.#waitingOf.get(terminal) ?? 0;
    if (before >= MAX_WAITING_EACH) return false;
    this.#waitingOf.set(terminal, before + 1);
    this.#waiting.push({ terminal, heard });
    return true;
  }

  /** Decides and commits what waits, then answers. Returns how many frames still wait. */
  flush(): number {
    const batch = this.#waiting.splice(0, MAX_BATCH);
    for (const { terminal } of batch) this.#waitingOf.set(terminal, (this.#waitingOf.get(terminal) ?? 1) - 1);
    if (this.#isMute()) this.#commit(() => batch.map(({ terminal, heard }) => decideMuted(this.#desk, terminal, heard)));
    else this.#decideAll(batch);
    return this.#waiting.length;
  }

  #decideAll(batch: readonly Waiting[]): void {
    this.#commit(() => [
      ...this.#begin(),
      ...decideDay(this.#desk),
      ...batch.flatMap((waiting) => [...decideDayBy(this.#desk, waiting.heard), ...this.#decideOne(waiting)]),
      ...this.#announce(),
    ]);
  }

  #decideOne(waiting: Waiting): Decision<Speech>[] {
    const { heard } = waiting;
    const decision = this.#decide(waiting);
    const operation = heard.kind === "message" && "n" in heard.message ? heard.message : null;
    return [decision, ...(operation && heard.kind === "message" ? provenBy(this.#desk, heard.session, operation) : [])];
  }

  #isMute(): boolean {
    return this.options.disk?.mood === "mute";
  }

  /** Terminals that have heard of more than lies here: this disk was put back to an older state, and what is missing may have been paid for. */
  #compare(terminal: TerminalId, { heardEpoch, heardSize }: Hello): void {
    const { journal, disk, log } = this.options;
    const verdict = this.#claims.hear({ terminal, size: heardEpoch === journal.epoch ? heardSize : 0 }, journal.size);
    if (verdict.kind === "none") return;
    log.warn({ terminal, heardSize, size: journal.size }, "a terminal says it has heard of more than lies here");
    if (verdict.kind === "alone") return disk?.doubt(heardSize, `terminal ${terminal}`, verdict.waitUntilMs);
    const by = `terminals ${verdict.terminals.join(", ")}`;
    journal.noteOutrun({ size: verdict.size, by });
    disk?.outrun(verdict.size, by);
  }

  /** What terminals say they have heard of beyond the journal's end, the largest first: nobody else has confirmed it. */
  claims(): readonly Claim[] {
    return this.#claims.against(this.options.journal.size);
  }

  #decide({ terminal, heard }: Waiting): Decision<Speech> {
    switch (heard.kind) {
      case "hello":
        return decideHello(this.#desk, terminal, heard);
      case "malformed":
        return heard.n === null ? decideQuestion(this.#desk, heard, null) : this.#decideOperation(heard, unreadable(heard, heard.n));
      case "message":
        return "n" in heard.message ? this.#decideOperation(heard, heard.message) : decideQuestion(this.#desk, heard, heard.message);
    }
  }

  #decideOperation(heard: HeardAny, message: Operation | Unreadable): Decision<Speech> {
    const { drains } = heard.session;
    return drains ? decideFormer(this.#desk, heard, message, drains) : decideOperation(this.#desk, heard, message);
  }

  /** Applies directives that follow the last one applied; `edge`: of the directive log after them. `false` when the disk did not take them. */
  applyDirectives(directives: readonly Directive[], edge: TreeEdge): boolean {
    if (this.#isMute()) return false;
    const answers: Answered[] = [];
    const isDone = this.#commit(() => {
      const begun = this.#begin();
      const decided = decideDirectives(this.#desk, directives, edge);
      for (const { body, atMs } of decided.flatMap(({ events }) => events))
        if (body.kind === "DirectiveApplied") answers.push({ kind: body.directive.kind, outcome: body.outcome, atMs });
      return [...begun, ...decided, ...this.#announce()];
    });
    if (isDone) this.#answered = this.#answered.concat(answers).slice(-LAST_ANSWERED);
    return isDone;
  }

  /** The last directives since the start, and what became of them. */
  lastDirectives(): readonly Answered[] {
    return this.#answered;
  }

  /** The disk's mood has changed: every terminal is asked for a Hello, and hears in its Welcome what may be done now. */
  wake(): void {
    const known = this.#desk.sessions.living().map(({ terminal }) => terminal as TerminalId);
    this.#waiting.length = 0;
    this.#waitingOf.clear();
    this.#desk = deskOf(this.options, this.#desk);
    const { sessions, clock, send } = this.#desk;
    for (const terminal of new Set(known)) {
      const hint = sessions.rehello(terminal, clock.nowMs());
      if (hint) send(terminal, hint);
    }
  }

  #announce(): Decision<Speech>[] {
    return this.#desk.sessions.living().flatMap((session) => announcementsFor(this.#desk, session));
  }

  /** The only way to speak: through the journal. Whatever is thrown while deciding ends the process, because memory may then hold half a decision. */
  #commit(decideAll: () => Decision<Speech>[]): boolean {
    const desk = this.#desk;
    let decisions: Decision<Speech>[];
    try {
      decisions = decideAll();
    } catch (error) {
      return desk.die(error as Error);
    }
    if (decisions.length === 0) return true;
    try {
      for (const said of desk.journal.commit(decisions)) this.#speak(said);
    } catch (error) {
      if (!(error instanceof DiskFailure)) throw error;
      this.#startOver(error);
      return false;
    }
    desk.fresh.length = 0;
    return true;
  }

  /** Memory is ahead of the disk: it is thrown away, and what the disk holds is folded anew. Whoever has asked hears nothing and asks again. */
  #startOver(failure: DiskFailure): void {
    const { disk, forget, journal, die } = this.options;
    if (!disk || !forget) return die(failure);
    disk.failed(failure);
    try {
      forget();
      journal.reread();
      this.wake();
    } catch (error) {
      return die(error as Error);
    }
  }

  #speak(said: Committed<Speech>): void {
    const { session, handshake, messages } = said;
    if (!session) return;
    if (handshake) this.#desk.send(session.terminal as TerminalId, handshake);
    for (const message of messages) this.#desk.send(session.terminal as TerminalId, sealFor(session, message));
  }

  /** Cards that somebody in the school should look into today. */
  cardTroubles(): CardTroubles {
    return this.#desk.cards.troubles(this.#desk.school.date);
  }

  /** Keeps what a terminal says of itself, for people; nothing is decided by it. */
  #note(terminal: TerminalId, heard: Waiting["heard"], atMs: number): void {
    const known = this.#seen.get(terminal) ?? { firmware: "", line: "none", health: null, fetched: null };
    const { firmware, line } = heard.kind === "hello" ? heard.hello : known;
    if (heard.kind !== "message") return void this.#seen.set(terminal, { ...known, atMs, firmware, line });
    const { message, session } = heard;
    const health = message.kind === "Status" ? { ...message, atMs } : known.health;
    const wanted = message.kind === "ChunkRequest" ? this.#desk.wanted?.(terminal, session.hello) : null;
    const isWhole = message.kind === "ChunkRequest" && wanted && isLastPiece(message, wanted);
    this.#seen.set(terminal, { ...known, atMs, health, fetched: isWhole ? toHex(wanted.id) : known.fetched });
  }

  /** When each terminal was last heard, Unix ms, and how it said it was. */
  lastSeen(): Seen[] {
    return [...this.#seen].map(([terminal, seen]) => ({ terminal, ...seen }));
  }
}

/** What is decided with, as the journal and its rows have it. `before`: what it takes the place of. */
function deskOf(options: GatewayOptions, before: Desk | null = null): Desk {
  const { journal, clock, random, schoolSecret, school, inheritance } = options;
  const sessions = new Sessions(schoolSecret, (terminal) => school.terminals.get(terminal)?.enrolment ?? null, journal.epoch);
  const rows = new Map([...(inheritance?.rows() ?? []), ...journal.terminals()].map((row) => [row.terminal, row]));
  const beganMs = inheritance ? (journal.timeOf(0) ?? clock.nowMs()) : null;
  const recovery = createRecovery({ beganMs, school, rows, living: () => sessions.living() });
  if (before && before.recovery.waitingFor(clock.nowMs()).length === 0) recovery.end();
  const memory = {
    sessions,
    handles: createHandles((terminal, payer) => {
      const account = accountOfPayer(school, payer);
      const sealed = account === null ? null : sealHandle(schoolSecret, terminal, account, random);
      return sealed ?? random(4).reduce((value, byte) => value * 256 + byte, 0);
    }),
    unproven: new Map(),
    rows,
    admissions: new Admissions(journal.admissions()),
    cards: new Cards(schoolSecret, journal.cards()),
    recovery,
    retired: before?.retired ?? false,
    fresh: [],
    next: journal.size,
  };
  return { ...options, ...memory, dayAskedMs: Number.NEGATIVE_INFINITY };
}

export function createGateway(options: GatewayOptions): Gateway {
  return new Gateway(options);
}
