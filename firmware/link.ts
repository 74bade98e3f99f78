/**
 * The terminal's end of the wire: MQTT over TCP, Hello and Welcome, sealed frames, retries under new counters and the same operation number.
 *
 * Questions are asked three times and then given up. Operations lie in the outbox, and are sent in order until each has its answer, however long it takes.
 */
import {
  concat,
  copyOf,
  decode,
  encode,
  encodePacket,
  equalBytes,
  helloKey,
  helloSchema,
  isClearDown,
  mqttPassword,
  NO_BYTES,
  openFrame,
  openHandshake,
  packUp,
  peek,
  scanPacket,
  sealFrame,
  sealHandshake,
  sessionKeys,
  terminalNonce,
  topicFor,
  hearDown,
  welcomeSchema,
  KIND_HANDSHAKE,
} from "@trapeza/protocol/chip";
import type { Channel, HeardDown, HeardResult, Packed, Packet, Up, Welcome } from "@trapeza/protocol/chip";
import type { Clock, Config, Crypto, Network, Socket } from "./board.js";
import { adopt, allow, answered, keep, POLICY, safe, stored, unsent } from "./outbox.js";
import type { Outbox } from "./outbox.js";

export interface LinkEvents {
  onUp(welcome: Welcome, service: Welcome["service"]): void;
  onDown(): void;
  /** Everything that is neither a Welcome nor a Reply. */
  onMessage(message: HeardDown): void;
  /** The answer to a question, `null` when none came. */
  onAnswer(tag: string, result: HeardResult | null): void;
  /** The answer to operation `n`; it is durable here before this is called. */
  onOutcome(n: number, result: HeardResult): void;
  /** `false` while a note is in the acceptor: connecting would stop everything for seconds. */
  mayConnect(): boolean;
}

/** A frame that waits for its answer: a question by its tag, or an operation by its number. Each retry adds a counter. */
interface Waiting {
  readonly tag: string;
  readonly n: number;
  readonly packed: Packed;
  readonly counters: number[];
  tries: number;
  dueAt: number;
}

export interface Link {
  readonly config: Config;
  readonly crypto: Crypto;
  readonly network: Network;
  readonly clock: Clock;
  readonly outbox: Outbox;
  readonly events: LinkEvents;
  readonly firmware: string;
  readonly waiting: Waiting[];
  socket: Socket | null;
  phase: "down" | "connecting" | "greeting" | "open";
  /** Counts connections and Hellos of this start; together with the boot epoch it never repeats. */
  k: number;
  hello: Uint8Array;
  nonce: Uint8Array;
  up: Channel | null;
  down: Channel | null;
  upCounter: number;
  downCounter: number;
  /** The gateway takes our flash for a copy: nothing is sent that would need to be true. */
  suspect: boolean;
  pending: Uint8Array;
  failures: number;
  phaseSince: number;
  heardAt: number;
  sentAt: number;
}

const TICK_MS = 250;
const ANSWER_MS = 1500;
const OPERATION_MS = 3000;
const TRIES = 3;
/** Longer than any answer needs; a connection that has not come to a Welcome by then is begun anew. */
const GREETING_MS = 5000;
const KEEP_ALIVE_S = 30;
const PING_MS = 10000;
/** Nothing heard for so long, in spite of pings: the other end is gone without a word. */
const DEAD_MS = 25000;
const LONGEST_WAIT_MS = 30000;
const NO_TOKEN = new Uint8Array(8);

export function createLink(
  parts: { config: Config; crypto: Crypto; network: Network; clock: Clock; outbox: Outbox; firmware: string },
  events: LinkEvents,
): Link {
  const fresh = {
    events,
    waiting: [],
    socket: null,
    phase: "down" as const,
    k: 0,
    hello: NO_BYTES,
    nonce: NO_BYTES,
    up: null,
    down: null,
    upCounter: 0,
    downCounter: 0,
    suspect: false,
    pending: NO_BYTES,
    failures: 0,
    phaseSince: parts.clock.now(),
    heardAt: 0,
    sentAt: 0,
  };
  return Object.assign(fresh, parts);
}

function enter(link: Link, phase: Link["phase"]): void {
  link.phase = phase;
  link.phaseSince = link.clock.now();
}

function transmit(link: Link, packet: Packet): void {
  if (!link.socket) return;
  link.sentAt = link.clock.now();
  link.socket.write(encodePacket(packet));
}

function publish(link: Link, frame: Uint8Array): void {
  transmit(link, { kind: "publish", topic: topicFor(link.config.terminal, "up"), payload: frame });
}

/** Forgets the conversation, not what waits: operations are in flash, questions have their own time-outs. */
function drop(link: Link): void {
  const socket = link.socket;
  // Also while it begins anew: whoever waits for an answer goes on without one only when it has heard of this.
  const wasOpen = link.up !== null;
  link.socket = null;
  link.up = null;
  link.down = null;
  link.pending = NO_BYTES;
  enter(link, "down");
  for (let i = link.waiting.length - 1; i >= 0; i--) if (link.waiting[i].n > 0) link.waiting.splice(i, 1);
  if (socket) socket.end();
  if (wasOpen) link.events.onDown();
}

function connect(link: Link): void {
  const { config, clock, crypto } = link;
  link.failures++;
  link.k++;
  enter(link, "connecting");
  const socket = link.network.connect(config.host, config.port, {
    onData: function (bytes) {
      if (link.socket === socket) received(link, bytes);
    },
    onClose: function () {
      if (link.socket === socket) drop(link);
    },
  });
  if (!socket) {
    enter(link, "down");
    return;
  }
  link.socket = socket;
  link.heardAt = clock.now();
  const name = String(config.terminal);
  const password = mqttPassword(crypto.sha256, config.key, link.outbox.state.bootEpoch, link.k);
  transmit(link, { kind: "connect", clientId: name, keepAlive: KEEP_ALIVE_S, user: name, password, will: null });
}

/** The terminal has no entropy: the nonce is unique by its counters, and fresh by the gateway's own. */
function greet(link: Link): void {
  const { config, crypto, outbox } = link;
  const { state } = outbox;
  link.k++;
  const noise = new Uint8Array([link.clock.now() & 255, (link.clock.now() >> 8) & 255]);
  link.nonce = terminalNonce(crypto.sha256, config.key, state.bootEpoch, link.k, noise);
  const body = encode(helloSchema, {
    terminalKind: config.kind,
    firmware: link.firmware,
    bootEpoch: state.bootEpoch,
    k: link.k,
    incarnation: state.incarnation,
    lastN: state.lastN,
    resumeToken: state.resumeToken,
    heardEpoch: state.heardEpoch,
    heardSize: state.heardSize,
    nonce: link.nonce,
    answered: state.answeredUpTo,
    line: config.line,
  });
  link.hello = sealHandshake(crypto.sha256, helloKey(crypto.sha256, config.key), "up", body);
  enter(link, "greeting");
  publish(link, link.hello);
}

/** The Welcome that begins a session, `null` when this is none of ours. Who is told of it hears it from the caller, with nothing of all this in memory. */
function admitted(link: Link, frame: Uint8Array): Welcome | null {
  const { config, crypto, outbox } = link;
  if (link.hello.length === 0) return null;
  const opened = openHandshake(crypto.sha256, helloKey(crypto.sha256, config.key), "down", frame);
  if (!opened.ok) return null;
  const welcome = decode(welcomeSchema, opened.body);
  if (!welcome.ok || !equalBytes(welcome.value.nonceEcho, link.nonce)) return null;
  // A gateway that has gone back to an older journal would sell what has been sold already.
  if (welcome.value.epoch < outbox.state.heardEpoch) return null;
  const keys = sessionKeys(crypto.sha256, config.key, link.hello, frame);
  const { sha256, cipher } = crypto;
  link.hello = NO_BYTES;
  link.up = { sha256, cipher, direction: "up", encryption: keys.upEncryption, tag: keys.upTag };
  link.down = { sha256, cipher, direction: "down", encryption: keys.downEncryption, tag: keys.downTag };
  link.upCounter = 0;
  link.downCounter = 0;
  link.failures = 0;
  // Counters begin anew: an answer to this session's frame 1 is none to what was frame 1 before.
  for (let i = 0; i < link.waiting.length; i++) link.waiting[i].counters.splice(0, link.waiting[i].counters.length);
  const { incarnation, haveUpTo, resumeToken, epoch } = welcome.value;
  const trusted = !equalBytes(resumeToken, NO_TOKEN) && adopt(outbox, incarnation, haveUpTo, resumeToken, epoch);
  link.suspect = !trusted;
  if (trusted) safe(outbox, welcome.value.safeUpTo);
  allow(outbox, trusted ? welcome.value.service : "closed");
  enter(link, "open");
  return welcome.value;
}

/** Seals and sends, under a counter of its own. */
function sendNow(link: Link, waiting: Waiting): void {
  if (!link.up) return;
  link.upCounter++;
  waiting.counters.push(link.upCounter);
  waiting.tries++;
  waiting.dueAt = link.clock.now() + (waiting.n > 0 ? OPERATION_MS : ANSWER_MS);
  publish(link, sealFrame(link.up, waiting.packed.kind, link.upCounter, false, waiting.packed.body));
}

/** In the place of an operation that the flash has lost: without its number nothing behind it would ever be taken. */
function stopgap(n: number): Packed {
  return packUp({ kind: "Receipt", n, when: { date: 0, sinceMs: 0, known: false }, of: 0, outcome: "failed" });
}

/** The next operation, when none is on its way: the gateway takes them in order only. */
function pushOperation(link: Link): void {
  const { outbox } = link;
  if (link.phase !== "open" || link.suspect || unsent(outbox) === 0) return;
  for (let i = 0; i < link.waiting.length; i++) if (link.waiting[i].n > 0) return;
  const n = outbox.state.answeredUpTo + 1;
  const waiting: Waiting = { tag: "", n, packed: stored(outbox, n) || stopgap(n), counters: [], tries: 0, dueAt: 0 };
  link.waiting.push(waiting);
  sendNow(link, waiting);
}

function replied(link: Link, re: number, result: HeardResult): void {
  for (let i = 0; i < link.waiting.length; i++) {
    const waiting = link.waiting[i];
    if (waiting.counters.indexOf(re) < 0) continue;
    link.waiting.splice(i, 1);
    if (waiting.n === 0) {
      link.events.onAnswer(waiting.tag, result);
      return;
    }
    // Durable before anybody is told: a receipt must never be printed twice because we forgot that we knew.
    answered(link.outbox, waiting.n, "proof" in result ? result.proof : null);
    link.events.onOutcome(waiting.n, result);
    link.clock.after(0, pushOperation, link);
    return;
  }
}

function delivered(link: Link, frame: Uint8Array): void {
  const outside = peek(frame);
  if (outside && outside.kind === KIND_HANDSHAKE) {
    const welcome = admitted(link, frame);
    if (welcome) link.events.onUp(welcome, link.outbox.state.service);
    return;
  }
  const opened = link.down ? openFrame(link.down, isClearDown, frame) : null;
  if (!opened || !opened.ok) {
    // Rehello has no key: it is a hint that our frames mean nothing there, and once in a while it is believed.
    const rehello = outside !== null && outside.counter === 0 && hearDown({ kind: outside.kind, body: NO_BYTES });
    if (rehello && rehello.ok && rehello.value.kind === "Rehello") hinted(link);
    return;
  }
  if (opened.counter <= link.downCounter) return;
  link.downCounter = opened.counter;
  const message = hearDown(opened);
  if (!message.ok) return;
  if (message.value.kind === "Reply") replied(link, message.value.re, message.value.result);
  else if (message.value.kind === "Rehello") hinted(link);
  else {
    if (message.value.kind === "Safe") safe(link.outbox, message.value.n);
    // A start without a gateway still knows whose terminal this is.
    if (message.value.kind === "Policy") keep(link.outbox, POLICY, opened.body);
    link.events.onMessage(message.value);
  }
}

function hinted(link: Link): void {
  if (link.phase !== "open" || link.clock.now() - link.phaseSince < GREETING_MS) return;
  for (let i = link.waiting.length - 1; i >= 0; i--) if (link.waiting[i].n > 0) link.waiting.splice(i, 1);
  greet(link);
}

function handled(link: Link, packet: Packet): void {
  if (packet.kind === "connack") {
    if (packet.code !== 0) drop(link);
    else transmit(link, { kind: "subscribe", id: 1, topic: topicFor(link.config.terminal, "down") });
  } else if (packet.kind === "suback") {
    if (packet.code > 2) drop(link);
    else greet(link);
  } else if (packet.kind === "publish") delivered(link, packet.payload);
}

function received(link: Link, bytes: Uint8Array): void {
  link.heardAt = link.clock.now();
  let rest = link.pending.length > 0 ? concat([link.pending, bytes]) : bytes;
  for (;;) {
    const found = rest.length > 0 ? scanPacket(rest) : null;
    if (!found) break;
    if (!found.packet) {
      drop(link);
      return;
    }
    rest = copyOf(rest, found.length, rest.length);
    link.pending = NO_BYTES;
    handled(link, found.packet);
    if (!link.socket) return;
  }
  link.pending = rest;
}

/** 1, 2, 4 … 30 s, each terminal at its own moment, so that a school whose power comes back does not knock in chorus. */
function waitMs(link: Link): number {
  let ms = 1000;
  for (let i = 1; i < link.failures && ms < LONGEST_WAIT_MS; i++) ms *= 2;
  return Math.min(ms, LONGEST_WAIT_MS) + ((link.config.terminal * 379) % 1000);
}

function overdue(link: Link, now: number): void {
  for (let i = link.waiting.length - 1; i >= 0; i--) {
    const waiting = link.waiting[i];
    if (!waiting || now < waiting.dueAt) continue;
    if (waiting.n === 0 && (waiting.tries >= TRIES || link.phase !== "open")) {
      link.waiting.splice(i, 1);
      link.events.onAnswer(waiting.tag, null);
    } else if (link.phase === "open") sendNow(link, waiting);
  }
}

function tick(link: Link): void {
  const now = link.clock.now();
  overdue(link, now);
  const age = now - link.phaseSince;
  if (link.phase === "down") {
    if (age >= (link.failures === 0 ? 0 : waitMs(link)) && link.events.mayConnect()) connect(link);
  } else if (link.phase !== "open" && age > GREETING_MS) drop(link);
  else if (now - link.heardAt > DEAD_MS) drop(link);
  else if (link.phase === "open" && now - link.sentAt > PING_MS) transmit(link, { kind: "pingreq" });
  pushOperation(link);
  link.clock.after(TICK_MS, tick, link);
}

/** Begins; never ends. */
export function startLink(link: Link): void {
  tick(link);
}

/** Asks a question; `onAnswer` with this tag comes exactly once. */
export function ask(link: Link, tag: string, message: Up): void {
  const waiting: Waiting = { tag, n: 0, packed: packUp(message), counters: [], tries: 0, dueAt: link.clock.now() };
  link.waiting.push(waiting);
  if (link.phase === "open") sendNow(link, waiting);
}

/** Says something that has no Reply; lost when the gateway is away. */
export function send(link: Link, message: Up): void {
  if (!link.up || link.phase !== "open") return;
  const { kind, body } = packUp(message);
  publish(link, sealFrame(link.up, kind, ++link.upCounter, false, body));
}

/** Something was stored in the outbox: sent at once when nothing else is on its way. */
export function hurry(link: Link): void {
  pushOperation(link);
}
