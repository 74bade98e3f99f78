/** Every byte, word and rule that two packages share. */
export * from "./chip.js";
export * from "./wire/cp1251.js";
export * from "./journal/sync.js";
