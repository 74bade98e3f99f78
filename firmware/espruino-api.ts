/**
 * What espruino.ts may ask of the board, as types: the part of Espruino's API (2v29, src/jswrap_*.c) that the terminal uses, with what the
 * sources do where that differs from what the names suggest. Nothing here exists at run time; espruino.ts casts `globalThis` to {@link Espruino}.
 */

/** A pin object, e.g. `D23`; `getInfo` and friends are not used. */
export interface Pin {
  read(): boolean;
  write(value: boolean | number): void;
}

/** A GPIO number does wherever a pin does (jshGetPinFromVar). */
export type PinName = Pin | number;

/** One character a byte. Sockets and flash speak this; an array handed to a socket would be sent as decimal text. */
export type ByteString = string;

/** What the bus functions take: a number is one byte, a string its characters, an array or typed array its values. */
export type Bytes = number | ByteString | ArrayLike<number>;

export interface SerialOptions {
  readonly rx?: PinName;
  readonly tx?: PinName;
  readonly bytesize?: 7 | 8;
  readonly parity?: null | "none" | "odd" | "even";
  readonly stopbits?: 1 | 2;
  /** A device file, on the Linux build only; an ESP32 accepts and ignores it. */
  readonly path?: string;
}

/** A UART. Bytes come in strings of 1 to 64, cut wherever the queue happened to end: never one frame an event. */
export interface Serial {
  setup(baud: number, options: SerialOptions): void;
  unsetup(): void;
  /** Queues every byte; blocks while the 256-byte transmit queue is full. */
  write(...data: Bytes[]): void;
  on(event: "data", handler: (data: ByteString) => void): void;
  removeAllListeners(event?: "data"): void;
  /** Bytes that came while no handler was set, at most `count`; beyond 512 of them the newest are lost. */
  read(count?: number): ByteString;
}

export interface Spi {
  setup(options: { sck?: PinName; mosi?: PinName; miso?: PinName; baud?: number; mode?: 0 | 1 | 2 | 3; order?: "msb" | "lsb" }): void;
  /** Sends and receives as many. What comes back has the kind of what was sent: number, string, or Uint8Array for any array. */
  send(data: ByteString, select?: PinName): ByteString;
  send(data: number, select?: PinName): number;
  send(data: ArrayLike<number>, select?: PinName): Uint8Array;
  /** Sends only. A pin as the last argument is held low meanwhile. */
  write(...data: (Bytes | Pin)[]): void;
}

export interface I2c {
  setup(options: { scl?: PinName; sda?: PinName; bitrate?: number }): void;
  /** `address` has 7 bits; throws when nobody answers, on builds that notice. */
  writeTo(address: number, ...data: Bytes[]): void;
  readFrom(address: number, count: number): Uint8Array;
}

/** Files in flash. Names have 1 to 28 characters; a longer one is cut without a word. */
export interface Storage {
  /** The file (or `length` bytes from `offset`), pointing into flash; `undefined` when there is none. */
  read(name: string, offset?: number, length?: number): ByteString | undefined;
  readArrayBuffer(name: string): ArrayBuffer | undefined;
  /**
   * Whole when `offset` is left out or 0: the old file is marked erased first, so power lost in between loses it; writing the same bytes again does
   * nothing. With `size` a file longer than `data` is made, the rest 0xFF; later writes at an `offset` must fall on bytes that are still 0xFF.
   * Throws when there is no room even after compaction, on empty data, and on bytes already written. May compact: long, and every file moves.
   */
  write(name: string, data: ByteString | ArrayLike<number>, offset?: number, size?: number): boolean;
  erase(name: string): void;
  eraseAll(): void;
  list(pattern?: RegExp): string[];
  compact(): void;
  getFree(): number;
  getStats(): { totalBytes: number; freeBytes: number; fileBytes: number; fileCount: number; trashBytes: number; trashCount: number };
}

export interface FlashArea {
  readonly addr: number;
  readonly length: number;
}

/** Raw flash by address: writing clears bits only, `erasePage` sets a whole page (4096 bytes) to 0xFF. */
export interface Flash {
  /** Pages that belong to nobody. */
  getFree(): FlashArea[];
  getPage(address: number): FlashArea | undefined;
  erasePage(address: number): void;
  /** Argument order as in the sources: data first. ESP32 wants address and length in multiples of 4. */
  write(data: ByteString | ArrayLike<number>, address: number): void;
  /** Length first. */
  read(length: number, address: number): Uint8Array;
}

export interface Socket {
  /** Always `false`; everything is queued in variables, without limit. Throws when the socket is closed. */
  write(data: ByteString): boolean;
  end(): void;
  on(event: "data", handler: (data: ByteString) => void): void;
  /** Last event of a socket that was connected. `hadError` is `false` for a reset, too. */
  on(event: "close", handler: (hadError: boolean) => void): void;
  on(event: "end" | "drain", handler: () => void): void;
  on(event: "error", handler: (error: { code: number }) => void): void;
}

export interface Net {
  /** Blocks everything until TCP answers or gives up, and throws when it gives up. `onConnect` is called later, from the idle loop. */
  connect(options: { host: string; port: number }, onConnect: (socket: Socket) => void): Socket;
}

/**
 * Of these SHA-256 and AES are in the ESP32, ESP32-S3 and ESP32-C3 builds. CBC and ECB want whole blocks; CFB has 8-bit feedback and takes any length,
 * but `decrypt` prepares the key for the wrong direction in that mode and returns noise (jswrap_crypto_AEScrypt): there is no type for it here.
 */
export interface Crypto {
  SHA256(message: ByteString | ArrayLike<number>): ArrayBuffer;
  readonly AES: {
    encrypt(message: Uint8Array, key: Uint8Array, options: { mode: "CBC" | "ECB" | "CFB"; iv?: Uint8Array }): ArrayBuffer;
    decrypt(message: Uint8Array, key: Uint8Array, options: { mode: "CBC" | "ECB"; iv?: Uint8Array }): ArrayBuffer;
  };
}

export interface Wifi {
  connect(ssid: string, options: { password?: string }, callback: (error: string | null) => void): void;
  disconnect(callback?: (error: string | null) => void): void;
  /** Up to 2v29 a board opens a network of its own at the start. */
  stopAP(): void;
  getIP(callback?: (error: string | null, address: { ip: string; netmask: string; gw: string; mac: string }) => void): { ip: string };
  on(event: "connected" | "disconnected", handler: (details: unknown) => void): void;
}

export interface Graphics {
  /** Present on a buffer's graphics only. */
  readonly buffer: ArrayBuffer;
  getWidth(): number;
  getHeight(): number;
  setColor(color: number): Graphics;
  setBgColor(color: number): Graphics;
  clear(): Graphics;
  fillRect(x1: number, y1: number, x2: number, y2: number): Graphics;
  clearRect(x1: number, y1: number, x2: number, y2: number): Graphics;
  drawRect(x1: number, y1: number, x2: number, y2: number): Graphics;
  drawLine(x1: number, y1: number, x2: number, y2: number): Graphics;
  setPixel(x: number, y: number, color?: number): Graphics;
  getPixel(x: number, y: number): number;
  /** −1, 0, 1: left/top, centre, right/bottom of the point given to drawString. */
  setFontAlign(x: -1 | 0 | 1, y: -1 | 0 | 1): Graphics;
  /**
   * 1 bit a pixel, column first, the most significant bit first, the columns of all glyphs in one unbroken stream of bits, `height` bits each.
   * `widths`: a byte a character from `firstChar` on. Both must be strings; strings from Storage stay in flash.
   */
  setFontCustom(bitmap: ByteString, firstChar: number, widths: ByteString | number, height: number): Graphics;
  drawString(text: string, x: number, y: number, solid?: boolean): Graphics;
  stringWidth(text: string): number;
  /** Rows from the top, most significant bit first, no gap between rows. `palette`: one colour a value; it must lie in one piece of memory. */
  drawImage(
    image: { width: number; height: number; bpp: number; palette: Uint16Array; buffer: Uint8Array },
    x: number,
    y: number,
  ): Graphics;
  setClipRect(x1: number, y1: number, x2: number, y2: number): Graphics;
}

export interface GraphicsFactory {
  createArrayBuffer(width: number, height: number, bits: number, options?: { msb?: boolean; buffer?: ArrayBuffer }): Graphics;
  /** Arguments of the callbacks are already inside the picture; `fillRect` has both corners inclusive. */
  createCallback(
    width: number,
    height: number,
    bits: number,
    callback: {
      setPixel: (x: number, y: number, color: number) => void;
      fillRect: (x1: number, y1: number, x2: number, y2: number, color: number) => void;
    },
  ): Graphics;
}

/** `time` and `lastTime` in seconds since boot or since the clock was set: of this change and of the pin's change before it. */
export interface PinChange {
  readonly time: number;
  readonly lastTime: number;
  readonly pin: Pin;
}

export interface Board {
  toString(...data: Bytes[]): ByteString;
  toUint8Array(...data: Bytes[]): Uint8Array;
  /** Flash as a string that points there: on an ESP32 only inside the partition of Storage, 0x320000 to 0x3FFFFF. */
  memoryArea(address: number, length: number): ByteString;
  /** The usual CRC-32 (reflected, 0xEDB88320), unsigned. */
  CRC32(data: Bytes): number;
  /** Restarts the chip if the idle loop is not reached for `seconds`; with `isAuto` false, if `kickWatchdog` is not called for so long. */
  enableWatchdog(seconds: number, isAuto?: boolean): void;
  kickWatchdog(): void;
  getErrorFlags(): string[];
  /** errorFlag: the new flags, e.g. LOW_MEMORY, MEMORY, FIFO_FULL; kill: before a reset or load. */
  on(event: "errorFlag", handler: (flags: string[]) => void): void;
  on(event: "init" | "kill", handler: () => void): void;
  reboot(): void;
  /** `null`: nowhere. `force`: it stays there whatever is plugged in. */
  setConsole(device: null, options: { force: boolean }): void;
}

export interface Modules {
  (name: "Storage"): Storage;
  (name: "Flash"): Flash;
  (name: "net"): Net;
  (name: "crypto"): Crypto;
  (name: "Wifi"): Wifi;
  /** A console on port 23 for whoever asks, on from the start. */
  (name: "TelnetServer"): { setOptions(options: { mode: "on" | "off" }): void };
}

/** What the loader leaves for the program that it starts. */
export interface Boot {
  readonly slot: number;
  readonly runs: Uint8Array;
  readonly version: string;
  readonly into: number;
  readonly holds: Uint8Array;
  readonly fate: number;
  reached: number;
  /** Its words, where it came with any. */
  readonly words: ByteString;
  readonly code: ByteString;
  proven: boolean;
  trial: number;
  /** Address of its slot. */
  readonly at: number;
}

/** The global object. Pins are properties by name: `D0` … `D39` on an ESP32. */
export interface Espruino {
  readonly [pin: `D${number}`]: Pin;
  readonly Serial1: Serial;
  readonly Serial2: Serial;
  readonly Serial3: Serial;
  readonly SPI1: Spi;
  readonly SPI2: Spi;
  readonly I2C1: I2c;
  readonly Graphics: GraphicsFactory;
  /** The display, on boards whose build drives one (ESP32_CYD); elsewhere `undefined`. */
  readonly g: Graphics | undefined;
  readonly E: Board;
  boot: Boot | undefined;
  /** Called by this name it runs a text in the scope of the caller: at the top level only. */
  eval(program: ByteString): unknown;
  readonly require: Modules;
  readonly process: {
    readonly version: string;
    readonly env: { readonly BOARD: string; readonly VERSION: string; readonly SERIAL: string };
    memory(collect?: boolean): { free: number; usage: number; total: number; blocksize: number };
    on(event: "uncaughtException", handler: (error: unknown) => void): void;
  };
  /** Seconds, with a fraction; from 0 at boot until someone sets the clock. */
  getTime(): number;
  /** Numbers from 1. The handler is held until it has run or is cleared. */
  setTimeout<A>(handler: (argument?: A) => void, ms: number, argument?: A): number;
  setInterval(handler: () => void, ms: number): number;
  /** Throws on `undefined`; an unknown or spent number does nothing. */
  clearTimeout(timer: number): void;
  clearInterval(timer: number): void;
  pinMode(pin: PinName, mode: "input" | "input_pullup" | "input_pulldown" | "output"): void;
  digitalWrite(pin: PinName, value: boolean | number): void;
  /** 0 or 1. */
  digitalRead(pin: PinName): number;
  /** Gives the pin the value for `ms`, then the opposite; returns at once. */
  digitalPulse(pin: PinName, value: boolean | number, ms: number): void;
  analogWrite(pin: PinName, value: number, options?: { freq?: number }): void;
  setWatch(
    handler: (change: PinChange) => void,
    pin: PinName,
    options: { repeat: boolean; edge: "rising" | "falling" | "both"; debounce?: number },
  ): number;
  clearWatch(watch: number): void;
  /** Console of the board: USB or Serial1. */
  print(...values: unknown[]): void;
  /** Forgets everything and starts the saved program again. */
  load(name?: string): void;
}
