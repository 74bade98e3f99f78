/** `npm start`: a whole school on this machine. */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join, relative, resolve } from "node:path";
import { parseArgs } from "node:util";
import { startPostgres } from "@trapeza/cloud";
import { AlreadyRunning, lockFolder } from "@trapeza/gateway";
import { createPacedClock, openBench } from "@trapeza/simulators";
import { openBooks } from "./demo/books.js";
import { bringPortraits } from "./demo/portraits.js";
import { openGateway } from "./demo/gateway.js";
import { openInternet } from "./demo/internet.js";
import {
  cloudKey,
  databaseUrl,
  demoSchool,
  GATEWAY,
  HOUSE,
  openCloud,
  PARENT_PHONE,
  staffOffice,
  tellCloud,
  tellMenu,
} from "./demo/school.js";
import { inventSecrets, loadSecrets, saveSecrets } from "./demo/secrets.js";
import { drawer, openTerminals, peopleToTry } from "./demo/terminal.js";
import { ENGLISH, type Addresses, type DemoWords } from "./demo/words.en.js";
import { RUSSIAN } from "./demo/words.ru.js";
import { makeKey, publicKeyIn } from "./release/key.js";

const PARENT_PORT = 8080;
const BENCH_PORT = 8090;
const STATUS_PORT = 8084;
const LOOK_MS = 250;
/** 32 signatures, made in no time. */
const RELEASE_KEY_HEIGHT = 5;

/** Closes what was opened, the last first; a second call waits for the first. */
interface Closers {
  add(close: () => Promise<unknown> | void): void;
  close(): Promise<void>;
}

function createClosers(): Closers {
  const steps: (() => Promise<unknown> | void)[] = [];
  let closing: Promise<void> | null = null;
  const closeAll = async (): Promise<void> => {
    for (const step of steps.reverse()) await step();
  };
  return { add: (step) => void steps.push(step), close: () => (closing ??= closeAll()) };
}

export async function run(args: string[]): Promise<number> {
  const { values } = parseArgs({ args, options: { fresh: { type: "boolean" }, data: { type: "string", default: "data" } } });
  const words = process.env.LANG?.startsWith("ru") ? RUSSIAN : ENGLISH;
  const folder = resolve(values.data);
  const closers = createClosers();
  const interruption = createInterruption(() => console.log("\n" + words.stopping));
  console.log(words.starting);
  try {
    const ports = await choosePorts(words);
    databaseUrl();
    mkdirSync(folder, { recursive: true });
    closers.add(lockFolder(folder));
    rmSync(addressFile(folder), { force: true });
    await openSchool({ folder, fresh: values.fresh ?? false, ports, words, closers, goOn: interruption.goOn });
  } catch (error) {
    await closers.close();
    if (error instanceof Interrupted) return 0;
    console.error(error instanceof AlreadyRunning ? words.alreadyRunning(folder, loadAddresses(folder)) : (error as Error).message);
    return 1;
  }
  await interruption.happened;
  await closers.close();
  console.log(words.stopped(folder));
  return 0;
}

class Interrupted extends Error {}

interface Interruption {
  readonly happened: Promise<void>;
  /** Throws {@link Interrupted} once it has happened. */
  readonly goOn: () => void;
}

/** From the first moment: a start that is interrupted leaves no database behind. A second Ctrl-C ends us at once; the next start clears up then. */
function createInterruption(say: () => void): Interruption {
  let isOver = false;
  const happened = new Promise<void>((done) => {
    const end = (): void => {
      isOver = true;
      done(say());
    };
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.once(signal, end);
  });
  const goOn = (): void => {
    if (isOver) throw new Interrupted();
  };
  return { happened, goOn };
}

interface Opening {
  readonly folder: string;
  readonly fresh: boolean;
  readonly ports: Ports;
  readonly words: DemoWords;
  readonly closers: Closers;
  readonly goOn: () => void;
}

async function openSchool({ folder, fresh, ports, words, closers, goOn }: Opening): Promise<void> {
  const secretsFile = join(folder, "secrets.json");
  const kept = loadSecrets(secretsFile);
  // A school that was never told everything would be half a school: it begins anew, too.
  if (fresh || !kept?.told) await forget(folder);
  else console.log(words.kept(folder));
  let secrets = loadSecrets(secretsFile) ?? inventSecrets();
  saveSecrets(secretsFile, secrets);
  const complain = (error: Error): void => console.error(error.message);

  const cloud = await timed(words.cloud, () => openCloud(join(folder, "cloud"), ports.parent, complain));
  closers.add(cloud.close);
  goOn();
  const school = demoSchool();
  if (!secrets.told) {
    // Only a database of one's own can know a school that this folder does not; it is nobody's to empty but its owner's.
    if ((await cloud.cloud.store.schools()).length > 0) throw new Error(words.databaseTaken);
    const directives = await timed(words.school, () => tellCloud(cloud, school, secrets));
    secrets = { ...secrets, told: true, directives };
    saveSecrets(secretsFile, secrets);
  }
  const known = await tellMenu(cloud, school);
  if (known > 0) secrets = { ...secrets, directives: known };
  await staffOffice(cloud, school, secrets);
  saveSecrets(secretsFile, secrets);
  const gatewayDir = join(folder, "gateway");
  bringPortraits(join(gatewayDir, "portraits"), school);
  const internet = await openInternet(cloud.url);
  closers.add(internet.close);
  const gateway = await timed(words.gateway, () =>
    openGateway(
      {
        ...{ dataDir: gatewayDir, house: HOUSE, school: school.number, httpPort: ports.status },
        ...{ schoolSecret: secrets.schoolSecret, gatewaySeed: secrets.gatewaySeed, statusPassword: secrets.password },
        cloud: { url: internet.url, gateway: GATEWAY, key: cloudKey(cloud) },
      },
      (why) => console.error(why === "" ? words.gatewayGone : why),
      (text) => console.error(`${words.gateway}: ${text}`),
    ),
  );
  closers.add(gateway.stop);
  goOn();
  const status = `http://127.0.0.1:${gateway.httpPort}`;
  await learned({ status, password: secrets.password }, secrets.directives, words, goOn);
  const clock = createPacedClock();
  const { mqttPort } = gateway;
  const signer = releaseSigner(folder);
  const terminals = openTerminals({ folder: join(folder, "terminals"), mqttPort, school, secrets, signer, clock });
  const bench = await timed(words.bench, () =>
    openBench({
      ...{ terminals, clock, cards: drawer(school, secrets, gatewayDir), port: ports.bench },
      books: openBooks(gatewayDir, cloud.cloud.store, school.number),
      house: { gateway: gateway.power, internet, pace: clock },
    }),
  );
  closers.add(() => bench.close());
  // The bench hears the first greeting, and so can read everything behind it.
  for (const terminal of terminals) terminal.board.powerOn();
  closers.add(() => terminals.forEach((terminal) => terminal.board.powerOff()));
  const addresses = { bench: bench.address, parent: cloud.url, status };
  writeFileSync(addressFile(folder), JSON.stringify(addresses));
  const door = { phone: PARENT_PHONE, password: secrets.password };
  console.log(words.ready(addresses, door, peopleToTry(school), relative(".", folder)));
}

/** Whose releases the terminals take: a key of this school's own, for a few tries. */
function releaseSigner(folder: string): string {
  const file = join(folder, "release-key.json");
  return existsSync(file) ? publicKeyIn(file) : makeKey(file, RELEASE_KEY_HEIGHT);
}

function addressFile(folder: string): string {
  return join(folder, "addresses.json");
}

/** Where the school that holds the folder is, if it has come so far. */
function loadAddresses(folder: string): Addresses | null {
  return existsSync(addressFile(folder)) ? (JSON.parse(readFileSync(addressFile(folder), "utf8")) as Addresses) : null;
}

/** Wipes the folder but for its lock; a database that a killed run left behind is stopped first. */
async function forget(folder: string): Promise<void> {
  const database = join(folder, "cloud", "postgres");
  if (existsSync(database)) await (await startPostgres(database)).stop();
  for (const name of ["cloud", "gateway", "terminals", "secrets.json", "addresses.json", "release-key.json"])
    rmSync(join(folder, name), { recursive: true, force: true });
}

async function timed<T>(what: string, work: () => Promise<T>): Promise<T> {
  const began = Date.now();
  const result = await work();
  console.log(`  ${what} … ${((Date.now() - began) / 1000).toLocaleString("en", { maximumFractionDigits: 1 })} s`);
  return result;
}

/** Waits until the gateway has applied everything that the cloud has to tell. */
async function learned(
  door: { readonly status: string; readonly password: string },
  directives: number,
  words: DemoWords,
  goOn: () => void,
): Promise<void> {
  const headers = { authorization: `Basic ${Buffer.from(`demo:${door.password}`).toString("base64")}` };
  for (let shown = -1; ; await new Promise((done) => setTimeout(done, LOOK_MS))) {
    goOn();
    const answer = (await (await fetch(door.status + "/status.json", { headers })).json()) as { directives: number };
    const done = Math.min(answer.directives, directives);
    if (done !== shown && shown !== -1) console.log("  " + words.directives(done, directives));
    shown = done;
    if (done >= directives) return;
  }
}

interface Ports {
  readonly parent: number;
  readonly bench: number;
  readonly status: number;
}

async function choosePorts(words: DemoWords): Promise<Ports> {
  return {
    parent: await port("TRAPEZA_CLOUD_PORT", PARENT_PORT, words),
    bench: await port("TRAPEZA_BENCH_PORT", BENCH_PORT, words),
    status: await port("TRAPEZA_STATUS_PORT", STATUS_PORT, words),
  };
}

/** The port that a person asked for; else the usual one, or any free one when somebody else has it. */
async function port(setting: string, usual: number, words: DemoWords): Promise<number> {
  const asked = process.env[setting];
  if (asked === undefined) return (await isFree(usual)) ? usual : 0;
  if (!/^[0-9]{1,5}$/.test(asked) || Number(asked) > 65535) throw new Error(words.badPort(setting, asked));
  if (Number(asked) > 0 && !(await isFree(Number(asked)))) throw new Error(words.portTaken(setting, asked));
  return Number(asked);
}

function isFree(candidate: number): Promise<boolean> {
  return new Promise((done) => {
    const server = createServer();
    server.once("error", () => done(false));
    server.listen(candidate, "127.0.0.1", () => server.close(() => done(true)));
  });
}
