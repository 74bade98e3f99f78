/** `npm run tool -- flash`: puts a terminal's program, words and fonts into a board's flash, through its console. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { flashFiles, imageFor, loadProgram } from "@trapeza/simulators";
import { imageKinds } from "./build.js";
import { imageLimitBytes } from "./build/gate.js";
import type { BoardConsole, Patience } from "./board/console.js";
import { identify, type Identity } from "./board/identity.js";
import { BoardTrouble } from "./board/line.js";
import { cableOf, cableOptions, kindOf, told, wordsHere, type Kind } from "./board/option.js";
import { persist } from "./board/persist.js";
import { makeRoom } from "./board/room.js";
import { createMeter } from "./board/meter.js";
import { eraseFile, putFile, type BoardFile } from "./board/storage.js";
import type { Words } from "./board/words.en.js";
import { boardOf } from "./selftest/device.js";

/** Builds that are known and would not do. */
const KNOWN_BOARDS = ["ESP32", "ESP32S3", "ESP32C3", "ESP32_CYD", "ESP8266_4MB", "ESPRUINOWIFI", "PICO_R1_3"];
const BOOT = ".bootcde";
const PROGRAM = "program";
/** Where each slot has its marks (firmware/README.md, "Flash map"). */
const SLOTS = [0x3d0000, 0x3e8000];

interface Wish {
  readonly kind: Kind;
  readonly anyBoard: boolean;
  readonly force: boolean;
}

/**
 * `--kind payment|settlement|information`, `--line id003` for a kiosk with that bill validator, `--port` or `--tcp`; `--image <file>` instead of the built one,
 * `--any-board`, `--force` over another kind's enrolment, `--no-start` leaves the board at its console. 0 when everything is in flash and was read back.
 */
export async function run(args: string[], patience?: Patience): Promise<number> {
  const { values } = parseArgs({
    args,
    options: {
      ...cableOptions,
      kind: { type: "string" },
      line: { type: "string", default: "ccnet" },
      image: { type: "string" },
      "any-board": { type: "boolean", default: false },
      force: { type: "boolean", default: false },
      "no-start": { type: "boolean", default: false },
    },
  });
  const words = wordsHere();
  return told(async () => {
    const where = cableOf(values, words);
    const kind = kindOf(values.kind, words);
    const files = planOf(kind, values.image, words, values.line === "id003" ? "id003" : "ccnet");
    const wish = { kind, anyBoard: values["any-board"], force: values.force };
    await persist(where, words, (board) => flashBoard(board, files, wish, words, !values["no-start"]), patience);
    return 0;
  });
}

/** What goes into flash, the program last. Throws {@link BoardTrouble} for an image that should not go anywhere. */
export function planOf(kind: Kind, imagePath: string | undefined, words: Words, line: "ccnet" | "id003" = "ccnet"): readonly BoardFile[] {
  const built = loadProgram(imageFor({ kind, line }));
  const program = imagePath === undefined ? built : { ...built, image: readImage(imagePath, words) };
  checkImage(kind, program.image, words);
  return [...flashFiles(program)].map(([name, data]) => ({ name, data }));
}

function readImage(path: string, words: Words): string {
  try {
    return readFileSync(path, "latin1");
  } catch (error) {
    throw new BoardTrouble(words.cannotOpen(path, (error as Error).message));
  }
}

/** Every image knows the names of all kinds; only its own is handed to what reads the configuration. */
function kindIn(image: string): Kind | null {
  const counts = imageKinds.map((kind) => ({ kind, count: image.split(`("${kind}")`).length - 1 }));
  const [most, next] = counts.sort((a, b) => b.count - a.count);
  return most.count > next.count ? most.kind : null;
}

function checkImage(kind: Kind, image: string, words: Words): void {
  const strange = image.search(/[^\t\n\r\x20-\x7e]/);
  if (strange >= 0) throw new BoardTrouble(words.notAscii(strange));
  if (image.length > imageLimitBytes) throw new BoardTrouble(words.overBudget(image.length, imageLimitBytes));
  if (kindIn(image) !== kind) throw new BoardTrouble(words.foreignImage(kind));
}

function checkBoard({ board, config }: Identity, { kind, anyBoard, force }: Wish, words: Words): void {
  const wrong = board !== boardOf[kind] && KNOWN_BOARDS.includes(board);
  if (wrong && !anyBoard) throw new BoardTrouble(words.wrongBoard(kind, boardOf[kind], board));
  if (config && config.kind !== kind && !force) throw new BoardTrouble(words.otherKind(kind, config.terminal, config.kind));
}

async function flashBoard(board: BoardConsole, files: readonly BoardFile[], wish: Wish, words: Words, start: boolean): Promise<void> {
  const identity = await identify(board);
  console.log(words.found(identity.board, identity.version, identity.variables));
  checkBoard(identity, wish, words);
  await silenceBluetooth(board, words);
  const program = files[files.length - 2].data;
  const loader = files[files.length - 1].data;
  // Half a program must not be started: what boots goes first and comes last. What is the same already stays.
  if (!(await holds(board, BOOT, loader)) || !(await holds(board, PROGRAM, program))) await eraseFile(board, BOOT);
  // What a technician writes is what runs: releases that came over the wire no longer count.
  await board.ask(`(${SLOTS.map((at) => `require("Flash").erasePage(${at})`).join()},0)`);
  const bytes = files.reduce((sum, { data }) => sum + data.length, 0);
  await makeRoom(
    board,
    bytes,
    files.map(({ name }) => name),
    words,
  );
  for (const file of files) {
    const meter = createMeter(process.stderr);
    const result = await putFile(board, file, words, meter.show);
    meter.clear();
    console.log(result === "same" ? words.already(file.name) : words.written(file.name, file.data.length));
  }
  console.log(words.flashed(wish.kind, createHash("sha256").update(program).digest("hex").slice(0, 8)));
  if (identity.config === null) console.log(words.notEnrolled);
  if (!start) return;
  await board.restart();
  console.log(words.started);
}

/** Whether the file is there already, by its length: its content is compared where it is written. */
async function holds(board: BoardConsole, name: string, data: Uint8Array): Promise<boolean> {
  return ((await board.ask(`(require("Storage").read(${JSON.stringify(name)})||"").length`)) as number) === data.length;
}

/** Anybody in the building could open it, and it costs a third of the memory. Switching it off takes the program out of flash and restarts the chip. */
async function silenceBluetooth(board: BoardConsole, words: Words): Promise<void> {
  if (!(await board.ask('typeof ESP32!=="undefined"&&!!ESP32.getState().BLE'))) return;
  console.log(words.bluetoothOff);
  // The chip restarts in the middle of its answer. What has no cable to come back on begins anew.
  await board.ask("ESP32.enableBLE(false)").catch(() => undefined);
  await board.reset();
}
