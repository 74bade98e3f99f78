/**
 * A school in one process on virtual time: terminals with their real images on imitated boards, the gateway's own core on a journal in memory, and the
 * cloud's own core on a store in memory. One clock, one seed: the same seed is the same day, byte for byte.
 *
 * Time only passes in {@link World.run}. Within it the boards, the network and the gateway act on the clock's instants; the talk with the cloud, which is
 * promises, happens between instants and is waited for, so no two runs can differ in what came first.
 */
import { createCloud, createMemoryStore, type Cloud, type GatewayRow } from "@trapeza/cloud";
import {
  cardKeys,
  createAdmission,
  createGateway,
  createSigner,
  DirectiveFeed,
  openJournal,
  sha256,
  terminalKey,
  Uplink,
  type CardKeys,
  type CloudTransport,
  type Gateway,
  type GatewayOptions,
  type Journal,
} from "@trapeza/gateway";
import { apply, createSchool, createVerifierKey, decodeWhole, directivesAnswer, directivesOrigin, encode, escpos } from "@trapeza/protocol";
import { eventsAnswer, eventsUpload, journalOrigin, latinBytes, toHex } from "@trapeza/protocol";
import type { Directive, Event, Release, School, TerminalId } from "@trapeza/protocol";
import { createFlash, type TerminalConfig, type TerminalKind } from "./board-flash.js";
import { createBroker, type Broker } from "./broker.js";
import { createVirtualClock, type VirtualClock } from "./clock.js";
import { imageFor, loadProgram } from "./program.js";
import { createRandom, type Random } from "./random.js";
import { createTerminal, type Terminal, type TerminalOptions } from "./terminal.js";

export interface WorldOptions {
  readonly seed: number;
  /** Unix ms at which the day begins. */
  readonly startMs: number;
  readonly schoolNumber: number;
  /** What the cloud has told the school before anybody comes. */
  readonly directives: readonly Directive[];
  /** `line`: which one a kiosk's bill validator speaks, CCNET unless told. `printer`: its model, as enrolled. */
  readonly terminals: readonly {
    readonly id: TerminalId;
    readonly kind: TerminalKind;
    readonly line?: TerminalConfig["line"];
    readonly printer?: string;
  }[];
  readonly acceptor?: TerminalOptions["acceptor"];
  /** Portraits by account number; none unless told. */
  readonly portraitOf?: GatewayOptions["portraitOf"];
  /** Who signs releases, as `config` names it; terminals take none unless told. */
  readonly signer?: string;
  /** How often the gateway talks with the cloud; every second unless told. */
  readonly exchangeMs?: number;
}

/** What a terminal last told its gateway of itself. */
export interface TerminalStatus {
  readonly atMs: number;
  /** Operations in its flash that were never answered. */
  readonly unsent: number;
  /** Of its card reader: "ok" or "silent". */
  readonly reader?: string;
  readonly paper?: string;
  /** A number of UPDATE_STATES. */
  readonly update?: number;
}

export interface World {
  readonly clock: VirtualClock;
  readonly random: Random;
  readonly cloud: Cloud;
  readonly journal: Journal;
  /** What the school's cards are written and opened with. */
  readonly cardKeys: CardKeys;
  /** The gateway's memory: the fold of its journal. */
  readonly school: School;
  readonly terminals: ReadonlyMap<number, Terminal>;
  /** Lines that a board printed because something threw, and complaints of gateway and uplink. */
  readonly complaints: readonly string[];
  /** By terminal. */
  readonly statuses: ReadonlyMap<number, TerminalStatus>;
  /** The cable between school and internet. */
  internet: boolean;
  /** The wires between terminals and gateway: unplugged, every connection breaks and none begins. */
  readonly lan: { plugged: boolean };
  /** The version that a terminal named in its last Hello. */
  firmware(terminal: number): string;
  /** What the gateway offers to terminals of a kind. */
  readonly releases: Map<TerminalKind, Release>;
  /** Lets `ms` pass. */
  run(ms: number): Promise<void>;
  /** Switches the terminals off, lets the night or the holidays pass until `atMs`, and switches them on again. */
  sleepUntil(atMs: number): Promise<void>;
  /** Lets time pass until the people in the story have done what they came for. */
  play(...stories: readonly Promise<unknown>[]): Promise<void>;
  /** Orders for the school, as the office gives them; they arrive at the next exchange. */
  tell(directives: readonly Directive[]): Promise<void>;
  /** Exchanges with the cloud until there is nothing left to say; for the end of a day. */
  drain(): Promise<void>;
}

const HOUSE = "trapeza.example";
const GATEWAY = "gateway-1";
const PORT = 1883;
const EXCHANGE_MS = 1000;
/** Boots, connects, fetches the menu. */
const WAKE_MS = 5000;
/** How often a story is asked whether it is over. */
const STORY_MS = 50;
/** Frames of one instant are decided together. */
const FLUSH_MS = 1;

interface Parts {
  readonly options: WorldOptions;
  readonly clock: VirtualClock;
  readonly random: Random;
  readonly complaints: string[];
  readonly statuses: Map<number, TerminalStatus>;
  readonly cloud: Cloud;
  readonly secret: Uint8Array;
  readonly releases: World["releases"];
}

/** Builds the school, hands it its directives and switches everything on. */
export async function createWorld(options: WorldOptions): Promise<World> {
  const random = createRandom(options.seed);
  const clock = createVirtualClock(options.startMs);
  const complaints: string[] = [];
  const chance = random.fork("cloud");
  const cloud = await createCloud({
    store: createMemoryStore(),
    seed: random.fork("cloud key").bytes(32),
    house: HOUSE,
    now: () => clock.now(),
    random: (bytes) => chance.bytes(bytes),
  });
  await cloud.registerSchool({ id: options.schoolNumber, label: `school ${options.schoolNumber}` });
  await cloud.enqueueDirectives(options.schoolNumber, options.directives);
  const secret = random.fork("school secret").bytes(32);
  const statuses = new Map<number, TerminalStatus>();
  const releases: World["releases"] = new Map();
  const parts = { options, clock, random, complaints, statuses, cloud, secret, releases };
  const online = { internet: true };
  const server = await startServer(parts, online);
  await server.exchange();
  const terminals = new Map(options.terminals.map((one) => [one.id as number, openTerminal(parts, one, server.broker)]));
  for (const terminal of terminals.values()) terminal.board.powerOn();
  const { journal, school } = server;
  const exchangeMs = options.exchangeMs ?? EXCHANGE_MS;
  let exchangedMs = clock.now();
  const run = async (ms: number): Promise<void> => {
    const end = clock.now() + ms;
    while (clock.now() < end) {
      await clock.pass(Math.min(exchangedMs + exchangeMs, end) - clock.now());
      if (clock.now() - exchangedMs < exchangeMs) continue;
      exchangedMs = clock.now();
      await server.exchange();
    }
  };
  return {
    ...{ clock, random, cloud, journal, school, terminals, complaints, statuses, lan: server.lan, releases, cardKeys: cardKeys(secret) },
    get internet() {
      return online.internet;
    },
    set internet(plugged) {
      online.internet = plugged;
    },
    run,
    async sleepUntil(atMs) {
      for (const terminal of terminals.values()) terminal.board.powerOff();
      await clock.pass(atMs - clock.now());
      exchangedMs = clock.now();
      await server.exchange();
      for (const terminal of terminals.values()) terminal.board.powerOn();
      await run(WAKE_MS);
    },
    async play(...stories) {
      let over = false;
      const all = Promise.all(stories).finally(() => (over = true));
      // Looked at again below: an unhandled rejection in between would end the process.
      all.catch(() => undefined);
      while (!over) await run(STORY_MS);
      await all;
    },
    firmware: (terminal) => server.firmware(terminal),
    async tell(directives) {
      await cloud.enqueueDirectives(options.schoolNumber, directives);
    },
    async drain() {
      // A head is signed at most once a second: time has to pass for the last events to be covered.
      for (let size = -1; size !== journal.size || journal.cosigned?.size !== size; await run(exchangeMs)) size = journal.size;
    },
  };
}

function openTerminal({ options, clock, secret, complaints }: Parts, one: WorldOptions["terminals"][number], broker: Broker): Terminal {
  const key = toHex(terminalKey(secret, one.id, 1));
  const terminal = createTerminal({
    ...loadProgram(imageFor(one)),
    ...{ clock, flash: createFlash(), network: broker, acceptor: options.acceptor },
    config: {
      terminal: one.id,
      kind: one.kind,
      key,
      host: "127.0.0.1",
      port: PORT,
      school: options.schoolNumber,
      line: one.line,
      printer: one.printer === undefined ? undefined : { name: one.printer, ...escpos.MODELS[one.printer] },
      signer: options.signer,
    },
  });
  terminal.listen(({ line, bytes }) => {
    if (line === "console") complaints.push(`terminal ${one.id}: ${Buffer.from(bytes).toString("latin1")}`);
  });
  return terminal;
}

interface Server {
  readonly journal: Journal;
  readonly school: School;
  readonly broker: Broker;
  /** One talk with the cloud: directives down, events up. */
  readonly exchange: () => Promise<void>;
  readonly lan: World["lan"];
  readonly firmware: World["firmware"];
}

function logInto({ clock, complaints, statuses }: Parts): GatewayOptions["log"] {
  return {
    info(fields: object, what: string) {
      const { terminal, unsent = 0, reader, paper, update } = fields as Partial<TerminalStatus> & { readonly terminal?: number };
      if (what === "terminal status" && terminal !== undefined)
        statuses.set(terminal, { atMs: clock.now(), unsent, reader, paper, update: update ?? 0 });
    },
    warn: (fields: object, what: string) => void complaints.push(`gateway: ${what} ${JSON.stringify(fields)}`),
  };
}

async function startServer(parts: Parts, online: { internet: boolean }): Promise<Server> {
  const { options, clock, random, cloud, secret } = parts;
  const { schoolNumber } = options;
  const origin = journalOrigin(HOUSE, schoolNumber, 1);
  const signer = createSigner(origin, random.fork("gateway key").bytes(32));
  const school = createSchool();
  const draws = random.fork("gateway");
  const die = (reason: Error): never => {
    throw reason;
  };
  const { name, publicKey } = cloud.signer.directives.key;
  const journal = openJournal({
    ...{ path: ":memory:", origin, epoch: 1, signer, die },
    cosigner: createVerifierKey(sha256, name, "cosignature", publicKey),
    random: (bytes) => draws.bytes(bytes),
    fold: (event: Event) => apply(school, event),
  });
  const row = await cloud.registerGateway({ id: GATEWAY, school: schoolNumber, key: signer.key.publicKey });
  const log = logInto(parts);
  const gateway: Gateway = createGateway({
    ...{ journal, school, schoolNumber, schoolSecret: secret, publicKey: signer.key.publicKey, die, log },
    clock: { nowMs: () => clock.now(), state: () => "synchronized" },
    random: (bytes) => draws.bytes(bytes),
    send: (terminal, frame) => broker.send(terminal, frame),
    ...{
      online: () => online.internet,
      portraitOf: options.portraitOf ?? (() => null),
      wanted: (_, { terminalKind }) => parts.releases.get(terminalKind) ?? null,
    },
  });
  const flush = createFlush(clock, gateway);
  const broker = createBroker(clock, {
    admit: createAdmission({
      ...{ schoolSecret: secret, connections: journal.connections(), remember: (connection) => journal.rememberConnection(connection) },
      enrolmentOf: (terminal) => school.terminals.get(terminal)?.enrolment ?? null,
    }),
    frame: (terminal, frame) => {
      if (gateway.receive(terminal as TerminalId, frame)) flush();
    },
    gone: () => undefined,
  });
  const transport = cloudTransport(cloud, row, schoolNumber, online);
  const talk = { transport, chance: () => 0, log };
  const uplink = new Uplink({ ...talk, journal, nowMs: () => clock.now(), onCosigned: flush });
  const feed = new DirectiveFeed({
    ...{ ...talk, origin: directivesOrigin(HOUSE, schoolNumber), key: cloud.signer.directives.key, onHeard: () => undefined },
    applied: () => journal.directives,
    apply: (directives, edge) => gateway.applyDirectives(directives, edge),
    breathe: async () => undefined,
  });
  const exchange = async (): Promise<void> => {
    while ((await feed.step(0)).kind === "applied");
    // Sent at once, again after a gap: whatever has more to say says it now.
    for (let step = await uplink.step(); step.kind === "sent" || step.kind === "again"; step = await uplink.step());
  };
  let plugged = true;
  const lan = {
    get plugged() {
      return plugged;
    },
    set plugged(now) {
      plugged = now;
      if (now) broker.open();
      else broker.close();
    },
  };
  const firmware = (id: number): string => gateway.lastSeen().find(({ terminal }) => terminal === id)?.firmware ?? "";
  return { journal, school, broker, exchange, lan, firmware };
}

function createFlush(clock: VirtualClock, gateway: Gateway): () => void {
  let asked = false;
  const flush = (): void => {
    if (asked) return;
    asked = true;
    clock.after(FLUSH_MS, () => {
      asked = false;
      if (gateway.flush() > 0) flush();
    });
  };
  return flush;
}

/** The cloud without HTTP around it; requests' signatures are the transport's business and are tested there. */
function cloudTransport(cloud: Cloud, row: GatewayRow, school: number, online: { internet: boolean }): CloudTransport {
  return async (method, path, body) => {
    if (!online.internet) throw new Error("no route to the cloud");
    if (method === "GET") {
      const from = Number(/from=(\d+)/.exec(path)?.[1] ?? 0);
      return { status: 200, body: encode(directivesAnswer, await cloud.directives.page(school, from)) };
    }
    const upload = decodeWhole(eventsUpload, body ?? new Uint8Array(0));
    if (!upload.ok) return { status: 400, body: latinBytes(upload.malformed.what) };
    const answer = await cloud.intake.receive(row, upload.value);
    return { status: answer.kind === "Stored" ? 200 : 409, body: encode(eventsAnswer, answer) };
  };
}
