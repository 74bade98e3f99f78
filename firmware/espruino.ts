/**
 * The board as Espruino gives it: the one file that knows the chip. Wiring in README.md.
 */
import { concat, escpos, fromHex, latinText } from "@trapeza/protocol/chip";
import type { TerminalKind } from "@trapeza/protocol/chip";
import { SMALL } from "./board.js";
import type { Board, Canvas, Clock, Config, Crypto, Font, I2cBus, Network, Panel, Port, SocketEvents } from "./board.js";
import { parseConfigFile } from "./config-file.js";
import type { ConfigFile } from "./config-file.js";
import type { Crypto as ChipCrypto, Espruino, Graphics, Serial } from "./espruino-api.js";
import { openFlash } from "./espruino-flash.js";
import { OUTBOX_ADDRESS, OUTBOX_SECTORS, SLOTS_ADDRESS } from "./wiring.js";
import type { Uart, Wiring } from "./wiring.js";
import { hasWords } from "./say.js";
import { SLOT_SECTORS } from "./slot.js";

const chip = globalThis as unknown as Espruino & { readonly g: Graphics };

/** Longer than a TCP connection takes to give up, or the watchdog would bark at a switched-off gateway. */
const WATCHDOG_S = 60;
const READER_BAUD = 115200;
const ACCEPTOR_BAUD = 9600;
const PRINTER_BAUD = 19200;

/** Bytes of a string from the chip, without a loop in the interpreter. */
function bytesOf(text: string): Uint8Array {
  return chip.E.toUint8Array(text);
}

/** `E.toString` answers nothing when it finds no unbroken stretch of memory. */
function textOf(bytes: Uint8Array): string {
  return chip.E.toString(bytes) || latinText(bytes);
}

function openPort({ port, tx, rx }: Uart, baud: number, even: boolean): Port {
  const serial: Serial = port === 1 ? chip.Serial1 : port === 2 ? chip.Serial2 : chip.Serial3;
  serial.setup(baud, { tx, rx, parity: even ? "even" : "none" });
  return {
    write: function (bytes) {
      serial.write(bytes);
    },
    onData: function (take) {
      serial.removeAllListeners("data");
      serial.on("data", function (data) {
        take(bytesOf(data));
      });
    },
  };
}

const clock: Clock = {
  now: function () {
    return Math.floor(chip.getTime() * 1000);
  },
  after: function <A>(delayMs: number, run: (argument: A) => void, argument?: A) {
    return chip.setTimeout(run as (argument?: A) => void, delayMs, argument);
  },
  cancel: function (timer) {
    try {
      chip.clearTimeout(timer);
    } catch (error) {
      // It has run already; Espruino calls that an error.
    }
  },
};

function openNetwork(): Network {
  return {
    connect: function (host, port, events: SocketEvents) {
      try {
        const socket = chip.require("net").connect({ host, port }, function () {});
        socket.on("data", function (data) {
          events.onData(bytesOf(data));
        });
        socket.on("close", function () {
          events.onClose();
        });
        return {
          write: function (bytes) {
            try {
              socket.write(textOf(bytes));
            } catch (error) {
              // Closed by the other end a moment ago; "close" is on its way.
            }
          },
          end: function () {
            try {
              socket.end();
            } catch (error) {
              // Likewise.
            }
          },
        };
      } catch (error) {
        // Refused or unreachable: Espruino throws where others call back.
        return null;
      }
    },
  };
}

type Aes = ChipCrypto["AES"];

/**
 * Blocks encrypted at once while decrypting. Espruino wants room for the result in one piece: with 32 of them a class's list was lost on a chip whose
 * memory was nearly full, although it was not full.
 */
const WINDOWS = 8;

/**
 * The chip's own CFB8 decryption is broken (README, "Hash and cipher"). Decrypting needs encryption only: byte i is masked with the first byte of
 * E(the 16 bytes before it, the vector first), and as all of those bytes are known, many windows go into one native call. What is read takes the place of
 * what came.
 */
function cfb8Decrypt(aes: Aes, key: Uint8Array, iv: Uint8Array, data: Uint8Array): Uint8Array {
  const before = concat([iv, data]);
  for (let from = 0; from < data.length; from += WINDOWS) {
    const count = Math.min(WINDOWS, data.length - from);
    const windows = new Uint8Array(count * 16);
    for (let i = 0; i < count; i++) windows.set(before.subarray(from + i, from + i + 16), i * 16);
    const masks = new Uint8Array(aes.encrypt(windows, key, { mode: "ECB" }));
    for (let i = 0; i < count; i++) data[from + i] ^= masks[i * 16];
  }
  return data;
}

function openCrypto(): Crypto {
  const crypto = chip.require("crypto");
  return {
    sha256: function (data) {
      return new Uint8Array(crypto.SHA256(data));
    },
    cipher: {
      ecbBlock: function (key, block) {
        return new Uint8Array(crypto.AES.encrypt(block, key, { mode: "ECB" }));
      },
      cfb8Encrypt: function (key, iv, data) {
        return new Uint8Array(crypto.AES.encrypt(data, key, { mode: "CFB", iv }));
      },
      cfb8Decrypt: function (key, iv, data) {
        return cfb8Decrypt(crypto.AES, key, iv, data);
      },
    },
  };
}

interface FontFile {
  readonly height: number;
  readonly first: number;
  readonly widths: string;
  readonly bitmap: string;
}

/** Strings from Storage stay in flash: a font costs a few variables. Byte 0 is the height, byte 1 the first character, then 224 widths and the bitmap. */
function openFont(name: string): FontFile {
  const storage = chip.require("Storage");
  const head = storage.read(name, 0, 2) || "";
  return {
    height: head.charCodeAt(0),
    first: head.charCodeAt(1),
    widths: storage.read(name, 2, 224) || "",
    bitmap: storage.read(name, 226) || "",
  };
}

/** Sixteen greys from black to white. In a larger buffer than they need: a small one is not kept in one piece, and is refused as a palette. */
function greys(): Uint16Array {
  const palette = new Uint16Array(new ArrayBuffer(128), 0, 16);
  for (let i = 0; i < 16; i++) palette[i] = ((i * 2) << 11) | ((i * 4) << 5) | (i * 2);
  return palette;
}

function openCanvas(): Canvas {
  const { g } = chip;
  const fonts = [openFont("font-small"), openFont("font-normal"), openFont("font-large")];
  let current = -1;
  const choose = function (font: Font): void {
    if (font === current) return;
    const { bitmap, first, widths, height } = fonts[font];
    g.setFontCustom(bitmap, first, widths, height);
    current = font;
  };
  g.setFontAlign(-1, -1);
  return {
    fill: function (x, y, width, height, color) {
      g.setColor(color).fillRect(x, y, x + width - 1, y + height - 1);
    },
    text: function (x, y, text, font, color) {
      choose(font);
      g.setColor(color).drawString(text, x, y);
    },
    grey: function (x, y, width, rows) {
      const palette = greys();
      g.drawImage({ width, height: Math.floor((rows.length * 2) / width), bpp: 4, palette, buffer: rows }, x, y);
    },
    textWidth: function (text, font) {
      choose(font);
      return g.stringWidth(text);
    },
    fontHeight: function (font) {
      return fonts[font].height;
    },
    sum: function (text) {
      return chip.E.CRC32(text);
    },
  };
}

function openPanel({ sck, mosi, miso, select, pen }: Wiring["panel"]): Panel {
  chip.SPI2.setup({ sck, mosi, miso, baud: 1000000 });
  chip.pinMode(pen, "input");
  return {
    exchange: function (bytes) {
      return chip.SPI2.send(bytes, select);
    },
    isDown: function () {
      return chip.digitalRead(pen) === 0;
    },
    onDown: function (run) {
      chip.setWatch(
        function () {
          run();
        },
        pen,
        { repeat: true, edge: "falling" },
      );
    },
  };
}

/** 100 kHz, which is all that the expander of a character display can do. */
export function openBus({ scl, sda }: Wiring["aside"]): I2cBus {
  chip.I2C1.setup({ scl, sda, bitrate: 100000 });
  return {
    write: function (address, bytes) {
      try {
        chip.I2C1.writeTo(address, bytes);
        return true;
      } catch (error) {
        // Nobody answered.
        return false;
      }
    },
    read: function (address) {
      return chip.I2C1.readFrom(address, 1)[0];
    },
  };
}

/** Memory that ran out cannot be caught, only survived: everything that matters is in flash. */
function guard(): void {
  chip.E.enableWatchdog(WATCHDOG_S, true);
  chip.E.on("errorFlag", function (flags) {
    if (flags.indexOf("MEMORY") >= 0) chip.E.reboot();
  });
}

/** The board behind this wiring. `even`: its acceptor's line has a parity bit. */
export function openBoard(wiring: Wiring, even: boolean): Board {
  const { buzzer } = wiring;
  guard();
  return {
    clock,
    flash: openFlash(OUTBOX_ADDRESS, OUTBOX_SECTORS),
    slots: openFlash(SLOTS_ADDRESS, SLOT_SECTORS * 2),
    boot: chip.boot || null,
    reboot: function () {
      chip.E.reboot();
    },
    network: openNetwork(),
    canvas: openCanvas(),
    panel: openPanel(wiring.panel),
    crypto: openCrypto(),
    reader: openPort(wiring.reader, READER_BAUD, false),
    printer: openPort(wiring.printer, PRINTER_BAUD, false),
    acceptor: wiring.acceptor ? openPort(wiring.acceptor, ACCEPTOR_BAUD, even) : null,
    beep: function (hertz, durationMs) {
      chip.analogWrite(buzzer, 0.5, { freq: hertz });
      chip.setTimeout(function () {
        chip.digitalWrite(buzzer, 0);
      }, durationMs);
    },
    freeMemory: function () {
      return chip.process.memory().free;
    },
  };
}

/** How often a network that is not there is asked for. Up to 2v29 a call of `connect` may never come back: it is not waited for. */
const JOIN_MS = 15000;

/**
 * Shuts the chip's doors, then joins the school's network, for ever. Telnet would be a console for everybody on it. The console itself stays open only
 * while the BOOT button is held: on the payment terminal's board it shares its UART with the reader.
 */
export function joinNetwork(config: Config, { service }: Wiring): void {
  chip.pinMode(service, "input_pullup");
  if (chip.digitalRead(service) === 1) chip.E.setConsole(null, { force: true });
  if (config.ssid === "") return;
  chip.require("TelnetServer").setOptions({ mode: "off" });
  const wifi = chip.require("Wifi");
  let joined = false;
  wifi.stopAP();
  wifi.on("connected", function () {
    joined = true;
  });
  wifi.on("disconnected", function () {
    joined = false;
  });
  const join = function (): void {
    if (!joined) wifi.connect(config.ssid, { password: config.password }, function () {});
    chip.setTimeout(join, JOIN_MS);
  };
  join();
}

function isNumber16(value: unknown): value is number {
  return typeof value === "number" && value >= 1 && value <= 65535 && value % 1 === 0;
}

/** The printer's profile, its numbers by their names as texts; a file without one means the printer that most schools have. */
function profileOf(raw: ConfigFile | undefined): escpos.Profile {
  if (!raw) return { page: 17, columns: 32, traits: escpos.CUTTER + escpos.QR_CODES + escpos.ANSWERS_AT_ONCE };
  return { page: raw["page"] as number, columns: raw["columns"] as number, traits: raw["traits"] as number };
}

/** The technician's file, or what is wrong with it in one sentence. */
export function readConfig(kind: TerminalKind): Config | string {
  const file = chip.require("Storage").read("config");
  if (!file) return "config: missing";
  if (!hasWords()) return "words: not those of this image";
  const raw = parseConfigFile(file);
  if (!raw) return "config: damaged";
  // By their names as texts: the build shortens all others.
  const [terminal, host, port] = [raw["terminal"], raw["host"], raw["port"]];
  const key = fromHex(String(raw["key"]));
  if (!key || key.length !== 32) return "config: key has 64 hex digits";
  if (raw["kind"] !== kind) return "config: kind is " + String(raw["kind"]) + ", the image is " + kind;
  if (!isNumber16(terminal) || !isNumber16(port)) return "config: terminal and port: 1...65535";
  if (typeof host !== "string" || host === "") return "config: host missing";
  const line = kind !== "payment" ? "none" : raw["line"] === undefined ? "ccnet" : raw["line"];
  if (line !== "ccnet" && line !== "id003" && line !== "none") return "config: line is ccnet or id003";
  const [ssid, password] = [raw["ssid"] || "", raw["password"] || ""];
  const printer = profileOf(raw["printer"] as ConfigFile | undefined);
  const keypad = String(raw["keypad"] || "");
  return { terminal, kind, key, host, port, line, printer, ssid: String(ssid), password: String(password), keypad };
}

/** A start that cannot be one says so on screen and console, and waits for a technician. */
export function complain(board: Board, sentence: string): void {
  board.canvas.fill(0, 0, 320, 240, 0);
  board.canvas.text(8, 100, sentence, SMALL, 0xffff);
  chip.print(sentence);
}
