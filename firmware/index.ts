/** What Node needs of the firmware: where the built images are, and the words that people read on them. The firmware itself runs on a board. */
export * from "./image.js";
export { say } from "./say.js";
export { COLLECTION, INFORMATION, PAYMENT, SERVICE, SETTLEMENT, SHARED, type Language, type Word } from "./words.js";
export { reasonWord } from "./words-reason.js";
export { openOutbox, store, unsent } from "./outbox.js";
export { OUTBOX_ADDRESS, OUTBOX_SECTORS, SECTOR_BYTES, SLOTS_ADDRESS } from "./wiring.js";
export { cydWiring, s3Wiring, wiringFor, type Uart, type Wiring } from "./wiring.js";
