/** Nothing: a syntax that needs one of TypeScript's helpers (spread, extends, generators, async, #private) does not compile for the chip. */
export {};
