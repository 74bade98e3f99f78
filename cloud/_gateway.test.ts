/** For tests: a school's gateway in a few lines. It decides by the real rules, keeps its journal in an array and signs what it uploads. */
import { createHash, randomBytes } from "node:crypto";
import {
  RULES_VERSION,
  accountNumber,
  apply,
  cardUid,
  createSchool,
  createTree,
  dateFromCivil,
  decide,
  decideDirective,
  encode,
  encodeEntry,
  eventSchema,
  journalOrigin,
  leafHash,
  recordFact,
  signCheckpoint,
} from "@trapeza/protocol";
import type {
  BusinessDate,
  Directive,
  Event,
  EventBody,
  EventsUpload,
  Fact,
  Request,
  School,
  TerminalId,
  TreeHead,
} from "@trapeza/protocol";
import { createCloud } from "./cloud.js";
import type { Cloud } from "./cloud.js";
import { createCloudSigner, sha256 } from "./crypto.js";
import { createMemoryStore } from "./store/memory.js";
import type { GatewayRow, Store } from "./store/store.js";

export const HOUSE = "trapeza.example";
export const SCHOOL = 24;
export const TODAY = dateFromCivil(2018, 1, 18);
export const NOW_MS = Date.UTC(2018, 0, 18, 7, 0);
export const PUPIL = 7;
export const [PUPIL_CARD, TEACHER_CARD, CASHIER_CARD] = ["04000007", "04000101", "04000102"].map(cardUid);
export const [KIOSK, TILL, WALL] = [1, 2, 3] as TerminalId[];

/** A school with one class, one pupil on two purses, a teacher, a cashier, two dishes and a breakfast. */
export const DIRECTIVES = [
  {
    kind: "SetSchool",
    number: 24,
    name: "Школа №24",
    operator: "Оператор",
    address: null,
    claimPhone: "+7 862 000-00-00",
    language: "ru",
    zoneMinutes: 180,
    debtLimit: 15000,
    mercyMeals: false,
    twoPersons: false,
    receiptsFrom: 1983,
  },
  { kind: "SetCaterer", id: 1, name: "Столовая" },
  { kind: "SetCategory", id: 1, name: "1–4 классы" },
  { kind: "SetClass", id: 3, name: "03Б" },
  { kind: "SetStaff", id: 1, name: "Петрова Мария Львовна", role: "teacher", class: 3 },
  { kind: "SetStaff", id: 2, name: "Сидорова Вера Павловна", role: "cashier", class: null },
  { kind: "SetGroup", id: 1, name: "Выпечка" },
  {
    kind: "SetAccount",
    id: PUPIL,
    number: accountNumber("0242013137"),
    holder: "pupil",
    name: "Иванов Иван Иванович",
    shortName: "Иван И.",
    class: 3,
    category: 1,
    debtLimit: null,
    status: "open",
  },
  {
    kind: "SetCard",
    uid: PUPIL_CARD,
    number: "24-0007",
    holder: "pupil",
    account: PUPIL,
    staff: null,
    state: "active",
    by: "school",
    validThrough: TODAY + 1000,
  },
  {
    kind: "SetCard",
    uid: TEACHER_CARD,
    number: "24-0101",
    holder: "teacher",
    account: null,
    staff: 1,
    state: "active",
    by: "school",
    validThrough: TODAY + 1000,
  },
  {
    kind: "SetCard",
    uid: CASHIER_CARD,
    number: "24-0102",
    holder: "cashier",
    account: null,
    staff: 2,
    state: "active",
    by: "school",
    validThrough: TODAY + 1000,
  },
  { kind: "SetDish", code: 11, name: "Пицца 125 г", price: 3450, group: 1, allergens: [], caterer: 1, offered: true, from: TODAY - 30 },
  {
    kind: "SetDish",
    code: 12,
    name: "Сок в ассортименте 200 г",
    price: 1320,
    group: 1,
    allergens: [],
    caterer: 1,
    offered: true,
    from: TODAY - 30,
  },
  { kind: "SetMeal", id: 1, name: "Завтрак младшая школа", servedFrom: 0, closes: 1440, cutOffDays: 0, cutOffMinute: 1440 },
  { kind: "SetTariff", meal: 1, category: 1, share: 4961, subsidy: 2000, program: 5, caterer: 1, from: TODAY - 30 },
  { kind: "SetTerminal", id: KIOSK, terminalKind: "payment", enrolment: 1, place: "Вестибюль", service: "open", capacity: 500 },
  { kind: "SetTerminal", id: TILL, terminalKind: "settlement", enrolment: 1, place: "Буфет", service: "open", capacity: 0 },
  { kind: "SetTerminal", id: WALL, terminalKind: "information", enrolment: 1, place: "Столовая", service: "open", capacity: 0 },
] as unknown as Directive[];

export interface TestGateway {
  readonly row: GatewayRow;
  readonly events: Event[];
  readonly entries: Uint8Array[];
  /** What the gateway itself believes, folded by the rules. */
  readonly school: School;
  readonly direct: (...directives: readonly Directive[]) => void;
  readonly ask: (terminal: TerminalId, request: Request) => EventBody[];
  readonly fact: (terminal: TerminalId, fact: Fact) => EventBody[];
  /** Writes events as they come, asking no rules. */
  readonly write: (...bodies: readonly EventBody[]) => void;
  readonly openDay: (date: BusinessDate) => void;
  /** Entries [from, to) and the checkpoint over all up to `to`. */
  readonly upload: (from?: number, to?: number) => EventsUpload;
  readonly head: () => TreeHead;
  readonly sign: (message: Uint8Array) => Uint8Array;
}

export const gatewaySeed = (epoch: number) =>
  new Uint8Array(
    createHash("sha256")
      .update("gateway " + epoch)
      .digest(),
  );
export const gatewayKey = (epoch: number) => createCloudSigner("gateway", gatewaySeed(epoch)).publicKey;

/** A gateway at the start of its epoch; the state of the epochs before comes from `before`. */
export function createTestGateway(row: GatewayRow, before?: TestGateway): TestGateway {
  const origin = journalOrigin(HOUSE, row.school, row.epoch);
  const signer = createCloudSigner(origin, gatewaySeed(row.epoch)).directives;
  const school = before?.school ?? createSchool();
  const events: Event[] = [];
  const entries: Uint8Array[] = [];
  let date = school.date;
  let n = 0;
  const headAt = (size: number): TreeHead => {
    const tree = createTree(sha256);
    for (const entry of entries.slice(0, size)) tree.append(leafHash(sha256, entry));
    return { size, root: tree.root() };
  };
  const append = (bodies: readonly EventBody[], terminal: TerminalId | null) => {
    n += terminal === null ? 0 : 1;
    bodies.forEach((body, part) => {
      const operation = terminal === null ? null : { terminal, incarnation: row.epoch, n, part };
      const event = {
        seq: events.length,
        atMs: NOW_MS + events.length,
        clock: "synchronized",
        date,
        operation,
        digest: null,
        body,
      } as Event;
      apply(school, event);
      events.push(event);
      entries.push(encodeEntry({ salt: new Uint8Array(randomBytes(16)), event: encode(eventSchema, event) }));
    });
    return [...bodies];
  };
  const context = (terminal: TerminalId) => ({ terminal, date, atMs: NOW_MS + events.length, clock: "synchronized" as const });
  const previous = before ? before.head() : null;
  append([{ kind: "GatewayStarted", school: row.school, epoch: row.epoch, key: row.key, previous, rulesVersion: RULES_VERSION }], null);
  return {
    ...{ row, events, entries, school, head: () => headAt(entries.length), sign: signer.sign },
    direct: (...directives) => {
      for (const directive of directives) append(decideDirective(school, school.directives + 1, directive, context(0 as TerminalId)), null);
    },
    ask(terminal, request) {
      const decision = decide(school, request, context(terminal));
      append(decision.bodies, terminal);
      if (decision.kind === "refused") throw new Error("refused: " + decision.reason);
      return decision.bodies;
    },
    fact: (terminal, fact) => append(recordFact(school, fact, context(terminal)), terminal),
    write: (...bodies) => void append(bodies, null),
    openDay(next) {
      date = next;
      append([{ kind: "DayOpened", date: next, staff: null }], null);
    },
    upload(from = 0, to = entries.length) {
      const checkpoint = signCheckpoint({ origin, ...headAt(to) }, signer);
      return { epoch: row.epoch, from, entries: entries.slice(from, to), checkpoint };
    },
  };
}

/** A cloud with the school and one gateway registered, and that gateway with the school's directives applied on {@link TODAY}. */
export async function createTestSchool(
  store: Store = createMemoryStore(),
  now = () => NOW_MS,
): Promise<{ cloud: Cloud; gateway: TestGateway; restart: () => Promise<Cloud> }> {
  const options = {
    store,
    seed: new Uint8Array(32).fill(1),
    house: HOUSE,
    now,
    random: (bytes: number) => new Uint8Array(randomBytes(bytes)),
  };
  const cloud = await createCloud(options);
  await cloud.registerSchool({ id: SCHOOL, label: "24" });
  const gateway = createTestGateway(await cloud.registerGateway({ id: "g24", school: SCHOOL, key: gatewayKey(1) }));
  gateway.openDay(TODAY);
  gateway.direct(...DIRECTIVES);
  return { cloud, gateway, restart: () => createCloud(options) };
}
