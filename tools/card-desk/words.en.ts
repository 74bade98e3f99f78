/** What the card desk says, in English. */
import type { Words } from "./words.ru.js";

export const ENGLISH: Words = {
  usage: `Usage: npm run tool -- card-desk keys --gateway <the gateway's folder> --to <file for the cards' keys>
       npm run tool -- card-desk --cloud <https://address> --school <number> --key <file with the desk's key> --cards <the cards' keys> [--reader <name>]`,
  keysSaved: (file) => `The cards' keys are in ${file}. Take the file to the machine where cards are made, and leave no copy behind.`,
  cannotRead: (file) => `${file} cannot be read, or is another kind of file.`,
  cannotWrite: (file) => `${file} was not written: perhaps it is there already.`,
  idle: (school) => `${school}: waiting for a batch. It is begun in the office, on the page "Making cards". Ctrl-C ends the work.`,
  batch: (id, chip, left) => `Batch no. ${id}, ${chip === "mifare" ? "MIFARE Classic 1K" : "NTAG 424 DNA"}: ${left} cards left.`,
  next: (at, all, job) => `${at} of ${all}: ${job.class} ${job.name}, account ${job.number}. Lay a blank card on the reader.`,
  made: (kind, uid, before, unseen) =>
    `  Done: ${kind === "mifare" ? "MIFARE 1K" : "NTAG 424 DNA"} ${uid}${before ? ", made before and whole" : ""}.` +
    (unseen ? " This reader cannot tell whether it wakes up as rewritable copies do." : "") +
    " Take it away.",
  refused: (why) => `  This card will not do: ${why}. Take it away and lay another one there.`,
  refusals: {
    unsupported: "it is neither a MIFARE Classic 1K nor an NTAG 424 DNA",
    random_uid: "its number changes at each tap, as a telephone's does",
    foreign_key: "it has a key of another system or another school",
    default_key: "it keeps a key that everybody knows",
    magic: "its number can be rewritten: it is a copy, or made for copies",
    backdoor: "the maker of this chip has a key of his own to every sector",
    used: "this card of the school is in use",
    read_back: "what was written could not be read",
    gone: "it stopped answering",
    known: "the school has a card with this number",
    other_chip: "this batch is made of another kind of card",
  },
  stopped: "  The batch was stopped in the office, this card is not written. Take it away.",
  nobodys:
    "  The card is written, but not needed: this application has another one already. It is nobody's, and may serve for the next. Take it away.",
  gone: "  The card was taken away too early. Lay it there again.",
  tally: (made, refused) => `${made} made, ${refused} refused.`,
  officeSilent: "The office does not answer, I am trying again. Leave the card that lies on the reader where it is.",
  officeBack: "The office is there again.",
  officeStranger: "The office does not know this desk or school: check the key and the school's number.",
  readerTrouble: (what) => `The reader cannot be reached (${what}). It takes the service pcscd and a PC/SC reader.`,
};
