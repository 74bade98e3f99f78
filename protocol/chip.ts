/** The door for the chip: bytes and devices only, nothing that needs more than ES5 and what Espruino has. */
export * from "./wire/units.js";
export * from "./wire/bytes.js";
export * from "./wire/schema.js";
export * from "./wire/reason.js";
export * from "./wire/hmac.js";
export * from "./wire/session.js";
export * from "./wire/frame.js";
export * from "./wire/mqtt.js";
export * from "./wire/topics.js";
export * from "./wire/up.js";
export * from "./wire/down.js";
export * from "./wire/message.js";
export * from "./wire/claim.js";
export * as ccnet from "./devices/ccnet.js";
export * as id003 from "./devices/id003.js";
export * as escpos from "./devices/escpos.js";
export * as pn532 from "./devices/pn532.js";
export * as xpt2046 from "./devices/xpt2046.js";
