/**
 * Reads a finger on the panel: once when it comes down, and not again until it has gone.
 */
import { xpt2046 } from "@trapeza/protocol/chip";
import type { Clock, Panel } from "../board.js";

export type Calibration = xpt2046.Calibration;

export interface Touch {
  readonly panel: Panel;
  readonly clock: Clock;
  calibration: xpt2046.Calibration;
  /** Pixel and raw reading. */
  readonly onTouch: (x: number, y: number, rawX: number, rawY: number) => void;
  down: boolean;
}

/** A resistive panel bounces for some milliseconds after contact. */
const SETTLE_MS = 10;
const RELEASE_MS = 40;

export function createTouch(panel: Panel, clock: Clock, calibration: xpt2046.Calibration, onTouch: Touch["onTouch"]): Touch {
  return { panel, clock, calibration, onTouch, down: false };
}

/** The middle one of three readings: one wild reading among them does no harm. −1 when the line is dead. */
function reading(panel: Panel, control: number): number {
  const values: number[] = [];
  for (let i = 0; i < 3; i++) {
    const value = xpt2046.decodeReading(panel.exchange(xpt2046.request(control)));
    if (value === null) return -1;
    values.push(value);
  }
  values.sort(function (a, b) {
    return a - b;
  });
  return values[1];
}

function released(touch: Touch): void {
  if (!touch.panel.isDown()) {
    touch.down = false;
    return;
  }
  touch.clock.after(RELEASE_MS, released, touch);
}

function settled(touch: Touch): void {
  if (!touch.panel.isDown()) {
    touch.down = false;
    return;
  }
  const rawX = reading(touch.panel, xpt2046.READ_X);
  const rawY = reading(touch.panel, xpt2046.READ_Y);
  released(touch);
  if (rawX < 0 || rawY < 0) return;
  const at = xpt2046.toPixel(touch.calibration, rawX, rawY);
  touch.onTouch(at.x, at.y, rawX, rawY);
}

export function startTouch(touch: Touch): void {
  touch.panel.onDown(function () {
    if (touch.down) return;
    touch.down = true;
    touch.clock.after(SETTLE_MS, settled, touch);
  });
}
