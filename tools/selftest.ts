/** `npm run tool -- selftest`: what a technician wants to know of a board before it is screwed to a wall. */
import { createHash } from "node:crypto";
import { parseArgs } from "node:util";
import { wiringFor } from "@trapeza/firmware";
import { flashFiles, imageFor, loadProgram } from "@trapeza/simulators";
import { variableBudget } from "./build/gate.js";
import { openConsole, Refused, type BoardConsole, type Patience } from "./board/console.js";
import { identify, type Identity } from "./board/identity.js";
import { cableOf, cableOptions, kindOf, told, wordsHere, type Kind } from "./board/option.js";
import { hasOutbox, owedBy } from "./board/outbox.js";
import type { Words } from "./board/words.en.js";
import { tableOf, type Check } from "./selftest/check.js";
import { boardOf, checkAcceptor, checkDisplay, checkPrinter, checkReader, checkTouch } from "./selftest/device.js";
import { checkDoor, checkGateway, checkWifi } from "./selftest/network.js";

/** A terminal joins its network and shuts its doors. */
const STARTED_MS = 10_000;

/** Where a test has put the board's door. */
interface Trial extends Patience {
  readonly doorPort?: number;
}

/**
 * `--port` or `--tcp`, `--kind` for a board that is not enrolled; `--line id003` for its validator; `--json` prints the checks as one object. Stops the program
 * while it asks, and starts it again. 0 when nothing is bad; what cannot be looked at from here is no failure and says why.
 */
export async function run(args: string[], patience?: Trial): Promise<number> {
  const { values } = parseArgs({
    args,
    options: { ...cableOptions, kind: { type: "string" }, json: { type: "boolean", default: false } },
  });
  const words = wordsHere();
  return told(async () => {
    const board = await openConsole(cableOf(values, words), words, patience);
    try {
      await board.reset();
      const identity = await identify(board);
      const kind = kindOf(values.kind ?? identity.config?.kind, words);
      const checks: Check[] = [];
      const note = (check: Check): void => {
        checks.push(check);
        if (!values.json) console.log(tableOf([{ ...check, what: check.what.padEnd(words.widest) }]));
      };
      for (const check of boardChecks(identity, kind, words)) note(check);
      for (const check of deviceChecks(board, identity, kind, words)) note(await survived(check, words));
      const { check, ip } = await checkWifi(board, identity.config, words);
      note(check);
      note(await survived({ what: words.gateway, look: () => checkGateway(board, identity.config, words) }, words));
      await board.restart();
      if (ip !== "") await new Promise((done) => setTimeout(done, patience?.knockMs ?? STARTED_MS));
      note(await checkDoor(ip, words, patience?.doorPort));
      const bad = checks.filter(({ good }) => good === false).length;
      console.log(values.json ? JSON.stringify({ good: bad === 0, checks }) : bad === 0 ? words.allGood : words.someBad(bad));
      return bad === 0 ? 0 : 1;
    } finally {
      await board.close();
    }
  });
}

interface Look {
  readonly what: string;
  readonly look: () => Promise<Check>;
}

/** A check that the board itself refuses is a bad one; the others go on. */
async function survived({ what, look }: Look, words: Words): Promise<Check> {
  try {
    return await look();
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return { what, good: false, says: words.refusedBy(error.message) };
  }
}

function boardChecks({ board, version, freeVariables, config }: Identity, kind: Kind, words: Words): Check[] {
  return [
    { what: words.chip, good: board === boardOf[kind], says: `${board}, Espruino ${version}` },
    { what: words.variables, good: freeVariables >= variableBudget, says: words.freeVariables(freeVariables, variableBudget) },
    {
      what: words.enrolment,
      good: config !== null && config.kind === kind && config.hasKey,
      says: config ? words.enrolledAs(config.kind, config.terminal, `${config.host}:${config.port}`) : words.notEnrolledYet,
    },
  ];
}

function deviceChecks(board: BoardConsole, identity: Identity, kind: Kind, words: Words): Look[] {
  const wiring = wiringFor(kind);
  const line = identity.config?.line ?? "ccnet";
  return [
    { what: words.files, look: () => checkFiles(board, imageFor({ kind, line: line === "id003" ? line : "ccnet" }), words) },
    { what: words.bluetooth, look: () => checkBluetooth(board, words) },
    { what: words.outbox, look: () => checkOutbox(board, words) },
    { what: words.display, look: () => checkDisplay(board, words) },
    { what: words.touch, look: () => checkTouch(board, wiring, words) },
    { what: words.reader, look: () => checkReader(board, wiring, words) },
    { what: words.acceptor, look: () => checkAcceptor(board, wiring, line, words) },
    { what: words.printer, look: () => checkPrinter(board, wiring, identity.config?.printer ?? null, words) },
  ];
}

/** Every file that belongs to the terminal, by length and hash of its beginning. */
async function checkFiles(board: BoardConsole, image: Parameters<typeof loadProgram>[0], words: Words): Promise<Check> {
  const what = words.files;
  const wrong: string[] = [];
  for (const [name, data] of flashFiles(loadProgram(image))) {
    const read = (stretch: string): string => `(require("Storage").read(${JSON.stringify(name)}${stretch})||"")`;
    const shown = 'function(d){return btoa(E.toString(new Uint8Array(require("crypto").SHA256(d))))}';
    const length = (await board.ask(`${read("")}.length`)) as number;
    const hash = (await board.ask(`(${shown})(${read(`,0,${BEGINNING}`)})`)) as string;
    const wanted = createHash("sha256").update(data.subarray(0, BEGINNING)).digest("base64");
    if (length !== data.length || hash !== wanted) wrong.push(name);
  }
  return { what, good: wrong.length === 0, says: wrong.length === 0 ? words.filesAsBuilt : words.filesDiffer(wrong.join(", ")) };
}
const BEGINNING = 4096;

async function checkOutbox(board: BoardConsole, words: Words): Promise<Check> {
  const what = words.outbox;
  if (!(await hasOutbox(board))) return { what, good: false, says: words.noOutbox };
  const owed = await owedBy(board);
  return { what, good: true, says: words.owing(owed?.operations ?? 0) };
}

async function checkBluetooth(board: BoardConsole, words: Words): Promise<Check> {
  const isOn = (await board.ask('typeof ESP32!=="undefined"&&!!ESP32.getState().BLE')) as boolean;
  return { what: words.bluetooth, good: !isOn, says: isOn ? words.bluetoothOn : words.off };
}
