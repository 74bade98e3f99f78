/** What a person hears of a terminal: tones with their pitch and length. */
import type { PinBank } from "./board-pin.js";
import type { Clock } from "./clock.js";

export interface Tone {
  readonly atMs: number;
  readonly durationMs: number;
  /** 0: a buzzer with a pitch of its own, switched on and off. */
  readonly freqHz: number;
}

export interface Buzzer {
  /** Tones that have ended, oldest first; the last hundred. */
  readonly tones: readonly Tone[];
  /** Told when a tone ends. */
  onTone: ((tone: Tone) => void) | null;
}

const REMEMBERED = 100;

export function createBuzzer(pins: PinBank, pin: number, clock: Clock): Buzzer {
  const tones: Tone[] = [];
  const buzzer: Buzzer = { tones, onTone: null };
  let sounding: { atMs: number; freqHz: number } | null = null;
  pins.onOutput(pin, (duty, freqHz) => {
    if (sounding) {
      const tone = { atMs: sounding.atMs, durationMs: clock.now() - sounding.atMs, freqHz: sounding.freqHz };
      tones.push(tone);
      if (tones.length > REMEMBERED) tones.shift();
      buzzer.onTone?.(tone);
    }
    sounding = duty > 0 ? { atMs: clock.now(), freqHz } : null;
  });
  return buzzer;
}
