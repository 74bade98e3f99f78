/**
 * A UART of the board. Bytes take their time on the wire, and what comes in is polled every 5 ms and handed to the firmware in pieces that respect
 * no frame, as on the ESP32 (targets/esp32: UART task; event buffer of 64 bytes).
 */
import { byteString, bytesOf, strictBytes } from "./board-bytes.js";
import type { Clock } from "./clock.js";
import { createEmitter, type Session } from "./board-session.js";

const POLL_MS = 5;
const CHUNK_BYTES = 64;
/** Input that nobody listens to is kept up to this much; what comes later is lost. */
const BUFFER_BYTES = 512;
/** Start bit, eight data bits, stop bit. */
const BITS_PER_BYTE = 10;

/** What hangs on the other end: a twin. */
export interface SerialDevice {
  /** Speed of the device's own line; at another speed of the board neither understands a byte. */
  readonly baud: number;
  /** A bit more a byte; a line that is set up otherwise understands none of them. */
  readonly parity?: "even";
  /** Called once with the way back to the board. */
  connect(send: (bytes: Uint8Array) => void): void;
  receive(bytes: Uint8Array): void;
  /** The device's supply comes and goes with the terminal's. */
  power?(on: boolean): void;
}

export type Traffic = (port: string, direction: "out" | "in", bytes: Uint8Array) => void;

export interface SerialLine {
  attach(device: SerialDevice): void;
  /** A new life of the board: the object that its firmware sees. */
  open(session: Session): Record<string, unknown>;
}

interface Arrival {
  readonly bytes: Uint8Array;
  readonly startMs: number;
  taken: number;
}

export function createSerialLine(name: string, clock: Clock, traffic: Traffic): SerialLine {
  let device: SerialDevice | null = null;
  let input: ((bytes: Uint8Array) => void) | null = null;

  return {
    attach(twin) {
      device = twin;
      twin.connect((bytes) => {
        traffic(name, "in", bytes);
        input?.(bytes);
      });
    },
    open(session) {
      let baud = 0;
      let parity: unknown;
      const understood = (): boolean => baud > 0 && baud === device?.baud && parity === device.parity;
      let sentUntil = 0;
      const receiver = createReceiver(session, () => (BITS_PER_BYTE * 1000) / baud);
      input = (bytes) => {
        if (session.alive && understood()) receiver.take(bytes);
      };
      const write = session.api((...data: unknown[]) => {
        const bytes = bytesOf(data);
        traffic(name, "out", bytes);
        if (!device || !understood()) return;
        sentUntil = Math.max(clock.now(), sentUntil) + (bytes.length * BITS_PER_BYTE * 1000) / baud;
        const twin = device;
        // Bytes already in the wire's shift register are lost with the power: a torn frame is the twin's to survive.
        session.after(sentUntil - clock.now(), () => twin.receive(bytes));
      });
      const port: Record<string, unknown> = {
        setup: session.api((rate: unknown, settings: unknown) => {
          baud = typeof rate === "number" ? rate : 9600;
          const asked = (settings as { parity?: unknown } | undefined)?.parity;
          parity = asked === "none" || asked === null ? undefined : asked;
        }),
        unsetup: session.api(() => void (baud = 0)),
        write,
        print: session.api((text: unknown) => write(strictBytes(String(text), name))),
        println: session.api((text: unknown) => write(strictBytes(String(text) + "\r\n", name))),
        available: session.api(() => receiver.buffered()),
        read: session.api((count: unknown) => receiver.read(typeof count === "number" ? count : BUFFER_BYTES)),
        setConsole: session.api(() => undefined),
      };
      receiver.dress(port);
      return port;
    },
  };
}

interface Receiver {
  take(bytes: Uint8Array): void;
  buffered(): number;
  read(count: number): string;
  dress(target: Record<string, unknown>): void;
}

function createReceiver(session: Session, byteMs: () => number): Receiver {
  const { clock } = session;
  const arrivals: Arrival[] = [];
  let buffer: Uint8Array = new Uint8Array(0);
  let busyUntil = 0;
  let polling = false;
  const emitter = createEmitter(session, () => schedule(0));

  function schedule(delayMs: number): void {
    if (polling || (arrivals.length === 0 && buffer.length === 0)) return;
    polling = true;
    const due = Math.ceil((clock.now() + delayMs) / POLL_MS) * POLL_MS;
    session.after(due - clock.now(), poll);
  }

  function poll(): void {
    polling = false;
    while (arrivals.length > 0) {
      const head = arrivals[0];
      const arrived = Math.min(head.bytes.length, Math.floor((clock.now() - head.startMs) / byteMs() + 1e-6));
      const fresh = head.bytes.subarray(head.taken, arrived);
      buffer = (buffer.length === 0 ? fresh : Buffer.concat([buffer, fresh])).subarray(0, BUFFER_BYTES);
      head.taken = Math.max(head.taken, arrived);
      if (head.taken < head.bytes.length) break;
      arrivals.shift();
    }
    // While the interpreter stands still bytes pile up, and what was two answers is told as one piece.
    while (!session.blocked && emitter.has("data") && buffer.length > 0) {
      const chunk = buffer.subarray(0, CHUNK_BYTES);
      buffer = buffer.subarray(chunk.length);
      emitter.emit("data", [byteString(chunk)]);
    }
    if (arrivals.length > 0 || session.blocked) schedule(1);
  }

  return {
    take(bytes) {
      const startMs = Math.max(clock.now(), busyUntil);
      busyUntil = startMs + bytes.length * byteMs();
      arrivals.push({ bytes, startMs, taken: 0 });
      schedule(startMs - clock.now() + byteMs());
    },
    buffered: () => buffer.length,
    read(count) {
      const chunk = buffer.subarray(0, count);
      buffer = buffer.subarray(chunk.length);
      return byteString(chunk);
    },
    dress: (target) => emitter.dress(target),
  };
}
