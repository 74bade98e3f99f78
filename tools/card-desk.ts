/** `npm run tool -- card-desk`: what a page of the office has begun is made at this machine's reader. */
import { readFileSync } from "node:fs";
import { setTimeout } from "node:timers/promises";
import { parseArgs } from "node:util";
import { keysFrom, WrongSetting } from "@trapeza/gateway";
import { workAtDesk } from "./card-desk/batch.js";
import { loadCardKeys, saveCardKeys } from "./card-desk/key-file.js";
import { OfficeTrouble, openOfficeLine } from "./card-desk/office.js";
import { openPcscReader, PCSCD_SOCKET, ReaderTrouble } from "./card-desk/pcsc.js";
import { ENGLISH } from "./card-desk/words.en.js";
import { RUSSIAN, type Words } from "./card-desk/words.ru.js";

const OPTIONS = {
  gateway: { type: "string" },
  to: { type: "string" },
  cloud: { type: "string" },
  school: { type: "string" },
  key: { type: "string" },
  cards: { type: "string" },
  reader: { type: "string", default: "" },
} as const;

/** `signal` ends it between two cards; without one Ctrl-C does. */
export async function run(args: string[], signal = interrupted()): Promise<number> {
  const { values, positionals } = parseArgs({ args, options: OPTIONS, allowPositionals: true });
  const words = process.env.LANG?.startsWith("ru") ? RUSSIAN : ENGLISH;
  const { gateway, to, cloud, school, key, cards, reader } = values;
  if (positionals[0] === "keys" && gateway !== undefined && to !== undefined) return keys(gateway, to, words);
  if (positionals.length > 0 || !cloud || !/^[0-9]{1,9}$/.test(school ?? "") || key === undefined || cards === undefined) {
    console.error(words.usage);
    return 2;
  }
  const kept = loadCardKeys(cards);
  const own = readOrNothing(key);
  // Cards with another school's keys would be worth nothing at its tills.
  if (kept?.school !== Number(school) || own === "") {
    console.error(words.cannotRead(own === "" ? key : cards));
    return 1;
  }
  const url = cloud.replace(/\/+$/, "");
  const office = openOfficeLine({ url, school: kept.school, key: own });
  try {
    return await atReader({ reader, words, signal }, (desk) =>
      workAtDesk({ ...desk, office, pause, keys: keysFrom(kept.masters), address: new URL(url).host + "/t?p=" }),
    );
  } catch (error) {
    if (!(error instanceof OfficeTrouble || error instanceof ReaderTrouble)) throw error;
    if (error instanceof ReaderTrouble) console.error(words.readerTrouble(error.message));
    else console.error([401, 404].includes(error.status) ? words.officeStranger : words.officeSilent);
    return 1;
  }
}

type Desk = Pick<Parameters<typeof workAtDesk>[0], "reader" | "words" | "say" | "signal">;

async function atReader(
  { reader: name, words, signal }: { readonly reader: string; readonly words: Words; readonly signal: AbortSignal },
  work: (desk: Desk) => ReturnType<typeof workAtDesk>,
): Promise<number> {
  const reader = await openPcscReader({ socket: process.env.TRAPEZA_PCSCD_SOCKET ?? PCSCD_SOCKET, reader: name });
  try {
    const { made, refused } = await work({ reader, words, signal, say: (line) => console.log(line) });
    console.log(words.tally(made, refused));
    return 0;
  } finally {
    await reader.close();
  }
}

function keys(gateway: string, to: string, words: Words): number {
  try {
    saveCardKeys(gateway, to);
    console.log(words.keysSaved(to));
    return 0;
  } catch (error) {
    console.error(error instanceof WrongSetting ? words.cannotRead(gateway) : words.cannotWrite(to));
    return 1;
  }
}

function readOrNothing(path: string): string {
  try {
    return readFileSync(path, "utf8").trim();
  } catch {
    return "";
  }
}

/** A timer that ends early does not keep the program alive. */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  return setTimeout(ms, undefined, { signal }).catch(() => undefined);
}

function interrupted(): AbortSignal {
  const ending = new AbortController();
  process.once("SIGINT", () => ending.abort());
  return ending.signal;
}
