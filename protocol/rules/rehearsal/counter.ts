/** Sentences at the till and at the kiosk: sales, voids, shifts, notes, cash boxes. */
import type { Purse } from "../../journal/directive.js";
import { kopecks, terminalId } from "../../wire/units.js";
import type { Kopecks } from "../../wire/units.js";
import { browseRefusal, holderByList, holderOf, payeeOf, rosterOf } from "../holder.js";
import { findSale } from "../operations/void.js";
import type { NotePayee, WantedLine } from "../request.js";
import * as play from "./school.js";
import type { Rehearsal } from "./school.js";
import { answered, dateAfter, idOf, NAME, PURSE, recordAt, roubles, sentence, SUM, sumIn, told } from "./words.js";
import type { Step } from "./words.js";

type PricedLine = WantedLine & { readonly price: Kopecks };

/** "2 pie and tea", or "34.50": a dish of that price is put on the menu for it. "40 single tea" are 40 lines of one, "nothing" is no line. */
function trayOf(rehearsal: Rehearsal, text: string | undefined): { lines: WantedLine[]; priced: PricedLine[]; total: number } {
  const parts = text === "nothing" ? [] : (text ?? "").split(" and ").flatMap(singly);
  const lines = parts.map((part): PricedLine => {
    const words = /^(?:(\d+(?:\.\d)?) )?(.+)$/.exec(part) ?? [];
    const price = /^-?\d+\.\d\d$/.test(words[2] ?? "") ? sumIn(words[2]) : null;
    const dish = price === null ? (play.DISHES[words[2] as keyof typeof play.DISHES] ?? 999) : dishAt(rehearsal, price);
    const known = rehearsal.school.dishes.get(dish);
    return { dish, quantity: Number(words[1] ?? 1), price: known ? known[known.length - 1].price : kopecks(0) };
  });
  return {
    lines: lines.map(({ dish, quantity }) => ({ dish, quantity })),
    priced: lines,
    total: lines.reduce((sum, line) => sum + line.price * line.quantity, 0),
  };
}

function singly(part: string): string[] {
  const [, count, dish] = /^(\d+) single (.+)$/.exec(part) ?? [];
  return dish === undefined ? [part] : new Array<string>(Number(count)).fill(dish);
}

function dishAt(rehearsal: Rehearsal, price: number): number {
  const code = 100 + (price % 9000);
  const dish = { code, name: "dish at " + roubles(price), group: 1, allergens: [], caterer: 2, offered: true };
  if (price > 0) play.tell(rehearsal, { kind: "SetDish", ...dish, price: kopecks(price), from: play.TODAY });
  return code;
}

function sale(
  rehearsal: Rehearsal,
  name: string | undefined,
  tray: string | undefined,
  how: { card: boolean; override?: string; total?: string },
): string[] {
  const { lines, total } = trayOf(rehearsal, tray);
  const payer = how.card ? ({ by: "card", uid: play.cardUidOf(name ?? "") } as const) : ({ by: "list", account: idOf(name) } as const);
  const asked = {
    lines,
    total: kopecks(how.total === undefined ? total : sumIn(how.total)),
    menuVersion: 1,
    override: how.override ?? null,
  };
  return answered(play.ask(rehearsal, { kind: "Sale", payer, ...asked }));
}

export const TILL: Step[] = [
  [
    sentence(NAME, " buys (.+?)( without a card)?(?: for a total of ", SUM, ')?(?: although "(.+)")?'),
    (rehearsal, [name, tray, cardless, total, override]) => sale(rehearsal, name, tray, { card: !cardless, total, override }),
  ],
  [
    sentence("cash sale of (.+)"),
    (rehearsal, [tray]) => {
      const { lines, total } = trayOf(rehearsal, tray);
      return answered(play.ask(rehearsal, { kind: "CashSale", lines, total: kopecks(total), menuVersion: 1 }));
    },
  ],
  [
    sentence("void receipt (\\d+)((?: (?:and )?line \\d+ x \\d+(?:\\.\\d)?)*)(?: by ", NAME, ")?"),
    (rehearsal, [receipt, asked, by]) => {
      const lines = [...(asked ?? "").matchAll(/line (\d+) x ([\d.]+)/g)].map(([, line, quantity]) => ({
        line: Number(line) - 1,
        quantity: Number(quantity),
      }));
      const supervisor = by === undefined ? null : play.cardUidOf(by);
      return answered(play.ask(rehearsal, { kind: "Void", receipt: Number(receipt), lines, reason: "mistake", supervisor }));
    },
  ],
  [
    sentence(NAME, " (opens|closes) the shift declaring ", SUM),
    (rehearsal, [name, what, declared]) => {
      const uid = play.cardUidOf(name ?? "");
      const kind = what === "opens" ? "ShiftOpen" : "ShiftClose";
      return answered(play.ask(rehearsal, { kind, uid, declared: sumIn(declared) as never }));
    },
  ],
  [
    sentence("the till activates the card of ", NAME, "(?: for ", SUM, ")?"),
    (rehearsal, [name, paid]) =>
      answered(play.ask(rehearsal, { kind: "ActivateCard", uid: play.cardUidOf(name ?? ""), paid: kopecks(sumIn(paid)) })),
  ],
  [
    sentence(NAME, " pays ", SUM, " at the till for a new card"),
    (rehearsal, [name, sum]) =>
      answered(play.ask(rehearsal, { kind: "PaidService", account: idOf(name), service: "reissue", amount: kopecks(sumIn(sum)) })),
  ],
  [
    sentence("the till prints a password for ", NAME, "(?:, (\\d+) times)?"),
    (rehearsal, [name, times]) => {
      const [salt, digest] = [new Uint8Array(16).fill(7), new Uint8Array(32).fill(9)];
      const issue = (): string[] => answered(play.ask(rehearsal, { kind: "IssueCode", account: idOf(name), salt, digest }));
      for (let i = 1; i < Number(times ?? 1); i++) issue();
      return issue();
    },
  ],
  [
    sentence(SUM, " was taken in cash for (.+?)(?: at (kiosk))?(?: on day ([+-]\\d+))?"),
    (rehearsal, [sum, tray, place, days]) => {
      const { lines } = trayOf(rehearsal, tray);
      const soldOn = dateAfter(rehearsal, days);
      return recordAt(rehearsal, place === "kiosk" ? "kiosk" : "till", {
        kind: "CashTaken",
        lines,
        total: kopecks(sumIn(sum)),
        menuVersion: 1,
        soldOn,
      });
    },
  ],
  [
    sentence("the till finds receipt (\\d+)"),
    (rehearsal, [receipt]) => {
      const found = findSale(rehearsal.school, Number(receipt), play.contextOf(rehearsal));
      if (found.kind !== "sale") return ["refused", found.reason];
      return ["found", found.supervisor ? "with a supervisor" : "by the cashier", ...found.sale.lines.map((line) => line.name)];
    },
  ],
  [
    sentence("the till finds ", NAME, " by list for ", SUM),
    (rehearsal, [name, sum]) => {
      const found = holderByList(rehearsal.school, idOf(name), kopecks(sumIn(sum)), play.contextOf(rehearsal));
      if (found.kind === "refused") return ["refused", found.reason];
      return [found.name, found.className, found.verdict ?? "fine", "not " + (found.banned.join(" and ") || "anything banned")];
    },
  ],
  [
    sentence("the till lists (the classes|5A|5B)"),
    (rehearsal, [what]) => {
      const list = rosterOf(rehearsal.school, what === "5A" ? 51 : what === "5B" ? 52 : 0);
      return [browseRefusal(rehearsal.school, play.contextOf(rehearsal)) ?? "fine", list.map((one) => one.name).join(" ")];
    },
  ],
  [
    sentence("a sale of (.+?)(?: at ", SUM, ")? to ", NAME, " approved by the old gateway"),
    (rehearsal, [tray, sum, name]) => {
      const { priced } = trayOf(rehearsal, tray);
      const lines = sum === undefined ? priced : priced.map((line) => ({ ...line, price: kopecks(sumIn(sum)) }));
      return recordAt(rehearsal, "till", { kind: "SaleApproved", account: idOf(name), uid: null, lines });
    },
  ],
  [
    sentence("(till|kiosk|wall) reads the card of ", NAME, "(?: for ", SUM, ")?"),
    (rehearsal, [place, name, total]) => {
      rehearsal.terminal = play.PLACES[place as "till"];
      const asked = total === undefined ? null : kopecks(sumIn(total));
      const holder = holderOf(rehearsal.school, play.cardUidOf(name ?? ""), asked, play.contextOf(rehearsal));
      rehearsal.terminal = play.PLACES.till;
      if (holder.kind === "refused") return ["refused", holder.reason];
      const box = "box" + holder.box.map(({ note, count }) => " " + count + " x " + roubles(note)).join("");
      return [holder.name, "balance " + roubles(holder.main) + " / " + roubles(holder.additional), holder.verdict ?? "fine", box];
    },
  ],
];

export const KIOSK: Step[] = [
  [
    sentence(NAME, " pays ", SUM, " in cash to ", PURSE, "( by number)?"),
    (rehearsal, [name, sum, purse, byNumber]) => {
      const payee: NotePayee = byNumber
        ? { kind: "number", number: play.numberOf(idOf(name)) }
        : { kind: "card", uid: play.cardUidOf(name ?? "") };
      return recordAt(rehearsal, "kiosk", {
        kind: "NoteStacked",
        payee,
        purse: purse as Purse,
        note: kopecks(sumIn(sum)),
        visit: 1,
        happenedMs: null,
      });
    },
  ],
  [
    sentence("(a note|an unproven note) of ", SUM, " for (nobody|number \\d+)(?: at (till))?(?: (\\d+) ms later)?"),
    (rehearsal, [what, sum, whom, place, later]) => {
      const number = /\d+/.exec(whom ?? "")?.[0];
      const payee: NotePayee = number === undefined ? { kind: "none" } : { kind: "number", number: number as never };
      const kind = what === "a note" ? "NoteStacked" : "NoteUnresolved";
      const happenedMs = later === undefined ? null : 1000000 + Number(later);
      const note = { payee, purse: "main" as const, note: kopecks(sumIn(sum)), visit: 1, happenedMs };
      return recordAt(rehearsal, place === "till" ? "till" : "kiosk", { kind, ...note });
    },
  ],
  [
    sentence("the kiosk looks up ", NAME),
    (rehearsal, [name]) => {
      const payee = payeeOf(rehearsal.school, play.numberOf(idOf(name)));
      return payee.kind === "refused" ? ["refused", payee.reason] : [payee.shortName];
    },
  ],
  [
    sentence(NAME, " takes the cash box with seal (\\S+)(?: before (\\w+))?"),
    (rehearsal, [name, seal, second]) => {
      const witness = second === undefined ? null : play.cardUidOf(second);
      return recordAt(rehearsal, "kiosk", { kind: "Collection", uid: play.cardUidOf(name ?? ""), witness, seal: seal ?? "" });
    },
  ],
  [
    sentence("collection (\\d+) is counted at ", SUM),
    (rehearsal, [collection, sum]) =>
      told(rehearsal, { kind: "CountCollection", terminal: terminalId(1), collection: Number(collection), counted: kopecks(sumIn(sum)) }),
  ],
];
