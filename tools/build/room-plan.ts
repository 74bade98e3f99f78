import type { Room } from "./room.js";

/** What of a terminal's program is in memory only while it runs, by the functions that lead into it. */
export const roomPlan: readonly Room[] = [
  // What the start sets going beats on four times a second, and every ten seconds.
  { entries: ["tick", "keepTime"], stays: true },
  // The start, once.
  { entries: ["startPayment", "startSettlement", "startInformation"] },
  { entries: ["stepPayment", "stepSettlement", "stepInformation"] },
  { entries: ["viewPayment", "viewSettlement", "viewInformation"] },
  // Every message, hundreds of fields each.
  { entries: ["decode", "decodeCase", "hearCase", "eachRow", "downSchema", "welcomeSchema"], flat: true, forgets: true },
  // What a terminal has said once it reads again after a start: its tables are these.
  { entries: ["encode", "changedRows", "upSchema", "helloSchema", "unpackUp"], flat: true, forgets: true },
  // Each connection.
  { entries: ["connect", "greet", "admitted"] },
  // The technician's menu.
  { entries: ["inMenu", "view", "serve", "calibrate"] },
  // A card's ticket.
  { entries: ["stepCard", "deal", "overheard", "seen"] },
  // A release that is being fetched.
  { entries: ["work", "offered"] },
];
