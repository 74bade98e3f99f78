/** What a terminal says with its buzzer: five patterns, by name. */

/**
 * `refused` is the one tone of every refusal, whatever its number: the queue hears it too. `attention`: a grown-up must look, and it is nobody's fault.
 * `alarm`: money is stuck.
 */
export type Tone = "key" | "good" | "refused" | "attention" | "alarm";

/** Tones one after the other: pitch in hertz, milliseconds of sound, milliseconds of silence behind it. */
export type Pattern = ReadonlyArray<number>;

export function patternOf(tone: Tone): Pattern {
  if (tone === "key") return [3000, 20, 0];
  if (tone === "good") return [2000, 150, 0];
  if (tone === "attention") return [1500, 80, 80, 1500, 80, 0];
  if (tone === "alarm") return [900, 200, 100, 900, 200, 100, 900, 200, 0];
  return [400, 400, 0];
}
