/**
 * For tests: a pcscd of our own, with vsmartcard's virtual reader in it, and the card on that reader. It runs in namespaces of its own: vpcd listens on
 * every address, and pcscd has one folder for the whole machine. Whoever lays a card there comes in by a small relay, its input and output.
 */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { contactless, type Card, type Contactless } from "@trapeza/simulators";

const PCSCD = "/usr/sbin/pcscd";
const DRIVER = "/usr/lib/pcsc/drivers/serial/libifdvpcd.so";
const PORT = 35963;
const START_MS = 30_000;
const RELAY = `const socket = require("node:net").connect(${PORT}, "127.0.0.1"); socket.setNoDelay(true);
  process.stdin.pipe(socket).pipe(process.stdout); for (const end of ["close", "error"]) socket.on(end, () => process.exit());`;

/** Why the tests with a real pcscd cannot run here; `null` when they can. */
export function whyNoVpcd(): string | null {
  if (!existsSync(PCSCD) || !existsSync(DRIVER))
    return "there is no pcscd with vpcd; as root: apt-get install pcscd vsmartcard-vpcd iproute2";
  return process.getuid?.() === 0 ? null : "only root may give pcscd a network and a folder of its own";
}

export interface Vpcd {
  readonly socket: string;
  lay(card: Card | null): Promise<void>;
  close(): Promise<void>;
}

export async function startVpcd(): Promise<Vpcd> {
  const folder = mkdtempSync(join(tmpdir(), "trapeza-pcscd-"));
  const [run, conf] = [join(folder, "run"), join(folder, "conf")];
  for (const path of [run, conf]) mkdirSync(path);
  writeFileSync(join(conf, "vpcd"), `FRIENDLYNAME "Virtual PCD"\nDEVICENAME /dev/null:${PORT}\nLIBPATH ${DRIVER}\nCHANNELID ${PORT}\n`);
  const script = [
    // vpcd selects among files, and ends the daemon at a descriptor above 1,023.
    "ulimit -n 1024",
    "ip link set lo up",
    // It sends a message's length and its bytes apart; unless the first is acknowledged at once, each command takes 40 ms.
    "ip route replace local 127.0.0.1 dev lo table local src 127.0.0.1 quickack 1",
    "mkdir -p /run/pcscd",
    `mount --bind '${run}' /run/pcscd`,
    `exec ${PCSCD} -f -c '${conf}'`,
  ].join(" && ");
  const daemon = spawn("unshare", ["--mount", "--net", "sh", "-c", script], { stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  for (const stream of [daemon.stdout, daemon.stderr]) stream.on("data", (data: Buffer) => (said += data.toString()));
  const socket = join(run, "pcscd.comm");
  for (const sinceMs = Date.now(); !(await listens(socket));) {
    if (daemon.exitCode !== null || Date.now() - sinceMs > START_MS) throw new Error("pcscd does not start: " + said);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  let card: ChildProcess | null = null;
  const take = async () => {
    const taken = card;
    card = null;
    if (taken) await ended(taken);
  };
  const place = (chip: Contactless): void => {
    const placed = relayed(daemon, chip, () => void again());
    card = placed;
    const again = async () => {
      await ended(placed);
      if (card === placed) place(chip);
    };
  };
  return {
    socket,
    async lay(next) {
      await take();
      if (next) place(contactless(next));
    },
    async close() {
      await take();
      await ended(daemon);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function listens(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const trying = connect(path, () => trying.end(() => resolve(true)));
    trying.once("error", () => resolve(false));
  });
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill("SIGTERM");
  await once(child, "exit");
}

/** Control bytes of vpcd: a message of one byte. Every message has its length in front, two bytes, high byte first. */
const POWER_OFF = 0;
const POWER_ON = 1;
const RESET = 2;
const ATR = 4;

/**
 * So many times pcscd asks whether a card is there, 0.4 s apart, before a person lifts one that nobody speaks to and lays it there again: what could not be
 * powered in time is mute for pcscd until it has been away.
 */
const MUTE_LOOKS = 40;

function relayed(daemon: ChildProcess, chip: Contactless, onMute: () => void): ChildProcess {
  const relay = spawn("nsenter", [`--net=/proc/${daemon.pid}/ns/net`, process.execPath, "-e", RELAY], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  let got = Buffer.alloc(0);
  let looks = 0;
  relay.stdin.on("error", () => undefined);
  relay.stdout.on("data", (data: Buffer) => {
    got = Buffer.concat([got, data]);
    while (got.length >= 2 && got.length >= 2 + got.readUInt16BE(0)) {
      const message = got.subarray(2, 2 + got.readUInt16BE(0));
      got = got.subarray(2 + message.length);
      if (message.length > 1) looks = -Infinity;
      else if (message[0] === ATR && ++looks === MUTE_LOOKS) onMute();
      const answer = answerOf(chip, message);
      if (answer) relay.stdin.write(Buffer.concat([Buffer.from([answer.length >> 8, answer.length & 255]), answer]));
    }
  });
  return relay;
}

function answerOf(chip: Contactless, message: Buffer): Uint8Array | null {
  if (message.length !== 1) return chip.transmit(new Uint8Array(message));
  const [control] = message;
  if (control === ATR) return chip.atr;
  if (control === POWER_OFF || control === POWER_ON || control === RESET) chip.reset();
  return null;
}
