/** Pins, watches and the SPI and I2C buses of the board. */
import { byteString, bytesOf } from "./board-bytes.js";
import type { Handler, Session } from "./board-session.js";
import type { Timer } from "./clock.js";

/** GPIO 0 to 48 of an ESP32-S3; the plain ESP32 ends at 39. */
const PINS = 49;

/** A chip on SPI: while its select pin is low it hears bytes and answers as many at the same time. */
export interface SpiDevice {
  transfer(bytes: Uint8Array): Uint8Array;
}

/** A chip on I2C hears what is written to its address (`false`: nobody is there), and may say a byte when it is asked. */
export interface I2cDevice {
  write(bytes: Uint8Array): boolean;
  read?(): number;
}

/** The pins as the world outside the board sees them. */
export interface PinBank {
  level(pin: number): boolean;
  /** A switch or another chip pulls the pin. */
  drive(pin: number, level: boolean): void;
  /** `freqHz` 0: a steady level. `duty` 0…1. */
  onOutput(pin: number, listener: (duty: number, freqHz: number) => void): void;
  attachSpi(bus: number, selectPin: number, device: SpiDevice): void;
  /** On I2C1. */
  attachI2c(address: number, device: I2cDevice): void;
  /** A new life of the board: the globals that its firmware sees. */
  open(session: Session): Record<string, unknown>;
}

interface Watch {
  readonly pin: number;
  readonly handler: Handler;
  readonly repeat: boolean;
  readonly edge: string;
  readonly debounceMs: number;
  pending: Timer | null;
  lastTime: number;
  state: boolean;
}

type PinObject = Record<string, unknown> & { readonly number: number };

export function createPinBank(): PinBank {
  const levels = new Array<boolean>(PINS).fill(true);
  const listeners = new Map<number, (duty: number, freqHz: number) => void>();
  const spi = new Map<number, Map<number, SpiDevice>>();
  const i2c = new Map<number, I2cDevice>();
  let changed: ((pin: number, level: boolean) => void) | null = null;

  function output(pin: number, duty: number, freqHz: number): void {
    levels[pin] = duty > 0;
    listeners.get(pin)?.(duty, freqHz);
  }

  return {
    level: (pin) => levels[pin],
    drive(pin, level) {
      if (levels[pin] === level) return;
      levels[pin] = level;
      changed?.(pin, level);
    },
    onOutput: (pin, listener) => void listeners.set(pin, listener),
    attachSpi(bus, selectPin, device) {
      const devices = spi.get(bus) ?? new Map<number, SpiDevice>();
      spi.set(bus, devices.set(selectPin, device));
    },
    attachI2c: (address, device) => void i2c.set(address, device),
    open(session) {
      for (const listener of listeners.values()) listener(0, 0);
      const watches = createWatches(session, levels);
      changed = watches.changed;
      const globals: Record<string, unknown> = { ...pinGlobals(session, levels, output), ...watches.globals };
      for (const bus of [1, 2]) globals["SPI" + bus] = spiObject(session, spi.get(bus) ?? new Map(), levels);
      globals.I2C1 = i2cObject(session, i2c);
      return globals;
    },
  };
}

function pinNumber(pin: unknown): number {
  const number = typeof pin === "object" && pin !== null ? (pin as PinObject).number : Number(pin);
  if (!Number.isInteger(number) || number < 0 || number >= PINS) throw new Error("Invalid pin!");
  return number;
}

function pinGlobals(
  session: Session,
  levels: boolean[],
  output: (pin: number, duty: number, freqHz: number) => void,
): Record<string, unknown> {
  const write = session.api((pin: unknown, value: unknown) => output(pinNumber(pin), value ? 1 : 0, 0));
  const read = session.api((pin: unknown) => (levels[pinNumber(pin)] ? 1 : 0));
  const analogWrite = session.api((pin: unknown, value: unknown, options: unknown) => {
    const freqHz = Number((options as { freq?: number } | undefined)?.freq ?? 1000);
    output(pinNumber(pin), Math.min(1, Math.max(0, Number(value))), freqHz);
  });
  // A pulse train: an array gives the lengths of alternating levels in milliseconds.
  const pulse = session.api((pin: unknown, value: unknown, times: unknown) => {
    let level = Boolean(value);
    let at = 0;
    for (const length of Array.isArray(times) ? (times as number[]) : [Number(times)]) {
      const now = level;
      session.after(at, () => output(pinNumber(pin), now ? 1 : 0, 0));
      at += length;
      level = !level;
    }
    session.after(at, () => output(pinNumber(pin), value ? 0 : 1, 0));
  });
  const globals: Record<string, unknown> = {
    digitalWrite: write,
    digitalRead: read,
    analogWrite,
    digitalPulse: pulse,
    pinMode: session.api(() => undefined),
    HIGH: 1,
    LOW: 0,
  };
  for (let number = 0; number < PINS; number++) {
    const pin: PinObject = { number };
    pin.read = () => read(number) === 1;
    pin.write = (value: unknown) => write(number, value);
    pin.set = () => write(number, 1);
    pin.reset = () => write(number, 0);
    pin.toggle = () => write(number, read(number) ? 0 : 1);
    pin.mode = session.api(() => undefined);
    pin.pwm = (value: unknown, options: unknown) => analogWrite(number, value, options);
    pin.pulse = (value: unknown, times: unknown) => pulse(number, value, times);
    pin.getInfo = () => ({ port: "D", num: number });
    pin.toString = () => "D" + number;
    pin.valueOf = () => number;
    globals["D" + number] = pin;
  }
  return globals;
}

interface Watches {
  readonly globals: Record<string, unknown>;
  changed(pin: number, level: boolean): void;
}

function createWatches(session: Session, levels: readonly boolean[]): Watches {
  const watches = new Map<number, Watch>();
  let nextId = 1;

  function fire(id: number, watch: Watch, level: boolean): void {
    watch.pending = null;
    // With a debounce the level counts that has held that long; one that came back is no event.
    if (level === watch.state) return;
    watch.state = level;
    if ((watch.edge === "rising" && !level) || (watch.edge === "falling" && level)) return;
    if (!watch.repeat) watches.delete(id);
    const time = session.clock.now() / 1000;
    session.call(watch.handler, [{ state: level, time, lastTime: watch.lastTime, pin: watch.pin }]);
    watch.lastTime = time;
  }

  return {
    globals: {
      setWatch: session.api((handler: unknown, pin: unknown, options: unknown) => {
        const given = (typeof options === "object" && options !== null ? options : { repeat: options }) as Record<string, unknown>;
        const number = pinNumber(pin);
        const edge = typeof given.edge === "string" ? given.edge : "both";
        const debounceMs = Number(given.debounce ?? 0);
        const watch = { pin: number, handler: handler as Handler, repeat: Boolean(given.repeat), edge, debounceMs };
        watches.set(nextId, { ...watch, pending: null, lastTime: 0, state: levels[number] });
        return nextId++;
      }),
      clearWatch: session.api((id: unknown) => {
        if (id === undefined) watches.clear();
        else watches.delete(Number(id));
      }),
    },
    changed(pin, level) {
      for (const [id, watch] of watches) {
        if (watch.pin !== pin) continue;
        // Edges are queued as they come; only a debounce lets a later one take the place of an earlier.
        if (watch.debounceMs > 0) watch.pending?.cancel();
        watch.pending = session.after(watch.debounceMs, () => {
          if (watches.get(id) === watch) fire(id, watch, level);
        });
      }
    },
  };
}

function spiObject(session: Session, devices: ReadonlyMap<number, SpiDevice>, levels: readonly boolean[]): Record<string, unknown> {
  /** Without a select pin of its own the call speaks to whichever chip the firmware holds selected. */
  function exchange(bytes: Uint8Array, select: unknown): Uint8Array {
    const chosen = select === undefined ? [...devices.keys()].find((pin) => !levels[pin]) : pinNumber(select);
    const device = chosen === undefined ? undefined : devices.get(chosen);
    return device ? device.transfer(bytes) : new Uint8Array(bytes.length).fill(0xff);
  }
  const send = session.api((data: unknown, select: unknown) => {
    const answer = exchange(bytesOf(data), select);
    if (typeof data === "number") return answer[0];
    if (typeof data === "string") return byteString(answer);
    const Bytes = (session.realm as { Uint8Array: Uint8ArrayConstructor }).Uint8Array;
    return new Bytes(answer);
  });
  /** A pin as the last argument is the select pin. */
  function write(...data: unknown[]): void {
    const last = data[data.length - 1];
    const isPin = typeof last === "object" && last !== null && "number" in last;
    exchange(bytesOf(isPin ? data.slice(0, -1) : data), isPin ? last : undefined);
  }
  return { setup: session.api(() => undefined), send, write: session.api(write) };
}

/** An address at which nobody is takes no byte and reads as 255, as an empty bus does. */
function i2cObject(session: Session, devices: ReadonlyMap<number, I2cDevice>): Record<string, unknown> {
  return {
    setup: session.api(() => undefined),
    writeTo: session.api((address: unknown, ...data: unknown[]) => {
      const sent = data.flatMap((part) => [...bytesOf(part)]);
      if (!devices.get(Number(address))?.write(Uint8Array.from(sent))) throw new Error("I2C Write Error");
    }),
    readFrom: session.api((address: unknown, count: unknown) => {
      const Bytes = (session.realm as { Uint8Array: Uint8ArrayConstructor }).Uint8Array;
      return new Bytes(Number(count)).fill(devices.get(Number(address))?.read?.() ?? 0xff);
    }),
  };
}
