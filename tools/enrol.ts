/** `npm run tool -- enrol`: tells a board which terminal it is, where its gateway is and the key that both share. */
import { readFileSync, rmSync } from "node:fs";
import { parseArgs } from "node:util";
import { escpos, keypad, latinBytes } from "@trapeza/protocol";
import type { BoardConsole, Patience } from "./board/console.js";
import { enrolmentFrom, loadEnrolment, saveEnrolment, type Enrolment } from "./board/enrolment.js";
import { identify } from "./board/identity.js";
import { BoardTrouble } from "./board/line.js";
import { cableOf, cableOptions, told, wordsHere } from "./board/option.js";
import { eraseOutbox, hasOutbox, owedBy } from "./board/outbox.js";
import { persist } from "./board/persist.js";
import { askSecret } from "./board/secret.js";
import { putFile } from "./board/storage.js";
import type { Words } from "./board/words.en.js";

/** What the board keeps as `config`. */
interface Config extends Enrolment {
  readonly line?: string;
  readonly printer?: escpos.Profile & { readonly name: string };
  readonly keypad?: string;
  readonly signer?: string;
  readonly ssid?: string;
  readonly password?: string;
}

const OPTIONS = {
  ...cableOptions,
  gateway: { type: "string" },
  terminal: { type: "string" },
  host: { type: "string" },
  from: { type: "string" },
  to: { type: "string" },
  ssid: { type: "string" },
  line: { type: "string", default: "ccnet" },
  printer: { type: "string", default: "clone-58" },
  keypad: { type: "string" },
  signer: { type: "string" },
  "unsent-lost": { type: "boolean", default: false },
} as const;

/**
 * `--gateway <folder>` on the gateway's own machine with `--terminal <number>` and `--host <address for terminals>`, or `--from <file>` that
 * `--to <file>` wrote there; then `--port` or `--tcp` of the board. `--ssid` names a wireless network (password from TRAPEZA_WIFI_PASSWORD, or asked
 * for), `--line id003` the other bill validator, `--printer <model>` another printer than most have, `--keypad 4x4` or `4x3` a keypad beside the screen,
 * `--signer <hex or file>` whose releases it takes; `--unsent-lost` gives up operations that the board still holds. The key is printed nowhere.
 */
export async function run(args: string[], patience?: Patience): Promise<number> {
  const { values } = parseArgs({ args, options: OPTIONS });
  const words = wordsHere();
  return told(async () => {
    if (values.line !== "ccnet" && values.line !== "id003") throw new BoardTrouble(words.badLine(values.line));
    const profile = escpos.MODELS[values.printer];
    if (!profile) throw new BoardTrouble(words.badPrinter(values.printer, Object.keys(escpos.MODELS)));
    const layout = values.keypad === undefined ? undefined : keypad.LAYOUTS[values.keypad];
    if (values.keypad !== undefined && !layout) throw new BoardTrouble(words.badKeypad(values.keypad, Object.keys(keypad.LAYOUTS)));
    const enrolment = await chosen(values, words);
    const answers = escpos.ANSWERS_AT_ONCE + escpos.ANSWERS_IN_TURN;
    // A kiosk takes no note for which it may have no paper.
    if (enrolment.kind === "payment" && (profile.traits & answers) === 0) throw new BoardTrouble(words.unseenPrinter(values.printer));
    if (values.to !== undefined) {
      writeOnce(values.to, enrolment, words);
      console.log(words.saved(values.to, enrolment.terminal));
      return 0;
    }
    const where = cableOf(values, words);
    const { ssid, line } = values;
    const password = ssid === undefined ? undefined : (process.env.TRAPEZA_WIFI_PASSWORD ?? (await askSecret(words.wifiPassword(ssid))));
    const signer = values.signer === undefined ? {} : { signer: signerFrom(values.signer, words) };
    const config: Config = {
      ...enrolment,
      ...(line === "id003" ? { line } : {}),
      ...(values.printer === OPTIONS.printer.default ? {} : { printer: { name: values.printer, ...profile } }),
      ...(layout === undefined ? {} : { keypad: layout }),
      ...signer,
      ...(ssid === undefined ? {} : { ssid, password }),
    };
    await persist(where, words, (board) => enrolBoard(board, config, values["unsent-lost"], words), patience);
    // A key on a memory stick is a key in a pocket.
    if (values.from !== undefined) rmSync(values.from);
    console.log(words.enrolled(enrolment.kind, enrolment.terminal, `${enrolment.host}:${enrolment.port}`));
    return 0;
  });
}

async function chosen(
  values: { readonly gateway?: string; readonly terminal?: string; readonly host?: string; readonly from?: string },
  words: Words,
): Promise<Enrolment> {
  if (values.from !== undefined) return loadEnrolment(values.from, words);
  if (values.gateway === undefined) throw new BoardTrouble(words.whichGateway);
  const terminal = Number(values.terminal);
  if (!Number.isInteger(terminal) || terminal < 1 || terminal > 65535) throw new BoardTrouble(words.badTerminal(values.terminal ?? ""));
  return enrolmentFrom({ settings: values.gateway, terminal, host: values.host ?? null }, words);
}

/** Whose releases the board will believe: a public key of 56 bytes in hex, or a file that begins with it. */
function signerFrom(given: string, words: Words): string {
  const text = /^[0-9a-f]+$/.test(given) ? given : readOrNothing(given).slice(0, SIGNER_DIGITS);
  if (!new RegExp(`^[0-9a-f]{${SIGNER_DIGITS}}$`).test(text)) throw new BoardTrouble(words.badSigner(SIGNER_DIGITS));
  return text;
}
const SIGNER_DIGITS = 112;

function readOrNothing(path: string): string {
  try {
    return readFileSync(path, "latin1").trim();
  } catch {
    return "";
  }
}

function writeOnce(path: string, enrolment: Enrolment, words: Words): void {
  try {
    saveEnrolment(path, enrolment);
  } catch (error) {
    throw new BoardTrouble(words.cannotOpen(path, (error as Error).message));
  }
}

/** Terminal and school tell whether a board stays who it was. The key may change: its gateway asks first for what is still unsaid under the old name. */
const SELF = '(function(){var c=require("Storage").readJSON("config",1);return c?c.terminal+":"+c.school:""})()';

function selfOf({ terminal, school }: Enrolment): string {
  return `${terminal}:${school}`;
}

async function enrolBoard(board: BoardConsole, config: Config, unsentLost: boolean, words: Words): Promise<void> {
  const identity = await identify(board);
  console.log(words.found(identity.board, identity.version, identity.variables));
  const isSame = (await board.ask(SELF)) === selfOf(config);
  if (!isSame) await leaveSchool(board, unsentLost, words);
  await putFile(board, { name: "config", data: latinBytes(JSON.stringify(config)) }, words, () => undefined);
  await board.restart();
}

/** Under another name nothing of the old outbox would ever be taken: money in it must not be forgotten unnoticed. */
async function leaveSchool(board: BoardConsole, unsentLost: boolean, words: Words): Promise<void> {
  const owed = await owedBy(board);
  if (owed && (owed.operations > 0 || owed.note) && !unsentLost) throw new BoardTrouble(words.owes(owed.operations, owed.note));
  if (await hasOutbox(board)) await eraseOutbox(board);
}
