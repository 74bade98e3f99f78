/**
 * Bytes of the XPT2046 touch controller on SPI, and the way from its raw readings to the 320 × 240 screen. Chip-safe.
 *
 * A control byte `1 A2 A1 A0 MODE SER PD1 PD0` is answered by 12 bits in the next two bytes, most significant first, after one empty clock.
 */

/** Position across the panel's short side and its long side, differential, 12 bits, pen interrupt stays on. */
export const READ_X = 0xd0;
export const READ_Y = 0x90;
/** Pressure: near zero without a finger. */
export const READ_Z1 = 0xb0;

/** Bytes to send for one reading. */
export function request(control: number): Uint8Array {
  return new Uint8Array([control, 0, 0]);
}

/** 0…4095 out of what came back during {@link request}; `null` when fewer than three bytes did. */
export function decodeReading(answer: Uint8Array): number | null {
  if (answer.length < 3) return null;
  return (((answer[1] << 8) | answer[2]) >> 3) & 4095;
}

/** The three bytes a controller clocks out for a reading. */
export function encodeReading(value: number): Uint8Array {
  return new Uint8Array([0, (value >> 5) & 255, (value << 3) & 255]);
}

/** Raw readings at the screen's four edges; `left > right` mirrors the axis. */
export interface Calibration {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** Typical of the ESP32-2432S028 board held in landscape; a board's own numbers stand in its configuration. */
export const TYPICAL: Calibration = { left: 200, right: 3700, top: 240, bottom: 3800 };

export const WIDTH = 320;
export const HEIGHT = 240;

function scale(raw: number, low: number, high: number, length: number): number {
  const at = Math.floor(((raw - low) * length) / (high - low));
  return at < 0 ? 0 : at >= length ? length - 1 : at;
}

/** Where the two crosses stand that a person touches to calibrate: this far from the upper left and from the lower right corner. */
export const CROSS = 24;
/** Two corners of any panel lie farther apart than this. */
const LEAST_SPAN = 800;

/** Raw readings x, y of the first cross and of the second, as they are kept: two bytes each. */
export function packCrosses(readings: ReadonlyArray<number>): Uint8Array {
  const out = new Uint8Array(8);
  for (let i = 0; i < 4; i++) {
    out[2 * i] = readings[i] >> 8;
    out[2 * i + 1] = readings[i] & 255;
  }
  return out;
}

function edges(first: number, second: number, length: number): readonly [low: number, high: number] | null {
  const perPixel = (second - first) / (length - 2 * CROSS);
  const low = Math.round(first - perPixel * CROSS);
  return Math.abs(second - first) < LEAST_SPAN ? null : [low, Math.round(low + perPixel * length)];
}

/** From what {@link packCrosses} made; `null`: these were no two corners of a screen. */
export function calibrate(packed: Uint8Array): Calibration | null {
  const reading = function (i: number): number {
    return packed[2 * i] * 256 + packed[2 * i + 1];
  };
  const x = edges(reading(0), reading(2), WIDTH);
  const y = edges(reading(1), reading(3), HEIGHT);
  return packed.length === 8 && x && y ? { left: x[0], right: x[1], top: y[0], bottom: y[1] } : null;
}

/** The pixel under a raw reading, held inside the screen. */
export function toPixel(calibration: Calibration, rawX: number, rawY: number): { readonly x: number; readonly y: number } {
  return {
    x: scale(rawX, calibration.left, calibration.right, WIDTH),
    y: scale(rawY, calibration.top, calibration.bottom, HEIGHT),
  };
}

/** The raw reading in the middle of a pixel: {@link toPixel} gives the pixel back. */
export function toRaw(calibration: Calibration, x: number, y: number): { readonly rawX: number; readonly rawY: number } {
  return {
    rawX: Math.round(calibration.left + ((x + 0.5) * (calibration.right - calibration.left)) / WIDTH),
    rawY: Math.round(calibration.top + ((y + 0.5) * (calibration.bottom - calibration.top)) / HEIGHT),
  };
}
