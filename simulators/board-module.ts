/** The modules of the chip's library that are neither ports nor drawing: system, storage, raw flash. */
import { byteString, bytesOf, crc32 } from "./board-bytes.js";
import { PAGE_BYTES, RAW_BYTES, RAW_START, SLOTS_BYTES, SLOTS_START, type Flash } from "./board-flash.js";
import type { Emitter, Handler, Session } from "./board-session.js";

/** Constructors of the firmware's own realm: what it gets must be made by them. */
interface RealmMakers {
  readonly Uint8Array: Uint8ArrayConstructor;
  readonly JSON: JSON;
}

function makers(session: Session): RealmMakers {
  return session.realm as unknown as RealmMakers;
}

interface SystemParts {
  readonly restart: (bare: boolean) => void;
  readonly switches: { console: boolean };
  readonly flash: Flash;
}

/** `E`. `restart` boots the board anew, `events` carries `init` and `kill`. */
export function systemObject(session: Session, events: Emitter, { restart, switches, flash }: SystemParts): Record<string, unknown> {
  let limitMs = 0;
  let watchdog: { cancel: () => void } | null = null;
  // Without a kick in time the chip starts anew; the idle loop kicks by itself when asked to.
  const kick = (): void => {
    watchdog?.cancel();
    watchdog = limitMs > 0 ? session.after(limitMs, () => restart(false)) : null;
  };
  const RealmBytes = makers(session).Uint8Array;
  const E: Record<string, unknown> = {
    toString: session.api((...data: unknown[]) => byteString(bytesOf(data))),
    toUint8Array: session.api((...data: unknown[]) => new RealmBytes(bytesOf(data))),
    CRC32: session.api((data: unknown) => crc32(bytesOf(data))),
    memoryArea: session.api((address: unknown, length: unknown) => {
      const at = Number(address) - SLOTS_START + RAW_BYTES;
      if (at < RAW_BYTES) throw new Error(`this board maps its slots only, not ${String(address)}`);
      return byteString(flash.raw.subarray(at, at + Number(length)));
    }),
    toArrayBuffer: session.api((data: unknown) => new RealmBytes(bytesOf(data)).buffer),
    getErrorFlags: session.api(() => []),
    getFlags: session.api(() => ({})),
    setFlags: session.api(() => undefined),
    // The generator of an ESP32 build has no seed: the same number after every start.
    hwRand: session.api(() => 1804289383),
    srand: session.api(() => undefined),
    reboot: session.api(() => restart(false)),
    getSizeOf: session.api(() => 0),
    setTimeZone: session.api(() => undefined),
    lockConsole: session.api(() => undefined),
    setConsole: session.api((device: unknown) => void (switches.console = device !== null)),
    getConsole: session.api(() => (switches.console ? "Serial1" : null)),
    enableWatchdog: session.api((seconds: unknown, automatic: unknown) => {
      limitMs = automatic === false ? Number(seconds) * 1000 : 0;
      kick();
    }),
    kickWatchdog: session.api(kick),
  };
  events.dress(E);
  return E;
}

/** `process`. */
export function processObject(session: Session, chip: string, name: string): Record<string, unknown> {
  return {
    version: "2v29.277",
    env: {
      VERSION: "2v29.277",
      BOARD: chip,
      FLASH: 0,
      RAM: 524288,
      SERIAL: name,
      CONSOLE: "Serial1",
      MODULES: "Flash,Storage,net,crypto,Wifi",
    },
    memory: session.api(() => ({
      free: 3000,
      usage: 800,
      total: 3800,
      history: 0,
      stackEndAddress: 0,
      flash_start: 0,
      flash_length: 0x400000,
    })),
    on: session.api((event: unknown, handler: unknown) => {
      if (event === "uncaughtException") session.onUncaught = handler as Handler;
    }),
  };
}

/** `require("Storage")`. */
export function storageModule(session: Session, flash: Flash): Record<string, unknown> {
  const read = (name: unknown): string | undefined => {
    const data = flash.files.get(String(name));
    return data && byteString(data);
  };
  const parse = makers(session).JSON.parse;
  const stringify = makers(session).JSON.stringify;
  return {
    read: session.api((name: unknown, offset: unknown, length: unknown) => {
      const text = read(name);
      const from = Number(offset ?? 0);
      return text?.slice(from, length === undefined ? undefined : from + Number(length));
    }),
    readJSON: session.api((name: unknown) => {
      const text = read(name);
      return text === undefined ? undefined : (parse(text) as unknown);
    }),
    readArrayBuffer: session.api((name: unknown) => {
      const data = flash.files.get(String(name));
      const Bytes = makers(session).Uint8Array;
      return data && new Bytes(data).buffer;
    }),
    write: session.api((name: unknown, data: unknown, offset: unknown, size: unknown) => {
      const fresh = typeof data === "object" && data !== null && !ArrayBuffer.isView(data) && !Array.isArray(data) ? stringify(data) : data;
      const bytes = bytesOf(fresh);
      return writePart(flash, String(name), bytes, Number(offset ?? 0), Number(size ?? 0));
    }),
    writeJSON: session.api((name: unknown, data: unknown) => flash.writeFile(String(name), bytesOf(stringify(data)))),
    erase: session.api((name: unknown) => flash.eraseFile(String(name))),
    eraseAll: session.api(() => [...flash.files.keys()].forEach((name) => flash.eraseFile(name))),
    list: session.api((pattern: unknown) => {
      const names = [...flash.files.keys()];
      return pattern === undefined ? names : names.filter((name) => (pattern as RegExp).test(name));
    }),
    getFree: session.api(() => flash.freeBytes()),
    compact: session.api(() => undefined),
    getStats: session.api(() => {
      const fileBytes = [...flash.files.values()].reduce((sum, data) => sum + data.length, 0);
      return { fileBytes, freeBytes: flash.freeBytes(), fileCount: flash.files.size, trashBytes: 0, trashCount: 0 };
    }),
  };
}

/** As jsfWriteFile (src/jsflash.c): a file can be made longer than its first piece, and later pieces go where it is still erased. */
function writePart(flash: Flash, name: string, bytes: Uint8Array, at: number, size: number): boolean {
  if (bytes.length === 0) throw new Error("Can't create zero length file");
  const old = flash.files.get(name);
  const length = size || bytes.length;
  const isBlank = old !== undefined && old.length === length && old.every((byte) => byte === 0xff);
  if (at === 0 && !isBlank && bytes.length === length) return flash.writeFile(name, bytes);
  const whole = at === 0 && !isBlank ? new Uint8Array(length).fill(0xff) : old?.slice();
  if (!whole) throw new Error("Unable to find or create file");
  if (at + bytes.length > whole.length) throw new Error("Too much data for file size");
  if (whole.subarray(at, at + bytes.length).some((byte) => byte !== 0xff)) throw new Error("File already written with different data");
  whole.set(bytes, at);
  return flash.writeFile(name, whole);
}

/** Raw flash. The chip would let firmware overwrite its own files; here an address outside the free partition is refused aloud. */
export function flashModule(session: Session, flash: Flash): Record<string, unknown> {
  const inside = (address: unknown, length: number): number => {
    const at = Number(address) - RAW_START;
    if (at >= 0 && at + length <= RAW_BYTES) return at;
    const slot = Number(address) - SLOTS_START;
    if (slot >= 0 && slot + length <= SLOTS_BYTES) return slot + RAW_BYTES;
    throw new Error(`flash address ${String(address)} is outside the free partition and the slots`);
  };
  return {
    getFree: session.api(() => [{ addr: RAW_START, length: RAW_BYTES }]),
    getPage: session.api((address: unknown) => ({ addr: Number(address) - (Number(address) % PAGE_BYTES), length: PAGE_BYTES })),
    read: session.api((length: unknown, address: unknown) => {
      const at = inside(address, Number(length));
      const Bytes = makers(session).Uint8Array;
      return new Bytes(flash.raw.subarray(at, at + Number(length)));
    }),
    write: session.api((data: unknown, address: unknown) => {
      const bytes = bytesOf(data);
      const at = inside(address, bytes.length);
      if (at % 4 !== 0 || bytes.length % 4 !== 0) throw new Error("flash writes go by whole words of 4 bytes");
      flash.writeRaw(at, bytes);
    }),
    erasePage: session.api((address: unknown) => flash.eraseRaw(Math.floor(inside(address, 1) / PAGE_BYTES))),
  };
}
