/** The same in English. */
import type { ProofWords } from "./words-proof.ru.js";

export const proof: ProofWords = {
  title: "Check of a record",
  check: "check",
  checkOf: (name) => "Check: " + name,
  lead: "Your own browser compares this record with the journal that the school signs. There is no need to take our word for it.",
  sum: "Sum",
  number: "Number of the record in the journal",
  waiting: "Checking…",
  good: "This record stands in the journal that the school has signed. The browser remembers the journal, and next time sees whether it has only grown.",
  grown:
    "This record stands in the journal that the school has signed. Since the last check the journal has only grown: nothing was changed or removed.",
  bad: "The record does not agree with the school's signed journal. Download the proof and show it at school: this must not be.",
  other: "The school's journal has another sum than is shown here. Download the proof and write to us.",
  old: "This browser cannot check such signatures. Update it, or download the proof: any program for C2SP logs checks it.",
  away: "The proof could not be fetched. Look at the connection and reload the page.",
  noScripts: "For the browser to check the record itself, allow scripts. Or download the proof: any program for C2SP logs checks it.",
  take: "Download the proof",
  back: "Back to the history",
};
