/**
 * The gateway on one page: decode → decide → COMMIT → reply.
 *
 * `receive` believes or drops a frame and puts what it says in line; `flush` decides everything in line against memory, makes all of it durable in one
 * transaction, and only then speaks. Clock, chance, disk and network are arguments, so the same code runs a school or a simulated year. A crash before the
 * commit leaves nothing and nobody was told; a crash after it loses words, not deeds: whoever asks again hears the stored answer.
 */
import { toHex } from "@trapeza/protocol";
import type { Directive, Operation, TerminalId, TreeEdge, ValidatorLine } from "@trapeza/protocol";
import { Admissions } from "./admitting.js";
import { announcementsFor } from "./announcing.js";
import { Cards } from "./cards.js";
import type { CardTroubles } from "./cards.js";
import { decideDay, decideDayBy, decideDirectives, decideOperation, decideQuestion, decideStart, unreadable } from "./deciding.js";
import type { HeardAny, Unreadable } from "./deciding.js";
import { decideFormer } from "./former.js";
import { decideHello } from "./greeting.js";
import { createHandles } from "./handles.js";
import { createRecovery } from "./recovery.js";
import type { Desk, GatewayOptions, Speech } from "./desk.js";
import type { Committed, Decision } from "./journal/journal.js";
import { isLastPiece } from "./releases/offer.js";
import { sealFor, Sessions } from "./sessions.js";
import type { Heard, Session } from "./sessions.js";
import type { Health } from "./status/status.js";

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

export class Gateway {
  readonly #desk: Desk;
  readonly #waiting: Waiting[] = [];
  readonly #seen = new Map<number, Omit<Seen, "terminal">>();

  constructor(options: GatewayOptions) {
    const { journal, random, schoolSecret, school } = options;
    const sessions = new Sessions(schoolSecret, (terminal) => school.terminals.get(terminal)?.enrolment ?? null, journal.epoch);
    const inherited = options.inheritance?.rows() ?? [];
    const rows = new Map([...inherited, ...journal.terminals()].map((row) => [row.terminal, row]));
    const living = (): readonly Session[] => sessions.living();
    const memory = {
      sessions,
      handles: createHandles(random),
      rows,
      admissions: new Admissions(journal.admissions()),
      cards: new Cards(schoolSecret, journal.cards()),
      recovery: createRecovery({ beganMs: this.#beganMs(options), school, rows, living }),
      retired: false,
      fresh: [],
      next: journal.size,
    };
    this.#desk = { ...options, ...memory, dayAskedMs: Number.NEGATIVE_INFINITY };
    if (journal.size === 0) this.#commit(() => [decideStart(this.#desk)]);
  }

  /** When this epoch began, if there was one before it. */
  #beganMs({ journal, clock, inheritance }: GatewayOptions): number | null {
    return inheritance ? (journal.timeOf(0) ?? clock.nowMs()) : null;
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
    if (this.#waiting.filter((other) => other.terminal === terminal).length >= MAX_WAITING_EACH) return false;
    this.#waiting.push({ terminal, heard });
    return true;
  }

  /** Decides and commits what waits, then answers. Returns how many frames still wait. */
  flush(): number {
    const batch = this.#waiting.splice(0, MAX_BATCH);
    this.#commit(() => [
      ...decideDay(this.#desk),
      ...batch.flatMap((waiting) => [...decideDayBy(this.#desk, waiting.heard), this.#decide(waiting)]),
      ...this.#announce(),
    ]);
    return this.#waiting.length;
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

  /** Applies directives that follow the last one applied; `edge`: of the directive log after them. */
  applyDirectives(directives: readonly Directive[], edge: TreeEdge): void {
    this.#commit(() => [...decideDirectives(this.#desk, directives, edge), ...this.#announce()]);
  }

  #announce(): Decision<Speech>[] {
    return this.#desk.sessions.living().flatMap((session) => announcementsFor(this.#desk, session));
  }

  /** The only way to speak: through the journal. Whatever is thrown while deciding ends the process, because memory may then hold half a decision. */
  #commit(decideAll: () => Decision<Speech>[]): void {
    const desk = this.#desk;
    let decisions: Decision<Speech>[];
    try {
      decisions = decideAll();
    } catch (error) {
      return desk.die(error as Error);
    }
    if (decisions.length === 0) return;
    for (const said of desk.journal.commit(decisions)) this.#speak(said);
    desk.fresh.length = 0;
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

export function createGateway(options: GatewayOptions): Gateway {
  return new Gateway(options);
}
