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
  Inheritance,
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
import type { VirtualClock } from "./clock.js";
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
  readonly online: { readonly internet: boolean };
  readonly log: GatewayOptions["log"];
  readonly send: GatewayOptions["send"];
  readonly portraitOf: NonNullable<GatewayOptions["portraitOf"]>;
  readonly wanted: NonNullable<GatewayOptions["wanted"]>;
}

/** Frames of one instant are decided together. */
const FLUSH_MS = 1;

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
  const { cloud, house, school: number, online } = options;
  const transport = cloudTransport(cloud, row, online);
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
  // Folded twice: only the fold knows how many directives have been applied.
  Inheritance.take(epochs, heir, { size: 0, hashes: [] }, fold);
  const log = { origin: directivesOrigin(house, number), key: cloud.signer.directives.key };
  const edge = await directiveEdge(transport, log, school.directives);
  return openHost(options, row, (again) => Inheritance.take(epochs, heir, edge, again));
}

function openHost(options: HostOptions, row: GatewayRow, inherit: ((fold: (event: Event) => void) => Inheritance) | null): Host {
  const { house, school: schoolNumber, secret, seed, draws, clock, cloud, online, log, send, portraitOf, wanted } = options;
  const origin = journalOrigin(house, schoolNumber, row.epoch);
  const signer = createSigner(origin, seed);
  const school = createSchool();
  const die = (reason: Error): never => {
    throw reason;
  };
  const { name, publicKey } = cloud.signer.directives.key;
  const random = (bytes: number): Uint8Array => draws.bytes(bytes);
  const fold = (event: Event): void => apply(school, event);
  const inheritance = inherit?.(fold) ?? null;
  const journal = openJournal({
    ...{ path: ":memory:", origin, epoch: row.epoch, signer, die, random, fold },
    cosigner: createVerifierKey(sha256, name, "cosignature", publicKey),
    ...(inheritance ? { inherited: { lines: inheritance.lines(), directives: inheritance.directives } } : {}),
  });
  const gateway: Gateway = createGateway({
    ...{ journal, school, schoolNumber, schoolSecret: secret, publicKey: signer.key.publicKey, inheritance, die, log, random, send },
    clock: { nowMs: () => clock.now(), state: () => "synchronized" },
    ...{ online: () => online.internet, portraitOf, wanted },
  });
  const flush = createFlush(clock, gateway);
  const admit = createAdmission({
    ...{ schoolSecret: secret, connections: journal.connections(), remember: (connection) => journal.rememberConnection(connection) },
    enrolmentOf: (terminal) => school.terminals.get(terminal)?.enrolment ?? null,
  });
  const transport = cloudTransport(cloud, row, online);
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
    ...{ epoch: row.epoch, journal, school, gateway, admit },
    frame(terminal, frame) {
      if (gateway.receive(terminal as TerminalId, frame)) flush();
    },
    async exchange() {
      while ((await feed.step(0)).kind === "applied");
      // Sent at once, again after a gap: whatever has more to say says it now.
      for (let step = await up(); step.kind === "sent" || step.kind === "again"; step = await up());
      if (uplink.closedAt !== null) for (let step = await up(); step.kind === "sent"; step = await up());
    },
    alarms: () => [uplink.alarm, feed.alarm].filter((alarm) => alarm !== null),
    isSalvaged: () => salvage.isDone,
  };
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
function cloudTransport(cloud: Cloud, row: GatewayRow, online: HostOptions["online"]): CloudTransport {
  const { school } = row;
  const answer = (status: number, body: Uint8Array) => ({ status, body });
  const closed = async (): Promise<boolean> => (await cloud.store.gateways(school)).at(-1)?.epoch !== row.epoch;
  return async (method, path, body) => {
    if (!online.internet) throw new Error("no route to the cloud");
    const from = Number(/from=(\d+)/.exec(path)?.[1] ?? 0);
    if (method === "GET") {
      if (await closed()) return answer(409, latinBytes("epoch_closed"));
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
  };
}
