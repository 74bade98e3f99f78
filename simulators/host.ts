/**
 * A gateway in the world: its core on a journal in memory, and its talk with the cloud. It may lose its power for good, another may take its place, and the
 * old one may wake up again.
 */
import { issueCode, type Cloud, type GatewayRow } from "@trapeza/cloud";
import {
  createAdmission,
  createGateway,
  createSigner,
  directiveEdge,
  DirectiveFeed,
  epochPages,
  Disk,
  Inheritance,
  EDITION,
  openJournal,
  Salvage,
  sha256,
  Uplink,
  type Admit,
  type ClosedEpoch,
  type CloudTransport,
  type Gateway,
  type GatewayOptions,
  type Journal,
  type Store,
} from "@trapeza/gateway";
import {
  apply,
  createSchool,
  createVerifierKey,
  decodeWhole,
  directivesAnswer,
  directivesOrigin,
  encode,
  enrolmentToSign,
  epochAnswer,
  eventsAnswer,
  eventsUpload,
  journalOrigin,
  latinBytes,
  salvageAnswer,
} from "@trapeza/protocol";
import type { Event, School, TerminalId } from "@trapeza/protocol";
import type { CloudPair } from "./cloud-pair.js";
import type { VirtualClock } from "./clock.js";
import { brokenDisk, createGround, openFailingStore, type CutMoment, type Ground } from "./host-ground.js";
import { inheritAgain, keep, memoryFolder, restoreSchool, type Inherit } from "./host-keeping.js";
import type { Random } from "./random.js";

export interface Host {
  readonly epoch: number;
  readonly journal: Journal;
  /** The gateway's memory: the fold of the epochs before and its journal. */
  readonly school: School;
  readonly gateway: Gateway;
  readonly admit: Admit;
  /** Takes a frame; answers leave after the next flush. */
  readonly frame: (terminal: number, frame: Uint8Array) => void;
  /** One talk with the cloud: directives down, events up. */
  readonly exchange: () => Promise<void>;
  /** Why it talks no more, in the words of its log; empty while it does. */
  readonly alarms: () => string[];
  /** Everything behind the closing of its epoch is at the cloud. */
  readonly isSalvaged: () => boolean;
  /** The power goes; `told` when it has. What was heard and not written is lost, what was written and not said is said when somebody asks again. */
  readonly cut: (moment: CutMoment, told: () => void) => void;
  /** Starts again from what the journal holds. */
  readonly wake: () => void;
  /** What the real one does every second, whether anybody has said something or not. */
  readonly tick: () => void;
  /** Has its journal read again and keeps a snapshot of it; what is wrong, in sentences. */
  readonly keep: () => string[];
}

export interface HostOptions {
  readonly house: string;
  readonly name: string;
  readonly school: number;
  readonly secret: Uint8Array;
  readonly seed: Uint8Array;
  readonly draws: Random;
  readonly clock: VirtualClock;
  readonly cloud: Cloud;
  /** A request to whichever cloud serves. */
  readonly ask: CloudPair["request"];
  readonly online: Online;
  /** How far its clock is from the true one. */
  readonly skew: { readonly ms: number };
  /** Room on its disk. */
  readonly freeBytes: () => number;
  /** Asked at the end of each write: whether it fails there. */
  readonly failsWrite: () => boolean;
  readonly log: GatewayOptions["log"];
  readonly send: GatewayOptions["send"];
  readonly portraitOf: NonNullable<GatewayOptions["portraitOf"]>;
  readonly wanted: NonNullable<GatewayOptions["wanted"]>;
}

/** The school's line to the cloud. */
export interface Online {
  readonly internet: boolean;
  /** Of the next request: lost on its way there, or carried out and its answer lost; `null`: neither. */
  readonly loses: () => "request" | "answer" | null;
}

const FLUSH_MS = 1;
/** Left for what may not be refused. */
const RESERVE_BYTES = 1 << 26;

/** The school's first gateway, registered by the operator. */
export async function firstHost(options: HostOptions): Promise<Host> {
  const { cloud, name, school, seed } = options;
  const row = await cloud.registerGateway({ id: name, school, key: createSigner(name, seed).key.publicKey });
  return openHost(options, row, null);
}

/** Opens the school's next epoch with a code; the same seed and code again open nothing new. */
export async function enrolHost(options: HostOptions, code?: string): Promise<{ readonly row: GatewayRow; readonly code: string }> {
  const { cloud, name, school, seed, draws } = options;
  const typed = code ?? (await issueCode(cloud.store, school, cloud.now(), (bytes) => draws.bytes(bytes)));
  const signer = createSigner(name, seed);
  const asked = { code: typed, gateway: name, key: signer.key.publicKey };
  const answer = await cloud.enrolment.enrol({ ...asked, signature: signer.sign(enrolmentToSign(asked)) });
  if (answer.kind === "NotEnrolled") throw new Error(answer.trouble);
  const row = await cloud.store.gateway(name, answer.epoch);
  return { row: row as GatewayRow, code: typed };
}

/** A gateway that takes another's place: everything that the cloud holds of the epochs before, then its own journal. */
export async function nextHost(options: HostOptions, row: GatewayRow): Promise<Host> {
  const { cloud, house, school: number } = options;
  const transport = cloudTransport(options, row);
  const epochs: ClosedEpoch[] = [];
  for (let epoch = 1; epoch < row.epoch; epoch++) {
    const entries: Uint8Array[] = [];
    let [key, checkpoint] = [row.key, ""];
    for await (const page of epochPages(transport, epoch)) {
      entries.push(...page.entries);
      ({ key, checkpoint } = page);
    }
    epochs.push({ epoch, key, checkpoint, entries });
  }
  const school = createSchool();
  const { name, publicKey } = cloud.signer.directives.key;
  const heir = { house, school: number, cosigner: createVerifierKey(sha256, name, "cosignature", publicKey) };
  const fold = (event: Event): void => apply(school, event);
  const inheritance = Inheritance.take(epochs, heir, { size: 0, hashes: [] }, fold);
  const log = { origin: directivesOrigin(house, number), key: cloud.signer.directives.key };
  const edge = await directiveEdge(transport, log, school.directives);
  return openHost(options, row, inheritAgain(inheritance, school, edge));
}

/** What a loss of power takes: everything that is not in the journal. */
interface Life {
  readonly school: School;
  readonly gateway: Gateway;
  readonly admit: Admit;
  readonly exchange: () => Promise<void>;
  readonly alarms: () => string[];
  readonly isSalvaged: () => boolean;
}

function openHost(options: HostOptions, row: GatewayRow, inherit: Inherit | null): Host {
  const { house, school: schoolNumber, seed, draws, clock, cloud } = options;
  const origin = journalOrigin(house, schoolNumber, row.epoch);
  const signer = createSigner(origin, seed);
  const ground = createGround();
  let school = createSchool();
  const fold = (event: Event): void => apply(school, event);
  let inheritance = inherit?.(school) ?? null;
  const folder = memoryFolder();
  let store: Store | null = null;
  const { name, publicKey } = cloud.signer.directives.key;
  const journal = openJournal({
    ...{ path: ":memory:", origin, epoch: row.epoch, signer, die, fold, random: (bytes: number) => draws.bytes(bytes) },
    ...{ timed: ground.writing, open: (path: string) => (store = openFailingStore(options.failsWrite)(path)) },
    ...{ folder, restoring: { edition: EDITION, restore: (state: Uint8Array) => restoreSchool(school, state) } },
    cosigner: createVerifierKey(sha256, name, "cosignature", publicKey),
    ...(inheritance ? { inherited: { lines: inheritance.lines(), directives: inheritance.directives } } : {}),
  });
  const forget = (): void => {
    Object.assign(school, createSchool());
    inherit?.(school);
  };
  const begin = (): Life => live(options, row, { journal, school, inheritance, ground, publicKey: signer.key.publicKey, flush, forget });
  const flush = createFlush(clock, () => {
    const waiting = ground.on ? ground.flush(() => life.gateway.flush()) : 0;
    return ground.on ? (waiting ?? 0) : 0;
  });
  let life = begin();
  return {
    ...{ epoch: row.epoch, journal },
    get school() {
      return school;
    },
    get gateway() {
      return life.gateway;
    },
    admit: (terminal, password) => ground.on && life.admit(terminal, password),
    frame(terminal, frame) {
      if (ground.on && life.gateway.receive(terminal as TerminalId, frame)) flush();
    },
    exchange: async () => (ground.on ? ground.talk(life.exchange) : undefined),
    alarms: () => life.alarms(),
    isSalvaged: () => life.isSalvaged(),
    cut: ground.cut,
    tick: flush,
    keep: () => (ground.on && store ? keep({ journal, file: store.file, folder, key: signer.key, inherit }) : []),
    wake() {
      school = createSchool();
      inheritance = inherit?.(school) ?? null;
      journal.reread();
      ground.restore();
      life = begin();
      flush();
    },
  };
}

function die(reason: Error): never {
  throw reason;
}

interface Inside {
  readonly journal: Journal;
  readonly school: School;
  readonly inheritance: Inheritance | null;
  readonly ground: Ground;
  readonly publicKey: Uint8Array;
  readonly flush: () => void;
  /** Empties the memory down to what was inherited, before the journal is read again. */
  readonly forget: () => void;
}

/** From one start to the next loss of power. */
function live(options: HostOptions, row: GatewayRow, { journal, school, inheritance, ground, publicKey, flush, forget }: Inside): Life {
  const { house, school: schoolNumber, secret, draws, clock, cloud, online, log, send, portraitOf, wanted, skew, freeBytes } = options;
  const nowMs = (): number => clock.now() + skew.ms;
  const tryWriting = (): void => {
    if (options.failsWrite()) throw brokenDisk();
  };
  const disk = new Disk({ freeBytes, reserveBytes: RESERVE_BYTES, tryWriting, nowMs, log });
  const gateway: Gateway = createGateway({
    ...{ journal, school, schoolNumber, schoolSecret: secret, publicKey, inheritance, disk, forget, die, log },
    random: (bytes: number) => draws.bytes(bytes),
    send: (terminal, frame) => ground.on && ground.isSpeaking && send(terminal, frame),
    clock: { nowMs, state: () => "synchronized" },
    ...{ online: () => online.internet, portraitOf, wanted },
  });
  const admit = createAdmission({
    ...{ schoolSecret: secret, connections: journal.connections(), remember: (connection) => journal.rememberConnection(connection) },
    enrolmentOf: (terminal) => school.terminals.get(terminal)?.enrolment ?? null,
  });
  const transport = cloudTransport(options, row);
  const talk = { transport, chance: () => 0, log, onClosed: () => gateway.retire() };
  const uplink = new Uplink({ ...talk, journal, nowMs: () => clock.now(), onCosigned: flush });
  const salvage = new Salvage({ ...talk, journal });
  const feed = new DirectiveFeed({
    ...{ ...talk, origin: directivesOrigin(house, schoolNumber), key: cloud.signer.directives.key, onHeard: () => undefined },
    applied: () => journal.directives,
    apply: (directives, edge) => gateway.applyDirectives(directives, edge),
    breathe: async () => undefined,
  });
  const up = () => (uplink.closedAt === null ? uplink.step() : salvage.step(uplink.closedAt));
  return {
    ...{ school, gateway, admit },
    async exchange() {
      // What the real one looks at every few seconds.
      if (disk.look()) gateway.wake();
      while ((await feed.step(0)).kind === "applied");
      // Sent at once, again after a gap: whatever has more to say says it now.
      for (let step = await up(); step.kind === "sent" || step.kind === "again"; step = await up());
      if (uplink.closedAt !== null) for (let step = await up(); step.kind === "sent"; step = await up());
    },
    alarms: () => [uplink.alarm, feed.alarm].filter((alarm) => alarm !== null),
    isSalvaged: () => salvage.isDone,
  };
}

/** Frames of one instant are decided together. `work`: how many still wait. */
function createFlush(clock: VirtualClock, work: () => number): () => void {
  let asked = false;
  const flush = (): void => {
    if (asked) return;
    asked = true;
    clock.after(FLUSH_MS, () => {
      asked = false;
      if (work() > 0) flush();
    });
  };
  return flush;
}

/** The cloud without HTTP around it; requests' signatures are the transport's business and are tested there. */
function cloudTransport({ ask, online }: HostOptions, row: GatewayRow): CloudTransport {
  const { school } = row;
  const answer = (status: number, body: Uint8Array) => ({ status, body });
  const closed = async (cloud: Cloud): Promise<boolean> => (await cloud.store.gateways(school)).at(-1)?.epoch !== row.epoch;
  return async (method, path, body) => {
    const lost = online.internet ? online.loses() : "request";
    if (lost === "request") throw new Error("no route to the cloud");
    const said = await ask((cloud) => carry(cloud, method, path, body));
    if (lost === "answer") throw new Error("no answer from the cloud");
    return said;
  };
  async function carry(cloud: Cloud, method: string, path: string, body: Uint8Array | null) {
    const from = Number(/from=(\d+)/.exec(path)?.[1] ?? 0);
    if (method === "GET") {
      if (await closed(cloud)) return answer(409, latinBytes("epoch_closed"));
      const epoch = /^\/epochs\/(\d+)/.exec(path);
      if (!epoch) await cloud.handover.tell(school);
      if (!epoch) return answer(200, encode(directivesAnswer, await cloud.directives.page(school, from)));
      const page = await cloud.handover.page(row, Number(epoch[1]), from);
      return page ? answer(200, encode(epochAnswer, page)) : answer(404, latinBytes("no such epoch"));
    }
    const upload = decodeWhole(eventsUpload, body ?? new Uint8Array(0));
    if (!upload.ok) return answer(400, latinBytes(upload.malformed.what));
    if (path === "/salvage") {
      const kept = await cloud.handover.salvage(row, upload.value);
      return answer(kept.kind === "Kept" ? 200 : 409, encode(salvageAnswer, kept));
    }
    const stored = await cloud.intake.receive(row, upload.value);
    return answer(stored.kind === "Stored" ? 200 : 409, encode(eventsAnswer, stored));
  }
}
