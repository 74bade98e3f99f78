/** The words of batches at card desks: of which chip, how a batch is, how far a card of it. */
export const CHIPS = ["mifare", "ntag"] as const;
export type Chip = (typeof CHIPS)[number];
/** ended: given up, its cards may go into another one. */
export type BatchState = "running" | "stopped" | "ended";
/** asked: the person at the desk has been told whose is next. laid: a blank lies there. written: and is read back. */
export const STEPS = ["asked", "laid", "written"] as const;
export type BatchStep = "waiting" | (typeof STEPS)[number];
