/** Ties the knot: disk, clock, network and the gateway's core. */
import { mkdirSync, statfsSync } from "node:fs";
import { join } from "node:path";
import {
  apply,
  createSchool,
  createVerifierKey,
  decodeSchool,
  directivesOrigin,
  formatVerifierKey,
  journalOrigin,
} from "@trapeza/protocol";
import type { School, TerminalId, VerifierKey } from "@trapeza/protocol";
import type { Logger } from "pino";
import { EDITION } from "./edition.js";
import { createAdmission } from "./admission.js";
import type { Admit } from "./admission.js";
import { openBroker } from "./broker.js";
import type { Broker } from "./broker.js";
import { sha256 } from "./cipher.js";
import { createCloudClient } from "./cloud-client.js";
import { WrongSetting } from "./config.js";
import type { GatewayConfig } from "./config.js";
import { DirectiveFeed } from "./directives.js";
import { Disk } from "./disk.js";
import type { GatewayOptions } from "./desk.js";
import { createGateway } from "./gateway.js";
import type { Gateway } from "./gateway.js";
import type { Inheritance } from "./inheritance.js";
import { takeInheritance } from "./inherited-snapshot.js";
import type { Inherited } from "./inherited-snapshot.js";
import { openJournal } from "./journal/journal.js";
import type { Journal, JournalOptions } from "./journal/journal.js";
import { snapshotFolder } from "./journal/snapshot-folder.js";
import { createRechecker, Keeper } from "./keeper.js";
import type { JournalTrouble } from "./keeper.js";
import { lockFolder } from "./lock.js";
import { createLog } from "./log.js";
import type { GatewayLog } from "./log.js";
import { createLoop } from "./loop.js";
import type { Loop } from "./loop.js";
import { PortraitFeed } from "./portrait-feed.js";
import { readPortrait } from "./portraits.js";
import { createRandom } from "./random.js";
import { watchedOf } from "./releases/watched.js";
import { Waves } from "./releases/waves.js";
import type { WaveRefusal } from "./releases/waves.js";
import { Salvage } from "./salvage.js";
import { createSigner } from "./signing.js";
import { expositionOf } from "./metrics/exposition.js";
import { reportToInflux } from "./metrics/influx.js";
import { Meter } from "./metrics/meter.js";
import { samplesOf } from "./metrics/sample.js";
import type { Sample } from "./metrics/sample.js";
import { createLogin } from "./status/login.js";
import { readStatus } from "./status/read.js";
import { openStatusServer } from "./status/server.js";
import type { StatusServer } from "./status/server.js";
import type { GatewayStatus } from "./status/status.js";
import type { WaveOrder } from "./status/wave-form.js";
import { Uplink } from "./uplink.js";
import type { UplinkStep } from "./uplink.js";

export interface RunningGateway {
  readonly mqttPort: number;
  readonly httpPort: number;
  readonly status: () => GatewayStatus;
  readonly close: () => Promise<void>;
}

/** The cloud vouches for the date for so long after it was heard. */
const ONLINE_MS = 120000;
/** A day begins without anybody tapping. */
const TICK_MS = 5000;
const LONG_POLL_SECONDS = 25;
/** Directives wait so long for the cloud to say first what it holds. */
const UNHEARD_MS = 50;

/** Starts a gateway. Rejects with words for a person when the data is in use, damaged, or another school's. */
export async function startGateway(config: GatewayConfig): Promise<RunningGateway> {
  mkdirSync(config.dataDir, { recursive: true });
  const unlock = lockFolder(config.dataDir);
  const { log, flush: flushLog, fatal } = createLog(config.logLevel, config.school);
  const die = dying(fatal);
  const school = createSchool();
  try {
    const meter = new Meter(() => performance.now());
    const inherited = inheritedBy(config, school);
    const inheritance = inherited?.inheritance ?? null;
    if (inherited?.ignored) log.warn({ what: inherited.ignored }, "the snapshot of earlier epochs was not used");
    const journal = openJournalOf(config, school, inheritance, {
      ...{ die, ail: (error) => void disk.failed(error) },
      timed: (write) => meter.commit(write),
    });
    const disk = openDisk(config, journal, log);
    const heard = { cloudMs: Number.NEGATIVE_INFINITY, startMs: Date.now() };
    const waves = new Waves({ folder: join(config.dataDir, "releases"), nowMs: Date.now, log });
    const flush = createFlush(log, meter);
    const gateway = createGateway({
      ...coreOptions(config, school),
      ...{ journal, school, inheritance, disk, die, log },
      wanted: (terminal, runs) => waves.wanted(terminal, runs),
      send: (terminal, frame) => broker.send(terminal, frame),
      online: () => Date.now() - heard.cloudMs < ONLINE_MS,
    });
    flush.of(gateway);
    const broker: Broker = await openBroker({
      ...{ host: config.mqttHost, port: config.mqttPort, log },
      admit: admissionOf(config, school, journal, disk),
      receive: (terminal: TerminalId, frame) => {
        const waits = gateway.receive(terminal, frame);
        meter.frame(waits);
        if (waits) flush.soon();
      },
    });
    const cloud = startCloud({ config, journal, gateway, disk, flushSoon: flush.soon, log, onHeard: () => (heard.cloudMs = Date.now()) });
    const keeping = startKeeping(config, { journal, disk, isInheritedUnread: inherited?.isRestored ?? false, log });
    const ticking = setInterval(() => {
      waves.look(watchedOf(school, gateway.lastSeen(), broker.connected()));
      if (disk.look()) gateway.wake();
      flush.soon();
      if (disk.mood !== "mute") journal.settle();
    }, TICK_MS);
    const status = (): GatewayStatus => {
      const cloudHeardMs = Math.max(heard.cloudMs, heard.startMs);
      const links = { alarms: cloud.alarms(), replaced: cloud.replaced(), cloudHeardMs };
      const troubles = { ...links, trouble: keeping.trouble(), disk: disk.trouble };
      return readStatus(config, { school, journal, gateway, broker, waves, ...troubles, nowMs: Date.now() });
    };
    const { http, figures } = await openWatch(config, status, { waves, gateway, meter }, log);
    log.info({ mqttPort: broker.port, httpPort: http.port, events: journal.size }, "gateway started");
    const close = async (): Promise<void> => {
      clearInterval(ticking);
      flush.end();
      await Promise.all([keeping.stop(), cloud.stop(), broker.close(), http.close(), figures?.stop()]);
      journal.checkpoint(Number.POSITIVE_INFINITY);
      journal.close();
      unlock();
      await flushLog();
    };
    return { mqttPort: broker.port, httpPort: http.port, status, close };
  } catch (error) {
    unlock();
    throw error;
  }
}

const random = createRandom();

/** What the core has whatever it is connected to. */
function coreOptions(config: GatewayConfig, school: School) {
  return {
    ...{ schoolNumber: config.school, schoolSecret: config.schoolSecret, publicKey: signerOf(config).key.publicKey },
    clock: { nowMs: Date.now, state: () => config.clock },
    random,
    portraitOf: (number) => readPortrait(portraitFolder(config), number),
    forget: () => {
      Object.assign(school, createSchool());
      inheritedBy(config, school);
    },
  } satisfies Partial<GatewayOptions>;
}

const portraitFolder = ({ dataDir }: GatewayConfig): string => join(dataDir, "portraits");

function signerOf(config: GatewayConfig) {
  return createSigner(journalOrigin(config.house, config.school, config.epoch), config.gatewaySeed);
}

function cosignerOf({ cloud }: GatewayConfig): VerifierKey | null {
  return cloud ? createVerifierKey(sha256, cloud.key.name, "cosignature", cloud.key.publicKey) : null;
}

/** What the gateways of earlier epochs did, before the journal of this one. Throws {@link DamagedEpoch}. */
function inheritedBy(config: GatewayConfig, school: School): Inherited | null {
  if (config.epoch === 1) return null;
  const cosigner = cosignerOf(config);
  if (!cosigner) throw new WrongSetting("cloud", null, "the cloud that cosigned the epochs before this one");
  const signer = signerOf(config);
  const { dataDir, house, school: number, epoch } = config;
  const origin = journalOrigin(house, number, epoch);
  return takeInheritance({ dataDir, epoch, origin, heir: { house, school: number, cosigner }, key: signer.key }, signer, school);
}

function openJournalOf(
  config: GatewayConfig,
  school: School,
  inheritance: Inheritance | null,
  failing: Pick<JournalOptions, "die" | "ail" | "timed">,
): Journal {
  return openJournal({
    path: journalPath(config),
    origin: journalOrigin(config.house, config.school, config.epoch),
    epoch: config.epoch,
    signer: signerOf(config),
    cosigner: cosignerOf(config),
    ...(inheritance ? { inherited: { lines: inheritance.lines(), directives: inheritance.directives } } : {}),
    random,
    fold: (event) => apply(school, event),
    restoring: { edition: EDITION, restore: (state) => restoreSchool(school, state) },
    ...failing,
  });
}

/** How the disk is, known before anything is decided on it. */
function openDisk(config: GatewayConfig, journal: Journal, log: Logger): Disk {
  const disk = new Disk({
    freeBytes: () => {
      const { bavail, bsize } = statfsSync(config.dataDir);
      return bavail * bsize;
    },
    reserveBytes: config.reserveMb * 1048576,
    tryWriting: () => journal.tryWriting(),
    nowMs: Date.now,
    log,
  });
  const { outrun } = journal;
  if (outrun) disk.outrun(outrun.size, outrun.by);
  disk.look();
  return disk;
}

/** A password is used up on the disk before its bearer is let in; where nothing can be written, nobody new is. */
function admissionOf(config: GatewayConfig, school: School, journal: Journal, disk: Disk): Admit {
  const admit = createAdmission({
    schoolSecret: config.schoolSecret,
    enrolmentOf: (terminal) => school.terminals.get(terminal)?.enrolment ?? null,
    connections: journal.connections(),
    remember: (row) => journal.rememberConnection(row),
  });
  return (terminal, password) => {
    try {
      return admit(terminal, password);
    } catch (error) {
      if (!disk.failed(error)) throw error;
      return false;
    }
  };
}

function journalPath({ dataDir }: GatewayConfig): string {
  return join(dataDir, "journal.sqlite");
}

/** The school becomes what the bytes say; `false` when they say nothing. */
function restoreSchool(school: School, state: Uint8Array): boolean {
  const decoded = decodeSchool(state);
  if (decoded.ok) Object.assign(school, decoded.value);
  return decoded.ok;
}

interface Kept {
  readonly journal: Journal;
  readonly disk: Disk;
  readonly isInheritedUnread: boolean;
  readonly log: Logger;
}

function startKeeping(
  config: GatewayConfig,
  { journal, disk, isInheritedUnread, log }: Kept,
): { trouble: () => JournalTrouble | null; stop: Loop["stop"] } {
  const path = journalPath(config);
  const folder = snapshotFolder(path);
  if (!folder) return { trouble: () => null, stop: async () => undefined };
  const { run, stop } = createRechecker();
  const cosigner = cosignerOf(config);
  const epochs = config.epoch > 1 && cosigner ? { ...config, cosigner: formatVerifierKey(cosigner) } : null;
  const keeper = new Keeper({ journal, path, key: signerOf(config).key, epochs, isInheritedUnread, folder, run, log });
  // A snapshot is large, and what room is left belongs to others.
  const loop = createLoop(async () => (disk.mood === "well" ? keeper.step() : { waitMs: TICK_MS }));
  return { trouble: () => keeper.trouble, stop: async () => void (await Promise.all([loop.stop(), stop()])) };
}

/** The end: memory is ahead of the disk, and nobody may hear of it. Not even open sockets are flushed. */
function dying(fatal: GatewayLog["fatal"]) {
  return (reason: Error): never => {
    fatal({ reason: reason.message, stack: reason.stack }, "the gateway ends without replying: it could not commit");
    process.exit(70);
  };
}

/** One flush for whatever has come in one turn of the event loop: that is the group in group commit. */
function createFlush(log: Logger, meter: Meter) {
  let gateway: Gateway | null = null;
  let asked = false;
  let ended = false;
  const run = (): number => {
    asked = false;
    const rest = ended ? 0 : meter.flush(() => gateway?.flush() ?? 0);
    if (rest > 0) soon();
    log.debug({ rest }, "flushed");
    return rest;
  };
  const soon = (): void => {
    if (asked || ended) return;
    asked = true;
    setImmediate(run);
  };
  /** Answers what has come; what comes after is not heard, and its terminal asks again when a gateway is there. */
  const end = (): void => {
    while (run() > 0);
    ended = true;
  };
  return { soon, end, of: (one: Gateway): void => void (gateway = one) };
}

/** The doors for people and programs that watch. */
async function openWatch(
  config: GatewayConfig,
  status: () => GatewayStatus,
  { waves, gateway, meter }: { readonly waves: Waves; readonly gateway: Gateway; readonly meter: Meter },
  log: Logger,
): Promise<{ http: StatusServer; figures: Loop | null }> {
  const samples = (): Sample[] => samplesOf(status(), meter.read(), process.memoryUsage.rss());
  const login = createLogin(config.statusPassword, random, Date.now);
  const act = ({ program, deed, plan }: WaveOrder): WaveRefusal | null => waves.act(program, deed, plan);
  const endRecovery = (): void => gateway.endRecovery();
  const doors = { status, metrics: () => expositionOf(samples()), login, act, endRecovery };
  const http = await openStatusServer(config.httpHost, config.httpPort, doors);
  return { http, figures: config.influx ? reportToInflux(config.influx, config.school, samples, Date.now, log) : null };
}

interface CloudParts {
  readonly config: GatewayConfig;
  readonly journal: Journal;
  readonly gateway: Gateway;
  readonly disk: Disk;
  readonly flushSoon: () => void;
  readonly onHeard: () => void;
  readonly log: Logger;
}

function startCloud({ config, journal, gateway, disk, flushSoon, onHeard, log }: CloudParts): {
  alarms: () => string[];
  replaced: () => { handedIn: boolean } | null;
  stop: () => Promise<void>;
} {
  if (!config.cloud) return { alarms: () => [], replaced: () => null, stop: async () => undefined };
  const { url, gateway: name, key } = config.cloud;
  const closing = new AbortController();
  const signing = { sign: signerOf(config).sign, boot: journal.nextBoot() };
  const transport = createCloudClient({ url, gateway: name, epoch: config.epoch, signal: closing.signal, ...signing });
  const chance = Math.random;
  const heardUp = (): void => {
    onHeard();
    flushSoon();
  };
  let isClosed = false;
  const onClosed = (): void => {
    isClosed = true;
    gateway.retire();
    flushSoon();
  };
  const onOutrun = (size: number): void => disk.outrun(size, "the cloud");
  const uplink = new Uplink({ journal, transport, nowMs: Date.now, chance, onCosigned: heardUp, onClosed, onOutrun, log });
  const salvage = new Salvage({ journal, transport, chance, log });
  const origin = directivesOrigin(config.house, config.school);
  const faces = new PortraitFeed({ transport, origin, key, folder: portraitFolder(config), chance, log });
  const feed = new DirectiveFeed({
    ...{ transport, origin, key, applied: () => journal.directives },
    ...{ onHeard, onClosed, chance, log },
    apply: (directives, edge) => gateway.applyDirectives(directives, edge),
    breathe: () => new Promise((done) => setImmediate(done)),
  });
  const up = (): Promise<UplinkStep> => (uplink.closedAt === null ? uplink.step() : salvage.step(uplink.closedAt));
  const down = async (): Promise<{ waitMs: number }> => {
    if (disk.mood === "mute") return { waitMs: TICK_MS };
    return uplink.isHeard ? feed.step(LONG_POLL_SECONDS) : { waitMs: UNHEARD_MS };
  };
  // Faces are the last that a full disk needs; those that are taken back go all the same.
  const show = (): Promise<{ waitMs: number }> => faces.step(disk.mood === "well");
  const loops: Loop[] = [createLoop(up), createLoop(down), createLoop(show)];
  return {
    // Without anything to send it is not the uplink that hears of the end; then all is at the cloud already.
    replaced: () => (isClosed ? { handedIn: salvage.isDone || journal.cosigned?.size === journal.size } : null),
    alarms: () => [uplink.alarm, feed.alarm].filter((alarm) => alarm !== null),
    stop: async () => {
      const stopped = loops.map((loop) => loop.stop());
      closing.abort();
      await Promise.all(stopped);
    },
  };
}
