/**
 * What a bad cable does to whole frames between a host and its device: damages, swallows, repeats, echoes, glues together. A test says which.
 */
import type { SerialDevice } from "./board-serial.js";
import type { Clock } from "./clock.js";

/** What becomes of one frame on its way: nothing, itself, or several, in this order and in one burst. */
export type Journey = (frame: Uint8Array) => readonly Uint8Array[];

export interface WireFault {
  /** From the device to the host. */
  toHost: Journey;
  toDevice: Journey;
  /** The host hears its own words. */
  echo: boolean;
  /** Everything takes so much longer, in either direction. */
  lateMs: number;
}

const asItIs: Journey = (frame) => [frame];

export function healthyWire(): WireFault {
  return { toHost: asItIs, toDevice: asItIs, echo: false, lateMs: 0 };
}

export const WIRE_TROUBLES = ["lost", "flipped", "doubled", "late"] as const;
/** What a hand can do to a cable without knowing what runs over it. */
export type WireTrouble = (typeof WIRE_TROUBLES)[number];

/** Of so many frames one suffers: often enough to be seen, seldom enough for a driver that asks again. */
const EVERY = 3;
const LATE_MS = 400;

/** A cable with this trouble, or a healthy one, instead of what it was. */
export function spoilWire(wire: WireFault, trouble: WireTrouble | null): void {
  Object.assign(wire, healthyWire());
  if (trouble === "late") wire.lateMs = LATE_MS;
  if (trouble === "lost") Object.assign(wire, { toHost: everyThird(() => []), toDevice: everyThird(() => []) });
  if (trouble === "flipped") Object.assign(wire, { toHost: everyThird(flipped), toDevice: everyThird(flipped) });
  if (trouble === "doubled") Object.assign(wire, { toHost: doubled, toDevice: doubled });
}

const doubled: Journey = (frame) => [frame, frame];

/** One bit in the middle. */
const flipped: Journey = (frame) => [frame.map((byte, at) => (at === frame.length >> 1 ? byte ^ 0x10 : byte))];

function everyThird(journey: Journey): Journey {
  let count = 0;
  return (frame) => (++count % EVERY === 0 ? journey(frame) : [frame]);
}

/** `device` behind a cable that does what `fault` says from moment to moment. */
export function throughWire(device: SerialDevice, fault: WireFault, clock: Clock): SerialDevice {
  let toHost: (bytes: Uint8Array) => void = () => {};
  const inTime = (task: () => void): void => void (fault.lateMs === 0 ? task() : clock.after(fault.lateMs, task));
  return {
    baud: device.baud,
    get parity() {
      return device.parity;
    },
    connect(send) {
      toHost = (bytes) => bytes.length > 0 && send(bytes);
      device.connect((bytes) => {
        // Most of a simulated day's bytes come along here, and nearly always nothing happens to them.
        if (fault.toHost === asItIs && fault.lateMs === 0) return toHost(bytes);
        const burst = Buffer.concat(fault.toHost(bytes));
        inTime(() => toHost(burst));
      });
    },
    receive(bytes) {
      if (fault.echo) toHost(bytes);
      for (const frame of fault.toDevice(bytes)) inTime(() => device.receive(frame));
    },
    power: (on) => device.power?.(on),
  };
}
