/** Every byte, word and rule that two packages share. */
export * from "./chip.js";
export * from "./wire/cp1251.js";
export * from "./journal/sync.js";
export * from "./journal/text.js";
export * from "./journal/directive.js";
export * from "./journal/event.js";
export * from "./rules/index.js";
export * from "./journal/merkle.js";
export * from "./journal/entry.js";
export * from "./journal/base64.js";
export * from "./journal/note.js";
export * from "./journal/checkpoint.js";
export * from "./journal/proof.js";
export type { Sha256 } from "./wire/hmac.js";
export * from "./cards/cmac.js";
export * from "./cards/diversify.js";
export * from "./cards/sun.js";
export * from "./journal/origin.js";
