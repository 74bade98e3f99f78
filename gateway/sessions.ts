/**
 * Who is speaking. Hello and Welcome make a session; its frames are believed, everything else is dropped without a trace in the journal.
 *
 * A session begun by a Hello is only pending: the one before it lives until the first valid frame of the new one. So an overheard Hello, sent again, puts
 * nobody out. What must outlive a restart (the last confirmed Hello, the resume token in force) lies in the terminal's row and is committed with the first
 * message of the session; a crash in between leaves the row as it was, and the token just handed out is still good as the next one.
 */
import {
  decode,
  encode,
  equalBytes,
  helloKey,
  helloSchema,
  isClearDown,
  isClearUp,
  KIND_HANDSHAKE,
  numberIn,
  openHandshake,
  packDown,
  peek,
  sealHandshake,
  sessionKeys,
  TAG_BYTES,
  unpackUp,
  welcomeSchema,
  WIRE_VERSION,
  downTags,
  requestDigest,
} from "@trapeza/protocol";
import type { Down, Hello, Up, Welcome } from "@trapeza/protocol";
import { Channel } from "./channel.js";
import { resumeToken, sha256, terminalKey } from "./cipher.js";
import type { TerminalRow } from "./journal/store.js";

/** A conversation. Counters are of the last frame sent or accepted. */
export interface Session {
  readonly terminal: number;
  readonly enrolment: number;
  readonly hello: Hello;
  /** Why this terminal may not take cash or commit Requests: its flash looks like a copy or an older state. */
  readonly suspect: boolean;
  readonly drains: Drains | null;
  readonly welcomedMs: number;
  readonly helloFrame: Uint8Array;
  readonly welcomeFrame: Uint8Array;
  readonly up: Channel;
  readonly down: Channel;
  upCounter: number;
  downCounter: number;
  readonly told: Told;
}

/**
 * A terminal that was enrolled anew, or met another gateway, while operations of its former incarnation lay unsent in it: they come first, under the names
 * that stand on their papers. `haveUpTo` rises with them. `known`: this journal holds that incarnation, so it can tell a repetition from news.
 */
export interface Drains {
  readonly incarnation: number;
  readonly known: boolean;
  haveUpTo: number;
}

/** What a terminal has been told in this session; −1 for nothing yet. */
export interface Told {
  policy: number;
  menu: number;
  date: number;
  safe: number;
  cosigned: number;
  /** When it was last told the time, Unix ms: what it dates, it dates from then. */
  atMs: number;
  /** Name of the release that it was offered, in hex; "" for none. */
  release: string;
  /** When it was last sent a piece of one, Unix ms. */
  chunkMs: number;
}

/** What a frame turned out to be. `dropped` changes nothing and is answered by nothing; `lost` asks for a Hello. */
export type Heard =
  | { readonly kind: "hello"; readonly hello: Hello; readonly frame: Uint8Array }
  | {
      readonly kind: "message";
      readonly session: Session;
      readonly counter: number;
      readonly message: Up;
      readonly digest: Uint8Array;
      readonly confirms: boolean;
    }
  | {
      readonly kind: "malformed";
      readonly session: Session;
      readonly counter: number;
      /** What it would have been called, if it was an operation. */
      readonly n: number | null;
      readonly digest: Uint8Array;
      readonly confirms: boolean;
      readonly offset: number;
      readonly what: string;
    }
  | { readonly kind: "lost" }
  | { readonly kind: "dropped"; readonly why: string };

/** What a Hello is worth, given what is remembered of its terminal. */
export type Standing =
  | { readonly kind: "known"; readonly row: TerminalRow }
  /** Gets a new incarnation: never seen, enrolled anew, or another gateway's terminal. */
  | { readonly kind: "new"; readonly incarnation: number }
  /** Would get one too, but has something to say under the former one first. */
  | { readonly kind: "draining" }
  | { readonly kind: "suspect"; readonly row: TerminalRow; readonly why: string }
  | { readonly kind: "stale" };

/** Bad tags within {@link BAD_TAG_MS} after which a terminal's frames are not even looked at until the time is over. */
const MAX_BAD_TAGS = 20;
const BAD_TAG_MS = 60000;
/** A session ends after this many frames one way, or a day: its terminal is asked for a new Hello. */
const MAX_FRAMES = 1048576;
const SESSION_MS = 86400000;
/** A session a minute for two years is less. */
const TOKENS_AN_EPOCH = 1048576;
/** At most one Rehello a second to a terminal: it is not authenticated and must not become a hammer. */
const REHELLO_MS = 1000;

interface Line {
  current: Session | null;
  pending: Session | null;
  badTags: number;
  badSinceMs: number;
  rehelloMs: number;
}

/** The enrolment number of a terminal, or `null` when the school has no such terminal. */
export type Enrolments = (terminal: number) => number | null;

export class Sessions {
  readonly #lines = new Map<number, Line>();

  constructor(
    private readonly schoolSecret: Uint8Array,
    private readonly enrolmentOf: Enrolments,
    private readonly epoch = 1,
  ) {}

  /** Authenticates and decodes one frame. Counters and the choice of the living session change here and nowhere else. */
  hear(terminal: number, frame: Uint8Array, nowMs: number): Heard {
    const enrolment = this.enrolmentOf(terminal);
    if (enrolment === null) return { kind: "dropped", why: "unknown terminal" };
    const outside = peek(frame);
    if (!outside || outside.version !== WIRE_VERSION) return { kind: "dropped", why: "no frame" };
    const line = this.#line(terminal);
    if (line.badTags >= MAX_BAD_TAGS && nowMs - line.badSinceMs < BAD_TAG_MS) return { kind: "dropped", why: "too many bad tags" };
    if (outside.kind === KIND_HANDSHAKE) return this.#hearHello(line, terminal, enrolment, frame, nowMs);
    return this.#hearFrame(line, enrolment, frame, nowMs);
  }

  #hearHello(line: Line, terminal: number, enrolment: number, frame: Uint8Array, nowMs: number): Heard {
    const key = helloKey(sha256, terminalKey(this.schoolSecret, terminal, enrolment));
    const opened = openHandshake(sha256, key, "up", frame);
    if (!opened.ok) return this.#badTag(line, nowMs);
    const hello = decode(helloSchema, opened.body);
    return hello.ok ? { kind: "hello", hello: hello.value, frame } : { kind: "dropped", why: "malformed hello" };
  }

  #hearFrame(line: Line, enrolment: number, frame: Uint8Array, nowMs: number): Heard {
    for (const session of [line.current, line.pending]) {
      // A raised enrolment number revokes the key, and with it what was begun under it.
      if (!session || session.enrolment !== enrolment) continue;
      const opened = session.up.open(isClearUp, frame);
      if (!opened.ok) continue;
      if (opened.counter <= session.upCounter) return { kind: "dropped", why: "replayed counter" };
      const confirms = session === line.pending;
      if (confirms) [line.current, line.pending] = [session, null];
      session.upCounter = opened.counter;
      line.badTags = 0;
      if (opened.counter >= MAX_FRAMES || nowMs - session.welcomedMs >= SESSION_MS) {
        line.current = null;
        return { kind: "lost" };
      }
      const message = unpackUp(opened);
      const said = { session, counter: opened.counter, digest: requestDigest(sha256, opened), confirms };
      if (message.ok) return { kind: "message", ...said, message: message.value };
      return { kind: "malformed", ...said, n: numberIn(opened), ...message.malformed };
    }
    // Without any session a frame may be good and only we have forgotten: after a restart everybody is asked for a Hello.
    if (!line.current && !line.pending) return { kind: "lost" };
    const heard = this.#badTag(line, nowMs);
    return line.badTags === 1 ? { kind: "lost" } : heard;
  }

  #badTag(line: Line, nowMs: number): Heard {
    if (nowMs - line.badSinceMs >= BAD_TAG_MS) line.badTags = 0;
    if (line.badTags === 0) line.badSinceMs = nowMs;
    line.badTags++;
    return { kind: "dropped", why: "bad tag" };
  }

  /** What to think of a Hello. `row`: what is remembered of the terminal, if anything; `said`: how much of its incarnation needs not be said any more. */
  standingOf(terminal: number, hello: Hello, row: TerminalRow | undefined, said = hello.answered): Standing {
    const enrolment = this.enrolmentOf(terminal);
    // Named by a gateway before this one in hours of which the cloud has not heard: all of that life is still to be said.
    if (this.epoch > 1 && row?.enrolment === enrolment && row.resumeIndex === 0 && hello.incarnation > row.incarnation)
      return { kind: "new", incarnation: hello.incarnation };
    // A note may have gone in between a Hello and the Welcome that would have named the new incarnation.
    const unheard = row?.resumeIndex === 0 && row.haveUpTo === 0 && row.incarnation !== hello.incarnation;
    const renamed = row?.enrolment !== enrolment || unheard;
    if (renamed && hello.incarnation > 0 && said < hello.lastN) return { kind: "draining" };
    if (!row) return { kind: "new", incarnation: hello.incarnation + 1 };
    if (row.enrolment !== enrolment) return { kind: "new", incarnation: Math.max(row.incarnation, hello.incarnation) + 1 };
    if (!rises(hello, row)) return { kind: "stale" };
    // Until a first session is confirmed its terminal may never have heard the Welcome that named it.
    if (row.resumeIndex === 0 && row.haveUpTo === 0) return { kind: "known", row };
    const good =
      (row.resumeIndex === 0 && this.epoch > 1) ||
      [row.resumeIndex + 1, row.resumeIndex, row.resumeIndex - 1]
        .filter((index) => index > 0)
        .some((index) => equalBytes(this.#token(terminal, row.incarnation, index), hello.resumeToken));
    if (hello.incarnation !== row.incarnation || !good) return { kind: "suspect", row, why: "resume token" };
    if (hello.lastN < row.haveUpTo) return { kind: "suspect", row, why: "operation numbers went back" };
    return { kind: "known", row };
  }

  /** Makes the pending session of a Hello. The same Hello again gets the same Welcome: its first copy may be on its way. */
  welcome(
    terminal: number,
    hello: Hello,
    helloFrame: Uint8Array,
    welcome: Welcome,
    mood: { readonly suspect: boolean; readonly drains: Drains | null },
  ): Session | null {
    const line = this.#line(terminal);
    if (line.pending && equalBytes(line.pending.helloFrame, helloFrame)) return line.pending;
    if (line.pending && !rises(hello, line.pending.hello)) return null;
    const enrolment = this.enrolmentOf(terminal) ?? 0;
    const key = terminalKey(this.schoolSecret, terminal, enrolment);
    const welcomeFrame = sealHandshake(sha256, helloKey(sha256, key), "down", encode(welcomeSchema, welcome));
    const keys = sessionKeys(sha256, key, helloFrame, welcomeFrame);
    line.pending = {
      terminal,
      enrolment,
      hello,
      ...mood,
      welcomedMs: welcome.atMs,
      helloFrame,
      welcomeFrame,
      up: new Channel("up", { encryption: keys.upEncryption, tag: keys.upTag }),
      down: new Channel("down", { encryption: keys.downEncryption, tag: keys.downTag }),
      upCounter: 0,
      downCounter: 0,
      told: { policy: -1, menu: -1, date: welcome.date, safe: welcome.safeUpTo, cosigned: -1, atMs: welcome.atMs, release: "", chunkMs: 0 },
    };
    return line.pending;
  }

  /** The resume token that the next Welcome of this terminal carries. */
  nextToken(row: TerminalRow): Uint8Array {
    return this.#token(row.terminal, row.incarnation, row.resumeIndex + 1);
  }

  /** Each epoch has tokens of its own, so one from a gateway before this one opens nothing once its terminal has been met. */
  #token(terminal: number, incarnation: number, index: number): Uint8Array {
    return resumeToken(this.schoolSecret, terminal, incarnation, (this.epoch - 1) * TOKENS_AN_EPOCH + index);
  }

  /**
   * Sessions that can be spoken in: a terminal that has nothing to say may stay pending for hours, and until it speaks nobody knows in which of two it
   * listens, so it is told in both.
   */
  living(): Session[] {
    return [...this.#lines.values()].flatMap((line) => [line.current, line.pending].filter((session) => session !== null));
  }

  /** Rehello, when one may be sent: kind, counter 0 and a tag of zeroes, for there is no key that both sides still share. */
  rehello(terminal: number, nowMs: number): Uint8Array | null {
    const line = this.#line(terminal);
    if (nowMs - line.rehelloMs < REHELLO_MS) return null;
    line.rehelloMs = nowMs;
    const frame = new Uint8Array(5 + TAG_BYTES);
    frame[0] = WIRE_VERSION * 64 + downTags.tagOf("Rehello");
    return frame;
  }

  #line(terminal: number): Line {
    let line = this.#lines.get(terminal);
    if (!line) {
      line = { current: null, pending: null, badTags: 0, badSinceMs: Number.NEGATIVE_INFINITY, rehelloMs: Number.NEGATIVE_INFINITY };
      this.#lines.set(terminal, line);
    }
    return line;
  }
}

/** A frame for this session's terminal; the counter rises, so nothing is ever sealed twice under one vector. */
export function sealFor(session: Session, message: Down): Uint8Array {
  const packed = packDown(message);
  return session.down.seal(packed.kind, ++session.downCounter, isClearDown(packed.kind), packed.body);
}

function rises(next: { bootEpoch: number; k: number }, last: { bootEpoch: number; k: number }): boolean {
  return next.bootEpoch > last.bootEpoch || (next.bootEpoch === last.bootEpoch && next.k > last.k);
}
