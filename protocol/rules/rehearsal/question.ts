/** Sentences that look at the school, and those that turn its clock. */
import type { Flag } from "../../journal/event.js";
import { REASONS } from "../../wire/reason.js";
import type { Reason } from "../../wire/reason.js";
import { checkInvariants } from "../invariant.js";
import { isBlocked, spentOn } from "../school.js";
import * as play from "./school.js";
import { accountOf, answered, askAt, dateAfter, DONE, idOf, NAME, roubles, sentence, SUM, sumIn } from "./words.js";
import type { Step } from "./words.js";

export const QUESTIONS: Step[] = [
  [
    sentence(NAME, " has ", SUM, " / ", SUM),
    (rehearsal, [name, main, additional]) => {
      const account = accountOf(rehearsal, name);
      const same = account.main === sumIn(main) && account.additional === sumIn(additional);
      return same ? DONE : [roubles(account.main) + " / " + roubles(account.additional)];
    },
  ],
  [
    sentence(NAME, " is (not )?blocked"),
    (rehearsal, [name, not]) => (isBlocked(rehearsal.school, accountOf(rehearsal, name)) === !not ? DONE : ["the opposite"]),
  ],
  [
    sentence(NAME, " owes (caterer \\d|nobody's meal) ", SUM),
    (rehearsal, [name, whom, sum]) => {
      const caterer = whom === "nobody's meal" ? null : Number(whom?.slice(8));
      const owed = accountOf(rehearsal, name).owed.filter((one) => one.caterer === caterer);
      const total = owed.reduce((all, one) => all + one.amount, 0);
      return total === sumIn(sum) ? DONE : ["owes " + roubles(total)];
    },
  ],
  [
    sentence(NAME, " is flagged ([a-z_]+)"),
    (rehearsal, [name, flag]) => {
      const flags = rehearsal.school.flagged.filter((one) => one.account === idOf(name)).map((one) => one.flag);
      return flags.includes(flag as Flag) ? DONE : ["flags: " + flags.join(" ")];
    },
  ],
  [
    sentence(NAME, " has spent ", SUM, " today"),
    (rehearsal, [name, sum]) => {
      const spent = spentOn(accountOf(rehearsal, name), rehearsal.date);
      return spent === sumIn(sum) ? DONE : ["spent " + roubles(spent)];
    },
  ],
  [
    sentence(NAME, "'s last change is number (\\d+)"),
    (rehearsal, [name, seq]) => (accountOf(rehearsal, name).seq === Number(seq) ? DONE : ["number " + accountOf(rehearsal, name).seq]),
  ],
  [
    sentence("the fund has spent ", SUM),
    (rehearsal, [sum]) => (rehearsal.school.fundSpent === sumIn(sum) ? DONE : ["spent " + roubles(rehearsal.school.fundSpent)]),
  ],
  [sentence("all laws hold"), (rehearsal) => (checkInvariants(rehearsal.school).length === 0 ? DONE : checkInvariants(rehearsal.school))],
];

export const SURROUNDINGS: Step[] = [
  [
    sentence("at (\\d\\d):(\\d\\d)"),
    (rehearsal, [hour, minute]) => {
      rehearsal.minute = Number(hour) * 60 + Number(minute);
      return DONE;
    },
  ],
  [
    sentence("nobody knows the time"),
    (rehearsal) => {
      rehearsal.clock = "unknown";
      return DONE;
    },
  ],
  [
    sentence("the day ([+-]\\d+) is opened(?: (offline))?(?: by ", NAME, ")?"),
    (rehearsal, [days, offline, by]) => {
      const date = dateAfter(rehearsal, days);
      const uid = by === undefined ? null : play.cardUidOf(by);
      const decision = askAt(rehearsal, "gateway", { kind: "OpenDay", date, uid, online: !offline });
      if (decision.kind === "accepted") rehearsal.date = date;
      return answered(decision);
    },
  ],
  [
    sentence("the gateway finds ((?:[a-z_]+)(?: and [a-z_]+)*)"),
    (rehearsal, [reasons]) => {
      rehearsal.found = (reasons ?? "").split(" and ").filter((reason): reason is Reason => reason in REASONS);
      return DONE;
    },
  ],
  [
    sentence("we stand at (till|till 2|kiosk|wall|wall 2|terminal (\\d+))"),
    (rehearsal, [place, number]) => {
      rehearsal.terminal = number === undefined ? play.PLACES[place as "till"] : Number(number);
      return DONE;
    },
  ],
];
