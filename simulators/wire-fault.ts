/**
 * What a bad cable does to whole frames between a host and its device: damages, swallows, repeats, echoes, glues together. A test says which.
 */
import type { SerialDevice } from "./board-serial.js";

/** What becomes of one frame on its way: nothing, itself, or several, in this order and in one burst. */
export type Journey = (frame: Uint8Array) => readonly Uint8Array[];

export interface WireFault {
  /** From the device to the host. */
  toHost: Journey;
  toDevice: Journey;
  /** The host hears its own words. */
  echo: boolean;
}

export function healthyWire(): WireFault {
  return { toHost: (frame) => [frame], toDevice: (frame) => [frame], echo: false };
}

/** `device` behind a cable that does what `fault` says from moment to moment. */
export function throughWire(device: SerialDevice, fault: WireFault): SerialDevice {
  let toHost: (bytes: Uint8Array) => void = () => {};
  return {
    baud: device.baud,
    get parity() {
      return device.parity;
    },
    connect(send) {
      toHost = (bytes) => bytes.length > 0 && send(bytes);
      device.connect((bytes) => toHost(Buffer.concat(fault.toHost(bytes))));
    },
    receive(bytes) {
      if (fault.echo) toHost(bytes);
      for (const frame of fault.toDevice(bytes)) device.receive(frame);
    },
    power: (on) => device.power?.(on),
  };
}
