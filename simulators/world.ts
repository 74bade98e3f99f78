/**
 * A school in one process on virtual time: terminals with their real images on imitated boards, the gateway's own core on a journal in memory, and the
 * cloud's own core on a store in memory. One clock, one seed: the same seed is the same day, byte for byte.
 *
 * Time only passes in {@link World.run}. Within it the boards, the network and the gateway act on the clock's instants; the talk with the cloud, which is
 * promises, happens between instants and is waited for, so no two runs can differ in what came first.
 */
import { createCloud, createMemoryStore, type Cloud, type GatewayRow } from "@trapeza/cloud";
import { cardKeys, type CardKeys, type GatewayOptions, type Journal } from "@trapeza/gateway";
import type { Directive, Release, School, TerminalId } from "@trapeza/protocol";
import type { TerminalKind } from "./board-flash.js";
import { openFleet, type Retired, type TerminalPlan } from "./fleet.js";
import { createBroker, type Broker } from "./broker.js";
import { createVirtualClock, type VirtualClock } from "./clock.js";
import { enrolHost, firstHost, nextHost, type Host, type HostOptions, type Online } from "./host.js";
import { openCloudPair, type CloudPair } from "./cloud-pair.js";
import type { CutMoment } from "./host-ground.js";
import { createRandom, type Random } from "./random.js";
import type { Terminal, TerminalOptions } from "./terminal.js";

export interface WorldOptions {
  readonly seed: number;
  /** Unix ms at which the day begins. */
  readonly startMs: number;
  readonly schoolNumber: number;
  /** What the cloud has told the school before anybody comes. */
  readonly directives: readonly Directive[];
  readonly terminals: readonly TerminalPlan[];
  readonly acceptor?: TerminalOptions["acceptor"];
  /** Portraits by account number; none unless told. */
  readonly portraitOf?: GatewayOptions["portraitOf"];
  /** Who signs releases, as `config` names it; terminals take none unless told. */
  readonly signer?: string;
  /** How often the gateway talks with the cloud; every second unless told. */
  readonly exchangeMs?: number;
  /** Terminals keep in memory what the chip reads anew each time (whole-program.ts). */
  readonly roomsStay?: boolean;
  /** How long a card reader looks into a field that has been empty for a while; as long as real ones do unless told. */
  readonly patienceMs?: number;
}

/** What a terminal last told its gateway of itself. */
export interface TerminalStatus {
  readonly atMs: number;
  /** Operations in its flash that were never answered. */
  readonly unsent: number;
  /** Of its card reader: "ok" or "silent". */
  readonly reader?: string;
  readonly paper?: string;
  readonly acceptor?: string;
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
  /** What terminals said to whoever reads logs. */
  readonly logs: readonly string[];
  /** Everything that the gateway wrote into its log. */
  readonly lines: readonly string[];
  /** The cable between school and internet. */
  internet: boolean;
  /** The cloud falls when a gateway's request has called its store so often, and another takes its place. */
  failCloud(afterCalls: number, struck: () => void): void;
  /** What befalls the next request to the cloud. */
  readonly cloudLine: Pick<Writable<Online>, "loses">;
  /** The wires between terminals and gateway: unplugged, every connection breaks and none begins. */
  readonly lan: { plugged: boolean } & Pick<Broker, "weather" | "post" | "deafen">;
  /** How far the gateway's clock is from the true one, how much room its disk has, and whether it fails the write that is under way. */
  readonly gatewayState: { skewMs: number; freeBytes: number; failsWrite: () => boolean };
  /** The gateway loses its power and has it back `offMs` later; `struck` when it has gone. Nothing happens while it is without power. */
  cutGateway(moment: CutMoment, offMs: number, struck?: () => void): void;
  /** Another board takes a terminal's place, enrolled anew, with the devices of the old one's make. The old one is in {@link World.retired}. */
  replaceTerminal(id: number): Promise<Terminal>;
  /** Terminals that were replaced; what lies in their cassettes and trays is still there. */
  readonly retired: readonly Retired[];
  /** The version that a terminal named in its last Hello. */
  firmware(terminal: number): string;
  /** The gateway loses its power for good; every connection breaks. What is left of it may be woken later. */
  kill(): Host;
  /** Opens the next epoch for another gateway, or answers the same again to the one that has this `code`. */
  enrol(code?: string): Promise<Enrolled>;
  /** Another gateway takes the dead one's place, and terminals find it. */
  replace(enrolled?: Enrolled): Promise<void>;
  /** Connects the terminals' wires to this gateway. */
  attach(host: Host): void;
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

export interface Enrolled {
  readonly row: GatewayRow;
  readonly code: string;
  readonly options: HostOptions;
}

const HOUSE = "trapeza.example";
const PORT = 1883;
const EXCHANGE_MS = 1000;
const ROOM_BYTES = 1 << 30;
/** Boots, connects, fetches the menu. */
const WAKE_MS = 5000;
/** A gateway does something every second; at night that is only to see whether it is another day. */
const NIGHT_TICK_MS = 3_600_000;
/** How often a story is asked whether it is over. */
const STORY_MS = 50;

interface Parts {
  readonly options: WorldOptions;
  readonly clock: VirtualClock;
  readonly random: Random;
  readonly complaints: string[];
  readonly statuses: Map<number, TerminalStatus>;
  readonly logs: string[];
  readonly lines: string[];
  readonly clouds: CloudPair;
  readonly secret: Uint8Array;
  readonly releases: World["releases"];
  readonly state: World["gatewayState"];
}

async function openParts(options: WorldOptions): Promise<Parts> {
  const random = createRandom(options.seed);
  const clock = createVirtualClock(options.startMs);
  const complaints: string[] = [];
  const seed = random.fork("cloud key").bytes(32);
  const clouds = await openCloudPair(createMemoryStore(), (store, before) => {
    const chance = random.fork(before === 0 ? "cloud" : `cloud ${before}`);
    return createCloud({ ...{ store, seed, house: HOUSE }, now: () => clock.now(), random: (bytes) => chance.bytes(bytes) });
  });
  const { cloud } = clouds;
  await cloud.registerSchool({ id: options.schoolNumber, label: `school ${options.schoolNumber}` });
  await cloud.enqueueDirectives(options.schoolNumber, options.directives);
  const secret = random.fork("school secret").bytes(32);
  const statuses = new Map<number, TerminalStatus>();
  const logs: string[] = [];
  const lines: string[] = [];
  const releases: World["releases"] = new Map();
  const state = { skewMs: 0, freeBytes: ROOM_BYTES, failsWrite: () => false };
  return { options, clock, random, complaints, statuses, logs, lines, clouds, secret, releases, state };
}

/** Gateways, one after the other, at the end of the terminals' wires. */
async function openHosts(parts: Parts, online: HostOptions["online"], { broker, wires }: Pick<Lan, "broker" | "wires">) {
  const settings = (epoch: number): HostOptions => hostOptions(parts, online, broker, epoch);
  let host = await firstHost(settings(1));
  wires.host = host;
  const attach = (other: Host): void => {
    broker.close();
    wires.host = other;
    broker.open();
  };
  const enrol = async (code?: string): Promise<Enrolled> => {
    const epochs = (await parts.clouds.cloud.store.gateways(parts.options.schoolNumber)).length;
    const enrolling = settings(code ? epochs : epochs + 1);
    return { ...(await enrolHost(enrolling, code)), options: enrolling };
  };
  let isOff = false;
  const cut = (moment: CutMoment, offMs: number, struck?: () => void): void => {
    const one = host;
    if (isOff || wires.host !== one) return;
    isOff = true;
    one.cut(moment, () => {
      broker.close();
      struck?.();
      parts.clock.after(offMs, () => {
        isOff = false;
        if (wires.host !== one) return;
        one.wake();
        broker.open();
      });
    });
  };
  return {
    host: () => host,
    cutGateway: cut,
    kill() {
      isOff = false;
      wires.host = null;
      broker.close();
      return host;
    },
    async replace(enrolled?: Enrolled) {
      const { row, options } = enrolled ?? (await enrol());
      host = await nextHost(options, row);
      attach(host);
      await host.exchange();
    },
    ...{ attach, enrol },
  };
}

/** Builds the school, hands it its directives and switches everything on. */
export async function createWorld(options: WorldOptions): Promise<World> {
  const parts = await openParts(options);
  const { clock, random, clouds, complaints, statuses, releases, secret } = parts;
  const online: Writable<Online> = { internet: true, loses: () => null };
  const { broker, wires, lan } = openLan(clock);
  const { host, ...deeds } = await openHosts(parts, online, { broker, wires });
  await host().exchange();
  const fleet = openFleet({ ...options, clock, secret, complaints, network: broker, port: PORT });
  const { terminals, retired } = fleet;
  const exchangeMs = options.exchangeMs ?? EXCHANGE_MS;
  let exchangedMs = clock.now();
  const run = async (ms: number): Promise<void> => {
    const end = clock.now() + ms;
    while (clock.now() < end) {
      await clock.pass(Math.min(exchangedMs + exchangeMs, end) - clock.now());
      if (clock.now() - exchangedMs < exchangeMs) continue;
      exchangedMs = clock.now();
      await wires.host?.exchange();
    }
  };
  return {
    ...{ clock, random, terminals, complaints, statuses, lan, releases, retired },
    ...{ logs: parts.logs, lines: parts.lines, cardKeys: cardKeys(secret) },
    ...{ gatewayState: parts.state, cloudLine: online, failCloud: clouds.failAfter },
    replaceTerminal: (id) => fleet.replace(id, (enrolment) => enrolAnew(parts, wires, id, enrolment)),
    get cloud() {
      return clouds.cloud;
    },
    get journal() {
      return host().journal;
    },
    get school() {
      return host().school;
    },
    get internet() {
      return online.internet;
    },
    set internet(plugged) {
      online.internet = plugged;
    },
    run,
    async sleepUntil(atMs) {
      await night(parts, wires, terminals, atMs);
      exchangedMs = clock.now();
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
    firmware: (id) =>
      host()
        .gateway.lastSeen()
        .find(({ terminal }) => terminal === id)?.firmware ?? "",
    ...deeds,
    async tell(directives) {
      await clouds.cloud.enqueueDirectives(options.schoolNumber, directives);
    },
    async drain() {
      // A head is signed at most once a second: time has to pass for the last events to be covered.
      const isDue = (size: number): boolean => size !== host().journal.size || host().journal.cosigned?.size !== size;
      for (let size = -1; isDue(size); await run(exchangeMs)) size = host().journal.size;
    },
  };
}

/** Terminals are off; the gateway reads its journal again and sees the days change. */
async function night({ clock, complaints }: Parts, wires: Lan["wires"], terminals: World["terminals"], atMs: number): Promise<void> {
  for (const { board } of terminals.values()) board.powerOff();
  for (const what of wires.host?.keep() ?? []) complaints.push(`gateway: the journal was read again: ${what}`);
  while (clock.now() < atMs) {
    await clock.pass(Math.min(NIGHT_TICK_MS, atMs - clock.now()));
    wires.host?.tick();
  }
  await wires.host?.exchange();
  for (const { board } of terminals.values()) board.powerOn();
}

type Writable<T> = { -readonly [name in keyof T]: T[name] };

/** The office's word that another board is this terminal from now on. */
async function enrolAnew({ options, clouds }: Parts, wires: Lan["wires"], id: number, enrolment: number): Promise<void> {
  const told = options.directives.findLast((one) => one.kind === "SetTerminal" && one.id === (id as TerminalId));
  if (told?.kind !== "SetTerminal") throw new Error(`nobody has told of terminal ${id}`);
  await clouds.cloud.enqueueDirectives(options.schoolNumber, [{ ...told, enrolment }]);
  await wires.host?.exchange();
}

function logInto({ clock, complaints, lines, logs, statuses }: Parts): GatewayOptions["log"] {
  return {
    info(fields: object, what: string) {
      lines.push(`${what} ${JSON.stringify(fields)}`);
      if (what === "terminal says") logs.push(String((fields as { readonly text?: string }).text));
      const { terminal, unsent = 0, reader, paper, acceptor, update } = fields as Partial<TerminalStatus> & { readonly terminal?: number };
      if (what === "terminal status" && terminal !== undefined)
        statuses.set(terminal, { atMs: clock.now(), unsent, reader, paper, acceptor, update: update ?? 0 });
    },
    warn(fields: object, what: string) {
      lines.push(`${what} ${JSON.stringify(fields)}`);
      complaints.push(`gateway: ${what} ${JSON.stringify(fields)}`);
    },
  };
}

function hostOptions(parts: Parts, online: HostOptions["online"], broker: Broker, epoch: number): HostOptions {
  const { options, clock, random, clouds, secret, releases } = parts;
  // The first gateway's chance has no number behind its name: worlds of earlier days are the same worlds still.
  const nth = epoch === 1 ? "" : ` ${epoch}`;
  return {
    ...{ house: HOUSE, name: "gateway-" + epoch, school: options.schoolNumber, secret, clock, online, log: logInto(parts) },
    get cloud() {
      return clouds.cloud;
    },
    ask: clouds.request,
    seed: random.fork("gateway key" + nth).bytes(32),
    draws: random.fork("gateway" + nth),
    skew: {
      get ms() {
        return parts.state.skewMs;
      },
    },
    ...{ freeBytes: () => parts.state.freeBytes, failsWrite: () => parts.state.failsWrite() },
    send: (terminal, frame) => broker.send(terminal, frame),
    portraitOf: options.portraitOf ?? (() => null),
    wanted: (_, { terminalKind }) => releases.get(terminalKind) ?? null,
  };
}

/** The wires between terminals and gateway, and whoever answers at their end: nobody while `host` is null. */
interface Lan {
  readonly broker: Broker;
  readonly wires: { host: Host | null };
  readonly lan: World["lan"];
}

function openLan(clock: VirtualClock): Lan {
  const wires: { host: Host | null } = { host: null };
  const broker = createBroker(clock, {
    admit: (terminal, password) => wires.host?.admit(terminal, password) ?? false,
    frame: (terminal, frame) => wires.host?.frame(terminal, frame),
    gone: () => undefined,
  });
  let plugged = true;
  const lan = {
    weather: broker.weather,
    post: broker.post,
    deafen: broker.deafen,
    get plugged() {
      return plugged;
    },
    set plugged(now) {
      plugged = now;
      if (now) broker.open();
      else broker.close();
    },
  };
  return { broker, wires, lan };
}
