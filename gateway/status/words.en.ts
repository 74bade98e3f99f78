/** Words of the status page, for a school whose language is English. */
import type { words as russian } from "./words.ru.js";

export const words: typeof russian = {
  title: (school) => `Gateway of school ${school}`,
  day: (date) => (date === "" ? "No day has been opened yet" : `Business date: ${date}`),
  well: "Everything works",
  look: (count) => `To be looked at: ${count}`,
  events: (size, cosigned) => `Events in the journal: ${size}, of which the cloud has cosigned ${cosigned}`,
  directives: (count) => `Directives from the cloud applied: ${count}`,
  damaged: (what) =>
    `The journal on the disk was changed or is damaged. Call the operator and do not restart the gateway: it would not start again (${what})`,
  otherState: (size) =>
    `The snapshot of the journal that the gateway began with (${size} events) differs from the journal and was deleted. Restart the gateway when the canteen is quiet`,
  allSent: "Everything is in the cloud",
  unsent: (count, since) => `Not in the cloud yet: ${count}, since ${since}`,
  connected: "connected",
  absent: "away",
  never: "never",
  unknown: "has not said yet",
  columns: ["Terminal", "Place", "Connection", "Last heard", "Devices", "Unsent", "Firmware"],
  updates: {
    ...{
      none: "",
      fetching: "fetching a new one",
      kind: "new one refused: for another kind of terminal",
      older: "new one refused: an older one",
    },
    ...{ truncated: "new one refused: incomplete", signature: "new one refused: not signed by us", digest: "new one refused: damaged" },
    rolled_back: "new one did not work, the old one is back",
  },
  boxes: "Cassettes of the kiosks",
  box: (terminal, place, notes, capacity, sum) => `Terminal ${terminal}, ${place}: ${notes} notes of ${capacity}, ${sum} R`,
  kinds: { payment: "kiosk", settlement: "till", information: "wall" },
  devices: { paper: "printer", reader: "card reader", acceptor: "bill validator" },
  states: {
    ...{
      ok: "works",
      low: "paper runs low",
      out: "no paper, or open",
      silent: "does not answer",
      unseen: "prints, but never says whether",
    },
    ...{ full: "cassette full", removed: "cassette taken out", jammed: "a note is stuck", none: "none" },
  },
  device: (where, device, state) => `${where}: ${device}: ${state}`,
  cards: (refusedKey, twoPlaces) =>
    `There may be copies of cards: today ${refusedKey} refused their key three times, ${twoPlaces} were seen in two places at once`,
  away: (where) => `${where}: away`,
  cashBox: (where) => `${where}: the cassette is nearly full, have it collected`,
  where: (terminal, kind, place) => `Terminal ${terminal} (${kind}, ${place})`,
  password: "The school's password for this page",
  enter: "Log in",
  wrong: "That is not the password",
  tooMany: "Too many tries, please wait a minute",
};
