/** What the tools for a school's gateway say, English; `words.ru.ts` has the same keys. */
import type { EnrolmentTrouble } from "@trapeza/protocol";

const notEnrolled: Readonly<Record<Exclude<EnrolmentTrouble, "not_first">, string>> = {
  unknown_code: "The cloud does not know this code. Is it typed as it was given?",
  used: "This code has been used, by another gateway. The operator issues a new one.",
  expired: "This code is older than a day. The operator issues a new one.",
  signature: "The cloud did not believe the new key's signature.",
  gateway: "The cloud does not take this name for a gateway: letters, digits, dots, dashes, 64 at most.",
};

export const ENGLISH = {
  usage: `gateway code --cloud <folder> --school <number>      at the cloud: a code for the school's next gateway, good for a day, once
gateway new --to <folder> --school <number> --code <code> --url <cloud> --key <the cloud's key> --host <address> [--recovery <public key>]
                                                      a school's first gateway: its secrets drawn, its epoch opened, its settings written
gateway rekey --gateway <folder> [--recovery <public key>]
                                                      another password of the status page, and another recovery key
gateway keygen --key <file>                           the operator's recovery key; its public half goes into every gateway's settings
gateway backup --gateway <folder> --to <folder>       a copy of a gateway, running or stopped; secrets sealed to the recovery key
gateway restore --from <backup> --to <folder> [--recovery-key <file>]
                                                      the same gateway on the same or another machine, if the cloud knows no more than the backup
gateway replace --from <backup or old folder> --to <folder> --code <code> [--recovery-key <file>] [--name <name>]
                                                      another gateway in a dead one's place, from the cloud and the terminals' memories
gateway hand-in --from <dead gateway's folder> [--recovery-key <file>]
                                                      what only its disk knows goes to the cloud and waits there for the operator
gateway tails --cloud <folder> --school <number> [--accept <what the list names>]
                                                      at the cloud: what replaced gateways have handed in, with names and sums; accepts it
gateway drill [--data <folder>]                       tries on a copy whether this school's gateway could be replaced now; touches nothing`,
  badCloudKey: "This is not a cloud's key: it looks like meals.example+1a2b3c4d+… and the cloud says it in its first line.",
  noCloudHere: (folder: string) => `There is no cloud in ${folder}: start it once, it makes its key and its database.`,
  noSchool: (school: string) => `The cloud has no school ${school}: \`school set\` opens one.`,
  notFirst: (school: number, to: string) =>
    `School ${school} has had a gateway before, and its cards and terminals live by that one's secret. Go on with the same code:\n  gateway replace --from <its folder or backup> --to ${to} --code <code>`,
  made: (folder: string) => `The gateway in ${folder} is ready; settings.json there has the password of its status page. Start it:
  node gateway/dist/main.js ${folder}/settings.json`,
  withoutRecovery: "It has no recovery key, so it cannot be backed up yet: `gateway keygen`, then `gateway rekey --recovery <public key>`.",
  rekeyed: (folder: string, recovery: boolean) =>
    `${folder}/settings.json has another password of the status page${recovery ? " and another recovery key" : ""}; it holds from the gateway's next start.`,
  noSettings: (file: string) => `There is no gateway and no backup here: ${file} is missing.`,
  badSettings: (file: string) => `${file} is not well-formed JSON.`,
  noSecret: (folder: string) => `In ${folder} the school's secret is neither in the settings nor in a sealed box.`,
  sealed: (box: string) => `The secrets are sealed in ${box}. Where is the recovery key's file? --recovery-key <file>`,
  wrongKey: (key: string, box: string) => `The key in ${key} does not open ${box}.`,
  noKeyFile: (file: string) => `${file} is no recovery key: it must hold 64 hex digits.`,
  keyThere: (file: string) => `${file} is there already, and a recovery key is never written over.`,
  folderThere: (folder: string) => `${folder} is there already; a backup gets a folder of its own.`,
  noRecoveryKey:
    "The settings name no recoveryKey, and secrets leave the machine only sealed to it. Make one once with `gateway keygen`, offline, and put the line that it prints into the settings.",
  badJournal: (why: string) => `The copy of the journal cannot be used: ${why}.`,
  noBackup: (folder: string) => `${folder} is no backup, or not a whole one: it has no manifest.`,
  changed: (path: string) => `${path} is not what the backup's manifest says: the backup was changed or damaged.`,
  closed: "This gateway has been replaced: its epoch is closed, and it cannot be brought back.",
  cloudKnowsMore: (cloud: number, own: number) =>
    `The cloud holds ${cloud.toLocaleString("en")} events of this gateway, the backup ${own.toLocaleString("en")}. Going on from here would write another past over them: use \`gateway replace\`, which loses nothing.`,
  backedUp: (folder: string, events: number) => `${folder}: ${events.toLocaleString("en")} events, read again and whole.`,
  restored: (
    folder: string,
    events: number,
  ) => `${folder}: the gateway goes on behind event ${events.toLocaleString("en")}. Start it only if the old one is off for good:
  node gateway/dist/main.js ${folder}/settings.json`,
  drillBegins: (school: number) => `A replacement of school ${school}'s gateway, on a copy. Nothing real is touched.`,
  drillCopied: (events: number) =>
    `The cloud's ${events.toLocaleString("en")} events, played into a cloud of the drill's own, give the same ledger to the kopeck.`,
  drillOtherLedger: "The copy of the cloud has another ledger than the cloud itself.",
  drillReplaced: (epoch: number, seconds: string) =>
    `Another gateway took the place in epoch ${epoch}: ${seconds} s for all that this school has ever done.`,
  drillStarted: "It started, and the cloud cosigned its first event, which names the end of the epoch before.",
  drillBalances: (accounts: number, main: string, additional: string) =>
    `${accounts.toLocaleString("en")} accounts hold ${main} in main purses and ${additional} in additional ones: each the same, to the kopeck, in the new gateway and in the cloud's ledger.`,
  drillDifferences: "Purses differ between the new gateway and the cloud's ledger.",
  drillDifference: (account: number, gateway: string, ledger: string) =>
    `Account ${account}: ${gateway} in the gateway, ${ledger} in the ledger.`,
  drillUnsent: (events: number) =>
    events === 0
      ? "The gateway has told the cloud everything: if it died now, nothing would have to come from the terminals."
      : `${events.toLocaleString("en")} events are not at the cloud yet: if the gateway died now, they would come back from the terminals' memories.`,
  drillGood: "The gateway could be replaced now.",
  drillBad: "The gateway could NOT be replaced now; the lines above say why.",
  thereAlready: (folder: string) => `In ${folder} there is a gateway already. Choose an empty folder.`,
  noCloud: "The settings name no cloud: without its copy there is nothing to replace a gateway from.",
  cloudAway: (url: string, why: string) => `The cloud at ${url} cannot be asked: ${why}.`,
  notEnrolled,
  otherSchool: (code: number, own: number) => `The code is school ${code}'s, the settings are school ${own}'s.`,
  tooOften: (folder: string) => `This was begun too often in ${folder}. Ask for a new code and choose an empty folder.`,
  enrolled: (school: number, epoch: number) => `The cloud has opened epoch ${epoch} of school ${school}; the epochs before it are closed.`,
  tookOver: (events: number, epochs: number) =>
    `${events.toLocaleString("en")} events of ${epochs === 1 ? "one closed epoch" : `${epochs} closed epochs`} are here, checked and folded.`,
  replaced: (folder: string) =>
    `The gateway in ${folder} is ready. Give this machine the dead one's address in the school's network and start it:
  node gateway/dist/main.js ${folder}/settings.json
Terminals find it by themselves and hand over what the cloud has not got; buffet sales wait for that, three minutes at most.
Should the dead gateway ever wake up, let it reach the cloud: it hands in what nobody else knows, and does nothing more. From its disk alone \`gateway hand-in\` does that.`,
  notReplaced:
    "No other gateway has taken this one's place: it can go on itself, or be restored. Only what a replaced one left is handed in.",
  handedIn: (events: number) =>
    events === 0
      ? "The cloud has everything that this disk holds."
      : `${events.toLocaleString("en")} events that were on this disk alone are at the cloud. They wait for the operator: \`gateway tails\` shows them.`,
  noTails: "No replaced gateway of this school has handed in anything that waits.",
  tailBegins: (epoch: number, news: number, known: number) =>
    `The gateway of epoch ${epoch} did ${news.toLocaleString("en")} things that nobody else has told of; ${known.toLocaleString("en")} more are known from the terminals. Whoever has its disk could have written them, so compare with papers and cash boxes:`,
  atTerminal: (terminal: number) => `terminal ${terminal}`,
  deeds: {
    ...{ TopUpCredited: "note credited", TopUpHeld: "note held", ForeignTopUp: "note for another school", CashCollected: "cash collected" },
    ...{ BuffetSold: "sale", CashSold: "sale for cash", SaleVoided: "sale undone", MealServed: "meal", MealUndone: "meal undone" },
    ...{ FeePaid: "fee", ShiftOpened: "shift opened", ShiftClosed: "shift closed", ReceiptPrinted: "receipt printed" },
  },
  howToAccept: (school: number, tail: string) =>
    `If that is what happened: gateway tails --cloud <folder> --school ${school} --accept ${tail}`,
  otherTail: (tail: string) => `Nothing waits under the name ${tail}, or more has come since it was shown. Look at the list again.`,
  tailAccepted: (news: number) =>
    `Accepted. The school hears of it within half a minute while it is online; ${news.toLocaleString("en")} things are recorded there now, unless a terminal tells of them first.`,
};

export type Words = typeof ENGLISH;
