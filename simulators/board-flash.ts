/**
 * What a board keeps without power: raw NOR pages (`require("Flash")`) and named files (`require("Storage")`).
 *
 * Writing clears bits and only erasing a page sets them again, as in the chip; a cut of the power can stop any write or erase half-way.
 * Raw pages of a stored flash are written in place at once, so that a killed process leaves what a board without power would leave.
 */
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, renameSync, writeFileSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import { latinBytes, type escpos } from "@trapeza/protocol";

export const PAGE_BYTES = 4096;
/** The partition "flash" of Espruino's ESP32 table: 64 kB that nothing else uses (targets/esp32 partitions.csv). */
export const RAW_START = 0x310000;
export const RAW_BYTES = 0x10000;
/** The partition "storage", 896 kB: files in front, and at its end the two slots for releases (firmware/README.md, "Flash map"). */
const STORAGE_START = 0x320000;
export const SLOTS_START = 0x3d0000;
export const SLOTS_BYTES = 0x30000;
const STORAGE_BYTES = SLOTS_START - STORAGE_START;
/** What the loader starts when no release has come over the wire. */
export const PROGRAM_FILE = "program";
/** Header of a file in Espruino's Storage (src/jsflash.h: size, flags and a name of 28). */
const FILE_HEADER_BYTES = 32;
const NAME_LIMIT = 28;

/** Thrown through the firmware when its power goes: nothing after that line has happened. */
export class PowerCut extends Error {}

export interface Flash {
  /** The outbox's sectors, and behind them the slots. */
  readonly raw: Uint8Array;
  /** Files by name. Do not write to it: {@link Flash.writeFile}. */
  readonly files: ReadonlyMap<string, Uint8Array>;
  writeFile(name: string, data: Uint8Array): boolean;
  eraseFile(name: string): void;
  freeBytes(): number;
  /** `at` counts in {@link Flash.raw}. */
  writeRaw(at: number, data: Uint8Array): void;
  eraseRaw(page: number): void;
  /** The power goes in the middle of the `count`-th next write or erase, after `bytes` of its bytes. Told by `onCut`. */
  tearAfter(count: number, bytes: number): void;
  /** Set by the board: pulls its own power. */
  onCut: (() => void) | null;
  close(): void;
}

/** Where the bytes go when the process ends; nowhere for a flash in memory. */
interface Keeping {
  raw(at: number, length: number): void;
  files(): void;
  close(): void;
}

function fileBytes(files: ReadonlyMap<string, Uint8Array>): number {
  let used = 0;
  for (const data of files.values()) used += FILE_HEADER_BYTES + Math.ceil(data.length / 4) * 4;
  return used;
}

function flashOver(raw: Uint8Array, files: Map<string, Uint8Array>, keeping: Keeping): Flash {
  let tear: { left: number; bytes: number } | null = null;

  /** How many of `length` bytes still happen: all of them, or fewer when the power goes now. */
  function surviving(length: number): number {
    if (!tear || --tear.left > 0) return length;
    return Math.min(tear.bytes, length);
  }
  function cutIfTorn(): void {
    if (!tear || tear.left > 0) return;
    tear = null;
    flash.onCut?.();
    throw new PowerCut("power cut in a flash write");
  }

  const flash: Flash = {
    raw,
    files,
    onCut: null,
    writeFile(name, data) {
      if (name.length === 0 || name.length > NAME_LIMIT) throw new Error("File name too long");
      const old = files.get(name);
      // Storage leaves an equal file alone; else it erases the old one first, and between the two there is no file at all.
      if (old && Buffer.compare(old, data) === 0) return true;
      const kept = surviving(data.length);
      files.delete(name);
      const fits = fileBytes(files) + FILE_HEADER_BYTES + data.length <= STORAGE_BYTES;
      if (fits && kept === data.length && !(tear && tear.left <= 0)) files.set(name, data.slice());
      keeping.files();
      cutIfTorn();
      return fits;
    },
    eraseFile(name) {
      if (files.delete(name)) keeping.files();
    },
    freeBytes: () => STORAGE_BYTES - fileBytes(files),
    writeRaw(at, data) {
      const kept = surviving(data.length);
      for (let i = 0; i < kept; i++) raw[at + i] &= data[i];
      keeping.raw(at, kept);
      cutIfTorn();
    },
    eraseRaw(page) {
      const kept = surviving(PAGE_BYTES);
      raw.fill(0xff, page * PAGE_BYTES, page * PAGE_BYTES + kept);
      keeping.raw(page * PAGE_BYTES, kept);
      cutIfTorn();
    },
    tearAfter(count, bytes) {
      tear = { left: count, bytes };
    },
    close: () => keeping.close(),
  };
  return flash;
}

/** A factory-new flash that lives as long as the process. */
export function createFlash(): Flash {
  const nowhere: Keeping = { raw: () => {}, files: () => {}, close: () => {} };
  return flashOver(new Uint8Array(RAW_BYTES + SLOTS_BYTES).fill(0xff), new Map(), nowhere);
}

/**
 * A flash that survives the process: `<path>.raw` is the chip's pages byte for byte, `<path>.files.json` its files.
 * Throws when a file there is not what this function wrote.
 */
export function openFlash(path: string): Flash {
  mkdirSync(dirname(path), { recursive: true });
  const rawPath = path + ".raw";
  const filesPath = path + ".files.json";
  if (!existsSync(rawPath)) writeFileSync(rawPath, new Uint8Array(RAW_BYTES + SLOTS_BYTES).fill(0xff));
  const raw = new Uint8Array(readFileSync(rawPath));
  if (raw.length !== RAW_BYTES + SLOTS_BYTES) throw new Error(`${rawPath} has ${raw.length} bytes instead of ${RAW_BYTES + SLOTS_BYTES}`);
  const files = new Map<string, Uint8Array>();
  if (existsSync(filesPath)) {
    const stored = JSON.parse(readFileSync(filesPath, "utf8")) as Record<string, string>;
    for (const [name, text] of Object.entries(stored)) files.set(name, new Uint8Array(Buffer.from(text, "base64")));
  }
  const descriptor = openSync(rawPath, "r+");
  return flashOver(raw, files, {
    raw: (at, length) => void writeSync(descriptor, raw, at, length, at),
    files() {
      const stored = Object.fromEntries([...files].map(([name, data]) => [name, Buffer.from(data).toString("base64")]));
      // Renaming is the commit: a process killed before it leaves the files as they were.
      writeFileSync(filesPath + ".new", JSON.stringify(stored));
      renameSync(filesPath + ".new", filesPath);
    },
    close: () => closeSync(descriptor),
  });
}

export type TerminalKind = "payment" | "settlement" | "information";

/** What a terminal must know before it first meets its gateway. */
export interface TerminalConfig {
  /** Number within the school, 1…65 535. */
  readonly terminal: number;
  readonly kind: TerminalKind;
  /** 64 hex digits: the key that terminal and gateway share. */
  readonly key: string;
  readonly host: string;
  readonly port: number;
  readonly school: number | string;
  /** Which line the bill validator speaks; CCNET when nothing is said. */
  readonly line?: "ccnet" | "id003";
  /** What its printer is like, and what it is called; what most schools have when nothing is said. */
  readonly printer?: escpos.Profile & { readonly name: string };
  /** What the keys of its keypad say, by their place (`LAYOUTS`); it has none when nothing is said. */
  readonly keypad?: string;
  /** The school's wireless network; none on a cable. */
  readonly ssid?: string;
  readonly password?: string;
  /** 112 hex digits: the public key of who signs releases; without it none is taken. */
  readonly signer?: string;
}

/** Writes the configuration file that a technician's flash tool would write. */
export function provision(flash: Flash, config: TerminalConfig): void {
  if (!/^[0-9a-f]{64}$/.test(config.key)) throw new Error("key must be 64 hex digits");
  flash.writeFile("config", latinBytes(JSON.stringify(config)));
}

/**
 * Writes a program and the files beside it, such as fonts. `image` is ASCII: the build sees to that. With a `loader` that is what boots, and it starts the
 * image; without one the image boots by itself.
 */
export function install(flash: Flash, image: string, files: Readonly<Record<string, Uint8Array>> = {}, loader?: string): void {
  const unsafe = image.search(/[^\t\n\r\x20-\x7e]/);
  if (unsafe >= 0) throw new Error(`the image has a character outside ASCII at ${unsafe}: the chip would read it as other bytes`);
  for (const [name, data] of Object.entries(files)) flash.writeFile(name, data);
  if (loader !== undefined) flash.writeFile(PROGRAM_FILE, latinBytes(image));
  flash.writeFile(".bootcde", latinBytes(loader ?? image));
}
