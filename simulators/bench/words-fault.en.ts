/** Faults and time at the bench in English. */
import type { FAULTS_RU, HOUSE_RU } from "./words-fault.ru.js";

export const FAULTS_EN: typeof FAULTS_RU = {
  title: "Faults",
  none: "all is well",
  devices: { reader: "Card reader", printer: "Printer", acceptor: "Note acceptor", network: "Network" },
  names: {
    "reader-silent": "Does not answer",
    "card-pulled": "A child pulls the card away",
    "card-torn": "Card gone while written to",
    "paper-near-end": "Paper running low",
    "paper-end": "Out of paper",
    "paper-ends-soon": "Paper ends within a receipt",
    "cover-open": "Cover open",
    "printer-silent": "Does not answer",
    "printer-hung": "Hung",
    "jam-validator": "Jam a note at the entry",
    "jam-cassette": "Jam a note at the cassette",
    "note-refused": "Takes notes for bad ones",
    "note-given-back": "Gives back instead of stacking",
    "cassette-full": "Cassette full",
    "cassette-out": "Cassette out",
    "bills-renumbered": "Bill table mixed up",
    "acceptor-silent": "Does not answer",
    "note-on-string": "Pull at a string",
    "acceptor-blink": "Blink its supply",
    "connection-cut": "Break the connection",
  },
  wire: "Wire",
  wires: { "": "healthy", lost: "loses", flipped: "damages", doubled: "doubles", late: "delays" },
};

export const HOUSE_EN: typeof HOUSE_RU = {
  title: "School",
  gateway: "Gateway",
  internet: "Internet",
  time: "Time on the table",
  rates: { "0": "stop", "0.1": "×⅒", "1": "×1", "60": "×60" },
  step: "step",
  stepHint: "A tenth of a second, while time stands still",
  timeHint: "How fast time goes for terminals and their devices; gateway and cloud live by the machine's clock",
};
