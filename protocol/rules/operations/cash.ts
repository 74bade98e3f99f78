/** Cash that was taken while the gateway was away: it lies in the drawer, so the sale is written down at the sum that was paid, whatever it breaks. */
import type { EventBody, Flag, Line } from "../../journal/event.js";
import { kopecks } from "../../wire/units.js";
import { LARGEST_FIGURE } from "../plausible.js";
import { shiftOf, terminalOf } from "../presented.js";
import type { Context, Fact } from "../request.js";
import type { School } from "../school.js";
import { pricedLines, tillOf, totalOf } from "./sale.js";

type Taken = Extract<Fact, { kind: "CashTaken" }>;

/** Dishes at the prices of the day they were sold on; when these do not add up to what was paid, one line of that sum, flagged for a person. */
export function recordCash(school: School, fact: Taken, context: Context): EventBody[] {
  const isTill = terminalOf(school, context)?.terminalKind === "settlement";
  if (!isTill || !(fact.total > 0 && fact.total <= LARGEST_FIGURE)) {
    // Other machines have no drawer: nothing is owed to a caterer on their word.
    const text = "cash sale of " + fact.total + " kopecks";
    return [{ kind: "FactFlagged", account: null, flag: isTill ? "price_changed" : "wrong_terminal", amount: kopecks(0), text }];
  }
  // A date that this school has not come to yet is a till's error, and no price holds on it.
  const soldOn = fact.soldOn > context.date ? context.date : fact.soldOn;
  const priced = pricedLines(school, fact.lines, soldOn);
  const sound = priced !== null && totalOf(priced) === fact.total;
  const flags: Flag[] = [];
  if (!sound) flags.push("price_changed");
  if (soldOn !== context.date) flags.push("out_of_time");
  if (shiftOf(school, context) === null) flags.push("shift_closed");
  const { total, menuVersion } = fact;
  const lines = sound ? priced : [wholeSum(school, total)];
  return [{ kind: "CashSold", ...tillOf(school, context), lines, total, menuVersion, soldOn, basis: "offline", flags }];
}

/** Dish 0 is no dish: an auditor who asks again comes to the same line. The first caterer holds the money until a person has looked. */
function wholeSum(school: School, total: Taken["total"]): Line {
  const first = school.caterers.keys().next();
  return { dish: 0, name: "", price: total, quantity: 1, caterer: first.done === true ? 0 : first.value };
}
