/**
 * A school on this machine's own network, in its time or so many times faster: the gateway behind its real broker, and terminals on whichever board a
 * test brings.
 */
import { cardKeys, createAdmission, createGateway, createSigner, openBroker, openJournal, sha256, terminalKey } from "@trapeza/gateway";
import type { Broker, CardKeys, Journal } from "@trapeza/gateway";
import { apply, createSchool, createTree, journalOrigin, keypad, parseDate, toHex } from "@trapeza/protocol";
import type { BusinessDate, Event, Release, School, TerminalKind } from "@trapeza/protocol";
import { createFlash, type TerminalConfig } from "./board-flash.js";
import { createTcpNetwork } from "./board-network.js";
import type { Board, BoardOptions } from "./board.js";
import type { Clock } from "./clock.js";
import { createRealClock } from "./clock.js";
import { handAt, type Hand } from "./hand.js";
import { imageFor, loadProgram } from "./program.js";
import { createRandom } from "./random.js";
import { directivesFor, inventSchool, KIOSK, TILL, WALL, type DemoSchool } from "./school/school.js";
import { createTerminal, type Terminal } from "./terminal.js";

export interface Loopback {
  readonly school: DemoSchool;
  /** The gateway's memory. */
  readonly memory: School;
  readonly journal: Journal;
  /** What the school's cards are written with. */
  readonly cardKeys: CardKeys;
  readonly terminals: ReadonlyMap<number, Terminal>;
  /** What the gateway offers to terminals of a kind. */
  readonly releases: Map<TerminalKind, Release>;
  /** Version in a terminal's last Hello, "" before any. */
  firmware(terminal: number): string;
  readonly kiosk: Hand;
  readonly till: Hand;
  readonly wall: Hand;
  /** What the boards printed and the gateway complained of. */
  readonly complaints: string[];
  /** Waits until every terminal has a session. */
  ready(withinMs: number): Promise<void>;
  close(): Promise<void>;
}

/** Friday, 20 November 2026, 08:00 in Moscow. */
const FRIDAY_MS = Date.UTC(2026, 10, 20, 5);
const FRIDAY = parseDate("2026-11-20") as BusinessDate;

const KINDS = [
  [KIOSK, "payment"],
  [TILL, "settlement"],
  [WALL, "information"],
] as const;

/** For one board to boot and connect while nothing else happens. */
const ALONE_MS = 20_000;
const LOOK_MS = 50;
/** After the connection come the handshake, the policy and the menu. */
const SETTLE_MS = 4000;

/** Friday morning wherever and whenever the test runs. */
function fridayClock(speed: number): Clock {
  const real = createRealClock();
  const beganMs = real.now();
  return {
    now: () => FRIDAY_MS + Math.floor((real.now() - beganMs) * speed),
    after: (delayMs, task) => real.after(delayMs / speed, task),
    pause: (ms) => real.pause(ms / speed),
  };
}

interface Server {
  readonly memory: School;
  readonly journal: Journal;
  readonly secret: Uint8Array;
  readonly broker: Broker;
  readonly releases: Map<TerminalKind, Release>;
  firmware(terminal: number): string;
}

/**
 * `kinds`: only these terminals; `signer`: whose releases they take, as `config` names it; `line`: what the kiosk's bill validator speaks; `speed`: how much
 * faster than the machine's clock the school's goes, for simulated boards only: another has a clock of its own.
 */
export interface LoopbackOptions {
  readonly speed?: number;
  readonly kinds?: readonly TerminalKind[];
  readonly signer?: string;
  readonly line?: TerminalConfig["line"];
}

async function openServer(school: DemoSchool, clock: Clock, complaints: string[]): Promise<Server> {
  const random = createRandom(7);
  const memory = createSchool();
  const secret = random.bytes(32);
  const origin = journalOrigin("trapeza.example", school.number, 1);
  const signer = createSigner(origin, random.bytes(32));
  const die = (reason: Error): never => {
    throw reason;
  };
  const draws = (bytes: number): Uint8Array => random.bytes(bytes);
  const fold = (event: Event): void => void apply(memory, event);
  const journal = openJournal({ path: ":memory:", origin, epoch: 1, signer, cosigner: null, die, random: draws, fold });
  const warn = (fields: object, what: string): void => void complaints.push(`gateway: ${what} ${JSON.stringify(fields)}`);
  const log = { info: () => undefined, warn };
  const releases = new Map<TerminalKind, Release>();
  const gateway = createGateway({
    ...{
      journal,
      school: memory,
      schoolNumber: school.number,
      schoolSecret: secret,
      publicKey: signer.key.publicKey,
      die,
      log,
      random: draws,
    },
    clock: { nowMs: clock.now, state: () => "synchronized" },
    send: (terminal, frame) => broker.send(terminal, frame),
    online: () => true,
    wanted: (_, { terminalKind }) => releases.get(terminalKind) ?? null,
  });
  const directives = directivesFor(school, (FRIDAY - 40) as BusinessDate);
  const tree = createTree(sha256);
  directives.forEach((_, i) => tree.append(sha256(new Uint8Array([i & 255, i >> 8]))));
  gateway.applyDirectives(directives, tree.edge());
  const flush = (): void => {
    while (gateway.flush() > 0);
  };
  const broker = await openBroker({
    ...{ host: "127.0.0.1", port: 0, log },
    admit: createAdmission({
      ...{ schoolSecret: secret, connections: journal.connections(), remember: (row) => journal.rememberConnection(row) },
      enrolmentOf: (terminal) => memory.terminals.get(terminal)?.enrolment ?? null,
    }),
    receive: (terminal, frame) => {
      if (gateway.receive(terminal, frame)) setImmediate(flush);
    },
  });
  const firmware = (id: number): string => gateway.lastSeen().find(({ terminal }) => terminal === id)?.firmware ?? "";
  return { memory, journal, secret, broker, releases, firmware };
}

/** `openBoard` makes the terminals' boards; without it they are simulated. */
export async function openLoopback(
  openBoard?: (options: BoardOptions) => Board,
  { kinds, signer, line, speed = 1 }: LoopbackOptions = {},
): Promise<Loopback> {
  const school = inventSchool(createRandom(24));
  const clock = fridayClock(speed);
  const complaints: string[] = [];
  const { memory, journal, secret, broker, releases, firmware } = await openServer(school, clock, complaints);
  const open = ([id, kind]: (typeof KINDS)[number]): [number, Terminal] => {
    const terminal = createTerminal({
      ...loadProgram(imageFor({ kind, line })),
      ...{ clock, flash: createFlash(), network: createTcpNetwork(), openBoard },
      config: {
        terminal: id,
        kind,
        key: toHex(terminalKey(secret, id, 1)),
        host: "127.0.0.1",
        port: broker.port,
        school: school.number,
        ...{ signer, line },
        keypad: kind === "information" ? undefined : keypad.LAYOUTS["4x4"],
      },
    });
    terminal.listen(({ line, bytes }) => {
      if (line === "console") complaints.push(`${kind}: ${Buffer.from(bytes).toString("latin1")}`);
    });
    return [id, terminal];
  };
  const terminals = new Map(KINDS.filter(([, kind]) => kinds?.includes(kind) ?? true).map(open));
  let on = 0;
  for (const { board } of terminals.values()) {
    board.powerOn();
    on++;
    // Interpreters that boot all at once on one computer are slower than a terminal waits for its gateway.
    for (const end = clock.now() + ALONE_MS; openBoard && broker.connected().length < on && clock.now() < end;) await clock.pause(LOOK_MS);
  }
  const hands = new Map([...terminals].map(([id, terminal]): [number, Hand] => [id, handAt(terminal, clock)]));
  return {
    ...{
      school,
      memory,
      journal,
      cardKeys: cardKeys(secret),
      terminals,
      releases,
      firmware,
      complaints,
      kiosk: hands.get(KIOSK) as Hand,
      till: hands.get(TILL) as Hand,
      wall: hands.get(WALL) as Hand,
    },
    async ready(withinMs) {
      const end = clock.now() + withinMs;
      while (broker.connected().length < terminals.size && clock.now() < end) await clock.pause(LOOK_MS);
      await clock.pause(SETTLE_MS);
    },
    async close() {
      for (const { board } of terminals.values()) board.powerOff();
      await broker.close();
    },
  };
}
