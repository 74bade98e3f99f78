import {
  createTree,
  decode,
  encode,
  equalBytes,
  helloKey,
  helloSchema,
  isClearDown,
  openFrame,
  openHandshake,
  packUp,
  sealFrame,
} from "@trapeza/protocol";
import { apply, createSchool, parseDate, sealHandshake, sessionKeys, terminalId, unpackDown, welcomeSchema } from "@trapeza/protocol";
import type {
  AccountNumber,
  BusinessDate,
  CardUid,
  Channel,
  Directive,
  Down,
  Hello,
  Kopecks,
  Result,
  School,
  TerminalId,
  TerminalKind,
  Up,
  Welcome,
} from "@trapeza/protocol";
import { cipher, sha256, terminalKey } from "./cipher.js";
import type { GatewayOptions } from "./desk.js";
import { createGateway } from "./gateway.js";
import type { Gateway } from "./gateway.js";
import { cosigner, ORIGIN, seededRandom, signer } from "./journal/_journal.test.js";
import { openJournal } from "./journal/journal.js";
import type { Journal, JournalOptions } from "./journal/journal.js";

export const SECRET = seededRandom("a school's secret")(32);
export const KIOSK = terminalId(1);
export const TILL = terminalId(2);
export const WALL = terminalId(3);
export const PUPIL = "04a1b2c3" as CardUid;
export const TEACHER = "04000001" as CardUid;
export const CASHIER = "04000002" as CardUid;
export const NUMBER = "0242013137" as AccountNumber;
/** Friday, 20 November 2026, 09:00 in Moscow. */
export const MORNING_MS = Date.UTC(2026, 10, 20, 6);
export const TODAY = parseDate("2026-11-20") as BusinessDate;

const rub = (roubles: number): Kopecks => (roubles * 100) as Kopecks;
const from = (TODAY - 30) as BusinessDate;
const validThrough = (TODAY + 300) as BusinessDate;

/** A small school: one class with three pupils, a teacher, a cashier, two dishes, one lunch, three terminals. */
export const SCHOOL: readonly Directive[] = [
  {
    ...{
      kind: "SetSchool",
      number: 7,
      name: "Школа № 7",
      operator: "ООО «Трапеза»",
      address: null,
      claimPhone: "8 800 000-00-00",
      language: "ru",
    },
    ...{ zoneMinutes: 180, debtLimit: rub(150), mercyMeals: false, twoPersons: false, receiptsFrom: 1 },
  },
  { kind: "SetCaterer", id: 1, name: "Комбинат питания" },
  { kind: "SetCategory", id: 1, name: "Платное" },
  { kind: "SetClass", id: 11, name: "3 А" },
  { kind: "SetStaff", id: 1, name: "Орлова Мария Петровна", role: "teacher", class: 11 },
  { kind: "SetStaff", id: 2, name: "Лебедева Анна Ивановна", role: "cashier", class: null },
  ...[1, 2, 3].map((id): Directive => ({
    ...{
      kind: "SetAccount",
      id,
      number: id === 1 ? NUMBER : (("100000000" + id) as AccountNumber),
      holder: "pupil",
      name: `Ученик ${id}`,
      shortName: `У. ${id}`,
    },
    ...{ class: 11, category: 1, debtLimit: null, status: "open" },
  })),
  card(PUPIL, "pupil", 1, null),
  card(TEACHER, "teacher", null, 1),
  card(CASHIER, "cashier", null, 2),
  { kind: "SetGroup", id: 0, name: "Выпечка" },
  { kind: "SetDish", code: 101, name: "Булочка", price: rub(20), group: 0, allergens: [], caterer: 1, offered: true, from },
  { kind: "SetDish", code: 102, name: "Сок", price: rub(25), group: 0, allergens: [], caterer: 1, offered: true, from },
  { kind: "SetMeal", id: 1, name: "Обед", servedFrom: 480, closes: 960, cutOffDays: 1, cutOffMinute: 900 },
  { kind: "SetTariff", meal: 1, category: 1, share: rub(98), subsidy: rub(10), program: 1, caterer: 1, from },
  terminal(KIOSK, "payment"),
  terminal(TILL, "settlement"),
  terminal(WALL, "information"),
  { kind: "TopUp", account: 1, main: rub(300), additional: rub(200), source: "payment", reference: "p1" },
];

function card(uid: CardUid, holder: "pupil" | "teacher" | "cashier", account: number | null, staff: number | null): Directive {
  return { kind: "SetCard", uid, number: uid.toUpperCase(), holder, account, staff, state: "active", by: "operator", validThrough };
}

export function terminal(id: TerminalId, terminalKind: TerminalKind, enrolment = 1): Directive {
  return { kind: "SetTerminal", id, terminalKind, enrolment, place: "столовая", service: "open", capacity: 1000 };
}

export interface World {
  readonly gateway: Gateway;
  readonly school: School;
  readonly journal: Journal;
  readonly sent: Sent[];
  readonly time: { nowMs: number };
}

export interface Sent {
  readonly terminal: number;
  readonly frame: Uint8Array;
}

/** What a speaker needs of the world: somewhere to give its frames, and what came back. */
export interface Ear {
  readonly gateway: Pick<Gateway, "receive" | "flush">;
  readonly sent: Sent[];
}

/** A gateway on a virtual clock. `path` ":memory:" or a file to open again. */
export function openWorld(
  path = ":memory:",
  directives: readonly Directive[] = SCHOOL,
  online = true,
  more: Partial<GatewayOptions> = {},
  disk: (school: School) => Partial<JournalOptions> = () => ({}),
): World {
  const school = createSchool();
  const die = (reason: Error): never => {
    throw reason;
  };
  const journal = openJournal({
    ...{ path, origin: ORIGIN, epoch: 1, signer, cosigner: cosigner.key, random: seededRandom("salt"), die },
    fold: (event) => apply(school, event),
    ...disk(school),
  });
  const sent: Sent[] = [];
  const time = { nowMs: MORNING_MS };
  const silent = { info: () => undefined, warn: () => undefined };
  const gateway: Gateway = createGateway({
    ...{ journal, school, schoolNumber: 7, schoolSecret: SECRET, publicKey: signer.key.publicKey, die, log: silent },
    forget: () => void Object.assign(school, createSchool()),
    clock: { nowMs: () => time.nowMs, state: () => "synchronized" },
    ...{ random: seededRandom("gateway"), online: () => online, send: (to, frame) => void sent.push({ terminal: to, frame }) },
    ...more,
  });
  const tree = createTree(sha256, journal.directives);
  const rest = directives.slice(journal.directives.size);
  for (const directive of rest) tree.append(sha256(new TextEncoder().encode(directive.kind)));
  if (rest.length > 0) gateway.applyDirectives(rest, tree.edge());
  gateway.flush();
  return { gateway, school, journal, sent, time };
}

/** A terminal that speaks the wire by the book, and badly when it is told to. */
export class Speaker {
  incarnation = 0;
  lastN = 0;
  bootEpoch = 1;
  k = 0;
  token: Uint8Array = new Uint8Array(8);
  counter = 0;
  up: Channel | null = null;
  down: Channel | null = null;
  heard: Down[] = [];
  welcome: Welcome | null = null;
  #hello: Uint8Array = new Uint8Array(0);

  constructor(
    readonly world: Ear,
    readonly id: TerminalId,
    readonly kind: TerminalKind,
    readonly enrolment = 1,
  ) {}

  get key(): Uint8Array {
    return terminalKey(SECRET, this.id, this.enrolment);
  }

  helloFrame(change: Partial<Hello> = {}): Uint8Array {
    const { kind: terminalKind, bootEpoch, incarnation, lastN } = this;
    const plain = { terminalKind, firmware: "test", bootEpoch, k: ++this.k, incarnation, lastN, resumeToken: this.token };
    const body = encode(helloSchema, {
      ...plain,
      heardEpoch: 0,
      heardSize: 0,
      nonce: new Uint8Array(16).fill(this.k),
      answered: lastN,
      line: "none",
      ...change,
    });
    this.#hello = sealHandshake(sha256, helloKey(sha256, this.key), "up", body);
    return this.#hello;
  }

  /** Says Hello and takes the Welcome, if one comes. */
  greet(change: Partial<Hello> = {}): Welcome | null {
    this.welcome = null;
    this.give(this.helloFrame(change));
    return this.welcome;
  }

  /** Hands a frame to the gateway and reads what comes back. */
  give(frame: Uint8Array): Down[] {
    const before = this.heard.length;
    if (this.world.gateway.receive(this.id, frame)) this.world.gateway.flush();
    this.read();
    return this.heard.slice(before);
  }

  seal(message: Up): Uint8Array {
    const { kind, body } = packUp(message);
    return sealFrame(this.up as Channel, kind, ++this.counter, false, body);
  }

  /** Sends a message; the result of its reply, or `null`. An operation's number is remembered. */
  ask(message: Up): Result | null {
    if ("n" in message) this.lastN = Math.max(this.lastN, message.n);
    const re = this.counter + 1;
    const reply = this.give(this.seal(message)).find((down) => down.kind === "Reply" && down.re === re);
    return reply?.kind === "Reply" ? reply.result : null;
  }

  read(): void {
    for (const { terminal: to, frame } of this.world.sent.splice(0)) {
      if (to !== this.id) continue;
      const opened = this.down && openFrame(this.down, isClearDown, frame);
      const message = opened && opened.ok ? unpackDown(opened) : null;
      if (message?.ok) this.heard.push(message.value);
      else if (frame[0] === 64 + 6) this.heard.push({ kind: "Rehello" });
      else this.#accept(frame);
    }
  }

  #accept(frame: Uint8Array): void {
    const opened = openHandshake(sha256, helloKey(sha256, this.key), "down", frame);
    const welcome = opened.ok ? decode(welcomeSchema, opened.body) : null;
    if (!welcome?.ok) return;
    const keys = sessionKeys(sha256, this.key, this.#hello, frame);
    this.up = { sha256, cipher, direction: "up", encryption: keys.upEncryption, tag: keys.upTag };
    this.down = { sha256, cipher, direction: "down", encryption: keys.downEncryption, tag: keys.downTag };
    this.counter = 0;
    this.welcome = welcome.value;
    if (equalBytes(welcome.value.resumeToken, new Uint8Array(8))) return;
    this.incarnation = welcome.value.incarnation;
    this.token = welcome.value.resumeToken;
  }
}

export const when = { date: TODAY, sinceMs: 0, known: true };
export { rub };
