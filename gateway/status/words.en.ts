/** Words of the status page, for a school whose language is English. */
import type { words as russian } from "./words.ru.js";

export const words: typeof russian = {
  title: (school) => `Gateway of school ${school}`,
  day: (date) => (date === "" ? "No day has been opened yet" : `Business date: ${date}`),
  well: "Everything works",
  look: (count) => `To be looked at: ${count}`,
  events: (size, cosigned) => `Events in the journal: ${size}, of which the cloud has cosigned ${cosigned}`,
  directives: (count) => `Directives from the cloud applied: ${count}`,
  disk: {
    low: (since, freeMb) =>
      `Little room on the gateway's disk: ${freeMb} MB (${since}). Tills do not sell, kiosks take no notes, meals are recorded. Free some space`,
    full: (since, freeMb) =>
      `The gateway's disk is full, ${freeMb} MB free (${since}). Nothing new is recorded; terminals keep what was done. Free some space: it goes on by itself`,
    broken: (since, freeMb) =>
      `The gateway's disk does not write (${since}, ${freeMb} MB free). Terminals keep what was done. Call the technician: it may have to be replaced`,
    readonly: (since, freeMb) =>
      `The gateway's disk can only be read (${since}, ${freeMb} MB free). Terminals keep what was done. Call the technician`,
  },
  outrun: (size, terminals, since) =>
    `The gateway holds an old copy of its journal: ${terminals === null ? "the cloud knows" : `terminals ${terminals} know`} of ${size} events (${since}). Nothing is added here any more. It must be replaced, call the operator`,
  claim: (terminal, size, lying, waits) =>
    `Terminal ${terminal} says it has heard of ${size} events, the journal holds ${lying}. Nobody else says so` +
    (waits
      ? "; for a minute after its start the gateway waits for another voice"
      : "; the school goes on. Look at the terminal and call the operator"),
  link: (what) => `The link to the cloud has stopped. The school goes on without it; call the operator (${what})`,
  damaged: (what) =>
    `The journal on the disk was changed or is damaged. Call the operator and do not restart the gateway: it would not start again (${what})`,
  otherState: (size) =>
    `The snapshot of the journal that the gateway began with (${size} events) differs from the journal and was deleted. Restart the gateway when the canteen is quiet`,
  replaced: (handedIn: boolean) =>
    "Another gateway has taken this one's place; this one decides nothing any more. " +
    (handedIn
      ? "All that was only here is at the cloud: it may be switched off"
      : "What was only here is on its way to the cloud: do not switch it off"),
  recovering: (terminals: readonly number[]) =>
    `This gateway has just taken another's place. Buffet sales wait for what terminals ${terminals.join(", ")} have to say, three minutes at most; everything else goes on`,
  waitNoLonger: "Wait no longer",
  lastDirectives: (said) => `The last ones: ${said}`,
  answered: (moment, subject, outcome) => `${moment}: ${subject}${outcome}`,
  subjects: {
    ...{
      school: "the school's settings",
      food: "menu and prices",
      people: "an account, a class or an employee",
      card: "a card",
      limits: "limits",
    },
    ...{
      terminal: "a terminal",
      money: "money of an account",
      order: "a meal order",
      collection: "a collection's count",
      salvage: "a former gateway's entries",
    },
  },
  outcomes: { applied: "", refused: " (not applied)", held: " (held)" },
  behind: (day) => `The school still works on the date “${day}”: after days without internet hold a supervisor's card to any terminal`,
  deaf: (since) => `The cloud has not been heard since ${since}: of cards that were blocked since then the school does not know`,
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
  box: (terminal, place, notes, capacity, sum) => `Terminal ${terminal}, ${place}: notes ${notes} of ${capacity}, ${sum} R`,
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
  programList: "Programs of the terminals",
  programs: {
    ...{ payment: "Kiosk (CCNET)", "payment-id003": "Kiosk (ID003)" },
    ...{ settlement: "Till", information: "Wall" },
  },
  ready: (program, version) => `${program}: version ${version} is ready to be given out.`,
  wave: (program, version, how) => `${program}, version ${version}: ${how}.`,
  step: (step, all, percent) => `wave ${step} of ${all}, up to ${percent} % of the terminals`,
  firstStep: (terminal) => `terminal ${terminal} first`,
  underWay: (where, running, chosen, next) =>
    `${where}; it runs on ${running} of ${chosen} chosen` + (next === "" ? "" : `; the next wave not before ${next}`),
  through: (running) => `given to all, runs on ${running}`,
  paused: (running, chosen) => `paused, runs on ${running} of ${chosen} chosen`,
  troubled: (terminal, what) => `terminal ${terminal}: ${what}; `,
  silent: "fell silent when it started the new one",
  stopped: (why, isBack) => `${why}stopped, ` + (isBack ? "whoever has got it goes back to the one before" : "whoever has got it keeps it"),
  giveOut: (program, version) => `${program}: give out version ${version}`,
  deeds: {
    ...{ start: "Begin to give it out…", pause: "Pause", resume: "Go on", next: "Next wave now" },
    back: "Stop, and back to the one before",
  },
  looked: "Understood",
  begin: "Begin",
  nothingBegun: "Do not begin",
  firstField: "Who is first",
  nobodyFirst: "anybody",
  percentsField: "Waves, percent of the terminals (the last one 100)",
  restField: "No more than one wave in so many minutes",
  silentField: "Stop when a terminal is silent for so many minutes (25 or more)",
  badPlan: "That makes no plan: the percentages rise and end with 100, minutes are whole numbers",
  refused: {
    ...{
      no_release: "There is no such program here",
      no_wave: "There is nothing to give out yet",
      known_release: "This version is being given out",
    },
    ...{ not_running: "Nothing is being given out now", not_paused: "It is not paused", stopped: "It has been stopped already" },
  },
  toStatus: "To the gateway's state",
  away: (where) => `${where}: away`,
  cashBox: (where) => `${where}: the cassette is nearly full, have it collected`,
  where: (terminal, kind, place) => `Terminal ${terminal} (${kind}, ${place})`,
  password: "The school's password for this page",
  enter: "Log in",
  wrong: "That is not the password",
  tooMany: "Too many tries, please wait a minute",
};
