/** Every byte, word and rule that two packages share. */
export * from "./chip.js";
export * from "./wire/cp1251.js";
export * from "./journal/sync.js";
export * from "./journal/text.js";
export * from "./journal/directive.js";
export * from "./journal/event.js";
export * from "./rules/index.js";
