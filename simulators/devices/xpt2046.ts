/** The twin of a touch panel's controller: where the finger is, in raw readings, and a pin that is low while it is there. */
import { xpt2046 } from "@trapeza/protocol";
import type { PinBank, SpiDevice } from "../board-pin.js";

export interface Xpt2046Twin extends SpiDevice {
  /** A finger comes down on, or slides to, a pixel of the screen. */
  touch(x: number, y: number): void;
  release(): void;
  readonly touched: boolean;
}

/** Readings of an untouched panel: the plates float, the pressure is nil. */
const FLOATING = 4095;
const PRESSED = 900;

/** `irqPin`: the pin that tells of a finger. */
export function createXpt2046Twin(pins: PinBank, irqPin: number, calibration: xpt2046.Calibration = xpt2046.TYPICAL): Xpt2046Twin {
  let at: { readonly rawX: number; readonly rawY: number } | null = null;

  function reading(control: number): number {
    // The two low bits choose the power mode and do not matter to the value.
    const channel = control & 0xf0;
    if (channel === xpt2046.READ_Z1) return at ? PRESSED : 0;
    if (channel === xpt2046.READ_X) return at ? at.rawX : FLOATING;
    if (channel === xpt2046.READ_Y) return at ? at.rawY : FLOATING;
    return FLOATING;
  }

  return {
    get touched() {
      return at !== null;
    },
    transfer(bytes) {
      const out = new Uint8Array(bytes.length);
      for (let i = 0; i < bytes.length; i++) {
        if ((bytes[i] & 0x80) === 0) continue;
        // The value follows its control byte; near the end of a transfer it is cut short.
        out.set(xpt2046.encodeReading(reading(bytes[i])).subarray(1, bytes.length - i), i + 1);
      }
      return out;
    },
    touch(x, y) {
      at = xpt2046.toRaw(calibration, x, y);
      pins.drive(irqPin, false);
    },
    release() {
      at = null;
      pins.drive(irqPin, true);
    },
  };
}
