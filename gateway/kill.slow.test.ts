import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import test from "ava";
import { apply, audit, checkInvariants, createSchool, packUp, requestDigest, terminalId, toHex } from "@trapeza/protocol";
import type { Directive, Event, Result, Up } from "@trapeza/protocol";
import { sha256 } from "./cipher.js";
import { ORIGIN, SEED, signer } from "./journal/_journal.test.js";
import { verifyJournalFile } from "./journal/verify.js";
import { LiveTerminal } from "./_live.test.js";
import { CASHIER, KIOSK, openWorld, PUPIL, rub, SCHOOL, SECRET, terminal, when } from "./_school.test.js";

/** TRAPEZA_KILLS=200 kills it two hundred times in a row; the daily run is content with fewer. */
const ROUNDS = Number(process.env.TRAPEZA_KILLS ?? 12);
/** A canteen at the long break: most of what is answered are sales. */
const TILLS = [terminalId(11), terminalId(12), terminalId(13), terminalId(14)];
const BETWEEN_NOTES_MS = 25;
const LONGEST_LIFE_MS = 8000;
const MAIN = fileURLToPath(new URL("./main.js", import.meta.url));

interface Running {
  readonly child: ChildProcess;
  readonly port: number;
}

function start(settings: string): Promise<Running> {
  return new Promise((done, failed) => {
    const child = spawn(process.execPath, [MAIN, settings], { stdio: ["ignore", "pipe", "pipe"] });
    let said = "";
    let complaint = "";
    child.stderr.on("data", (chunk) => (complaint += chunk));
    child.stdout.on("data", (chunk) => {
      said += chunk;
      const line = said.split("\n").find((one) => one.startsWith('{"started"'));
      if (line) done({ child, port: (JSON.parse(line) as { mqttPort: number }).mqttPort });
    });
    child.on("exit", (code) => failed(new Error(`ended with ${code}: ${complaint}`)));
  });
}

function kill({ child }: Running): Promise<void> {
  return new Promise((done) => {
    child.on("exit", () => done());
    child.kill("SIGKILL");
  });
}

/** One terminal's life: what it asked under each number and what it was answered. */
class Till {
  readonly asked: Up[] = [];
  readonly answers: (Result | null)[] = [];
  readonly live: LiveTerminal;

  constructor(id: typeof KIOSK, kind: "payment" | "settlement") {
    this.live = new LiveTerminal(id, kind);
  }

  /** Greets, asks again whatever has no answer yet, then goes on asking until the line breaks. */
  async hammer(port: number, next: (n: number) => Promise<Up | null>): Promise<void> {
    const { live, asked, answers } = this;
    live.speaker.bootEpoch++;
    live.speaker.k = 0;
    if (!(await live.start(port))) return;
    for (;;) {
      const open = answers.indexOf(null);
      if (open < 0) {
        const up = await next(asked.length + 1);
        if (!up) return;
        asked.push(up);
        answers.push(null);
        continue;
      }
      const answer = await live.ask(asked[open]);
      if (!answer) return;
      answers[open] = answer;
    }
  }
}

const pause = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

const note = (n: number): Up => ({
  kind: "NoteStacked",
  n,
  when: { ...when, known: false },
  payee: { kind: "card", uid: PUPIL },
  purse: "main",
  note: rub(10),
  visit: n,
});

const heardBy = (tills: readonly Till[]): number =>
  tills.reduce((sum, { answers }) => sum + answers.filter((one) => one !== null).length, 0);

async function nextSale(till: Till, n: number): Promise<Up | null> {
  if (n === 1) return { kind: "Shift", n, when, action: "open", uid: CASHIER, declared: rub(0) };
  const holder = await till.live.ask({ kind: "Tap", uid: PUPIL, total: rub(20), sun: null });
  if (!holder) return null;
  const handle = holder.kind === "Holder" ? holder.handle : 0;
  return { kind: "Sale", n, when, handle, lines: [{ dish: 101, quantity: 1 }], total: rub(20), menuVersion: 0, override: "none" };
}

test("killed at any moment, the gateway still knows everything that it answered", async (t) => {
  t.timeout(ROUNDS * 30_000);
  const dataDir = mkdtempSync(join(tmpdir(), "trapeza-kill-"));
  const path = join(dataDir, "journal.sqlite");
  const money: Directive = { kind: "TopUp", account: 1, main: rub(0), additional: rub(10_000_000), source: "payment", reference: "p2" };
  openWorld(path, [...SCHOOL, ...TILLS.map((id) => terminal(id, "settlement")), money]).journal.close();
  const settings = join(dataDir, "gateway.json");
  const keys = { schoolSecret: toHex(SECRET), gatewaySeed: toHex(SEED), statusPassword: "five small keys" };
  writeFileSync(
    settings,
    JSON.stringify({ dataDir, house: "trapeza.example", school: 7, epoch: 1, mqttPort: 0, httpPort: 0, logLevel: "warn", ...keys }),
  );
  const kiosk = new Till(KIOSK, "payment");
  const tills = TILLS.map((id) => new Till(id, "settlement"));
  const all = [kiosk, ...tills];
  let unheard = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const running = await start(settings);
    // Everything ever answered, asked again in one go at the first restart after it, must be answered with the same words.
    const feeding = kiosk.hammer(running.port, async (n) => pause(BETWEEN_NOTES_MS).then(() => note(n)));
    const selling = tills.map((till) => till.hammer(running.port, (n) => nextSale(till, n)));
    // However fast this machine is: in the middle of work, after some answers more.
    const goal = heardBy(all) + 5 + Math.random() * 60;
    for (let waited = 0; heardBy(all) < goal && waited < LONGEST_LIFE_MS; waited++) await pause(1);
    await pause(Math.random() * 10);
    await kill(running);
    await Promise.all([feeding, ...selling]);
    for (const { live } of all) live.stop();
    unheard += all.filter(({ answers }) => answers.includes(null)).length;
    await askAgain(t.deepEqual, settings, all);
    checkJournal((good, why) => good || t.fail(why), path, all);
  }
  const given = all.flatMap(({ answers }) => answers.filter((answer) => answer !== null));
  const sold = given.filter(({ kind }) => kind === "Sold").length;
  t.log(`${given.length} answers, ${sold} of them sales, in ${ROUNDS} lives; ${unheard} operations were under way when it was killed`);
  t.true(sold > given.length / 2, "most of them are sales");
  t.true(given.length > ROUNDS * 10);
});

/** Starts the gateway once more and asks every terminal's last hundred operations again. */
async function askAgain(same: (a: unknown, b: unknown, message?: string) => void, settings: string, tills: Till[]): Promise<void> {
  const running = await start(settings);
  for (const { live, asked, answers } of tills) {
    live.speaker.bootEpoch++;
    live.speaker.k = 0;
    if (!(await live.start(running.port))) throw new Error("not let in after a restart");
    for (let at = Math.max(0, asked.length - 100); at < asked.length; at++) {
      const answer = await live.ask(asked[at]);
      if (answers[at]) same(answer, answers[at], `operation ${at + 1} of terminal ${live.id}`);
      answers[at] = answer;
    }
    live.stop();
  }
  await kill(running);
}

/** Every operation done stands in the journal once, under its digest; the rules find nothing wrong. A refusal may leave no event, only its answer. */
function checkJournal(holds: (value: boolean, message?: string) => unknown, path: string, tills: Till[]): void {
  const found = new Map<string, string>();
  const school = createSchool();
  const fold = ({ operation, digest }: Event): void => {
    if (!operation) return;
    const name = [operation.terminal, operation.incarnation, operation.n, operation.part].join(":");
    holds(!found.has(name), `${name} stands twice`);
    found.set(name, toHex(digest ?? new Uint8Array(0)));
  };
  const verified = verifyJournalFile(path, {
    ...{ origin: ORIGIN, key: signer.key, cosigner: null },
    fold: () => (event: Event) => {
      holds(audit(school, event).length === 0, `event ${event.seq}: ${audit(school, event).join()}`);
      apply(school, event);
      fold(event);
    },
  });
  holds(verified.ok, JSON.stringify([verified.firstBad, verified.troubles]));
  holds(checkInvariants(school).length === 0);
  for (const { live, asked, answers } of tills) {
    asked.forEach((message, i) => {
      const name = [live.id, live.speaker.incarnation, i + 1, 0].join(":");
      if (answers[i] && answers[i]?.kind !== "Refused")
        holds(
          found.get(name) === toHex(requestDigest(sha256, packUp(message))),
          `${name}: ${JSON.stringify(answers[i])} is not in the journal`,
        );
    });
  }
}
