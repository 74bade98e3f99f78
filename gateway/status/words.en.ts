/** Words of the status page, for a school whose language is English. */
import type { words as russian } from "./words.ru.js";

export const words: typeof russian = {
  title: (school) => `Gateway of school ${school}`,
  day: (date) => (date === "" ? "No day has been opened yet" : `Business date: ${date}`),
  events: (size) => `Events in the journal: ${size}`,
  allSent: "Everything is in the cloud",
  unsent: (count, since) => `Not in the cloud yet: ${count}, since ${since}`,
  connected: "connected",
  absent: "away",
  never: "never",
  columns: ["Terminal", "Place", "Connection", "Last heard"],
};
