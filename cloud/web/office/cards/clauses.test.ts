/**
 * The regulation, clause by clause: which tests walk it, and which clause is words on paper, and why. P = the rules of use, R = the card regulation; of both
 * only the numbers stand here. A clause may lean on rooms far from the office: money rules, terminals, the parents' pages.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import test from "ava";

/** A file, and the beginning of a test's title in it (of a scenario's, in a table of the rules). */
type Walked = readonly [file: string, title: string];
type Clause = readonly Walked[] | string;

const root = fileURLToPath(new URL(import.meta.url)).split("/cloud/dist/")[0];
const [cards, office, parent] = ["cloud/web/office/cards/", "cloud/web/office/", "cloud/web/parent/"];
const scenarios = "protocol/rules/scenarios/";

const regulation = (title: string): Walked => [cards + "regulation.slow.test.ts", title];
const steps = (title: string): Walked => ["cloud/office/cards/application.test.ts", title];
const people = (title: string): Walked => [office + "people/people.slow.test.ts", title];
const money = (title: string): Walked => [office + "money/settlement.slow.test.ts", title];
const browser = (title: string): Walked => [office + "browser.slow.test.ts", title];
const kiosk = (title: string): Walked => ["firmware/payment.test.ts", title];
const till = (title: string): Walked => ["firmware/settlement.test.ts", title];
const day = (title: string): Walked => ["simulators/stories/first-day.test.ts", title];
const example = (title: string): Walked => [scenarios + "01-worked-examples.txt", title];
const leaving = (title: string): Walked => [scenarios + "07-leaving.txt", title];

const [papers, terms] = ["R3.1, R3.2:", "every step has its term by the regulation"];
const [made, again, walk] = ["R4.4, R4.6, R4.7:", "R5, P2.4, P2.5:", "R3, R4:"];
const [end, renamed, left, astray] = ["R4.3.4, R5, R6:", "R5.1, R7:", "R8, P5.1:", "P3.2, P3.3:"];
const written: Walked = ["cloud/web/parent/journeys.slow.test.ts", "a complaint is written and stands there with its day"];
const [complaint, definition] = ["a complaint is answered once, within 15 working days", "a definition"];

const RULES: Record<string, Clause> = {
  "1.1": "says what the document is about",
  "1.2": [regulation("R4.5:")],
  "1.3": [
    [parent + "journeys.slow.test.ts", "a top-up needs nothing but a keyboard"],
    [parent + "care.test.ts", "limits are sent as they were chosen"],
  ],
  "1.4": [regulation(papers), regulation(made), regulation("R8, P5.1:"), browser(walk)],
  "1.5": [regulation(made), people("a block of the school is lifted by the school, not by the operator")],
  "1.6": definition,
  "1.6.1": [day("a note fed at the kiosk repays the debt first")],
  "1.6.2": [day("dishes, a card, a confirmation")],
  "1.6.3": [day("a teacher confirms a breakfast"), [scenarios + "05-orders.txt", "the tariff of the service date is charged"]],
  "2.1": [steps(terms), steps("papers are asked for only where the regulation asks"), regulation(papers)],
  "2.2": [regulation("R3.4, R3.6:"), regulation(papers)],
  "2.3": [regulation(made), regulation(again), regulation("P2.6, P2.3:"), leaving("a mover takes everything along")],
  "2.4": [regulation(again), browser(end)],
  "2.5": [regulation(again), steps("a first card, a duplicate and one in place of a badly made one are free"), browser(end)],
  "2.6": [regulation(made), regulation("P2.6, P2.3:")],
  "3.1": [day("a note fed at the kiosk"), [parent + "journeys.slow.test.ts", "without scripts a top-up by number is paid"]],
  "3.2": [
    money("from main to additional goes only what is there"),
    [scenarios + "02-credit.txt", "two amounts of one payment go to two purses"],
    browser(astray),
  ],
  "3.3": [
    kiosk("a tapped card: given name and initial, a purse, a note, a receipt"),
    kiosk("the purse is chosen before each note"),
    ["simulators/devices/ccnet.test.ts", "a note outside the mask is rejected"],
    [office + "claims/claims.slow.test.ts", "a note without a payee is found by the code on its paper"],
    [office + "claims/claims.slow.test.ts", "what was credited to the wrong child is moved"],
    browser(astray),
  ],
  "4.1": [
    till("tap, name, confirm, sold: the paper has number, dishes, prices and both purses"),
    till("cash is sold with the gateway away"),
    regulation("P4.1:"),
    ["gateway/portrait-feed.test.ts", "a confirmed face comes to the gateway"],
    ["gateway/portraits.test.ts", "a face goes out in pieces"],
    example("the main purse does not pay the buffet"),
  ],
  "4.2": [["firmware/information.test.ts", "a teacher's card opens the class"], day("a teacher confirms a breakfast")],
  "4.2.1": [
    example("a meal takes from the additional purse what the main one lacks"),
    example("the first meal without money leaves a debt"),
    example("a second meal would pass the limit"),
  ],
  "4.2.2": [example("the main purse does not pay the buffet"), [scenarios + "08-refusals.txt", "19 insufficient_funds"]],
  "4.2.3": [
    example("a meal that reaches the limit to the kopeck is served and blocks"),
    example("cash to the additional purse repays debt first and unblocks"),
    [scenarios + "02-credit.txt", "debt is repaid from a credit to either purse"],
  ],
  "4.3": "advice on how to handle a card",
  "5.1": [
    people("who leaves pays the debt first, hands in the card"),
    regulation("R8, P5.1:"),
    money("what is left on leaving is paid within 20 working days"),
    leaving("nothing is charged when the costs eat the refund"),
    browser(left),
  ],
  "5.2": [leaving("a closing account takes credits, spends nothing, and ends with a refund")],
  "5.3": [
    people("a new year makes every class a year older, and nobody's balance smaller"),
    leaving("a mover takes everything along"),
    browser("P5.3:"),
  ],
  "6.1": [[office + "letters/letters.slow.test.ts", complaint], written],
};

const REGULATION: Record<string, Clause> = {
  "1.1": "says what the document is about",
  "1.2": definition,
  "1.3": [regulation(made)],
  "1.4": [regulation("R1.4, R3.3, R3.5:"), regulation(papers)],
  "1.5": "addresses of the operator",
  "1.5.1": [regulation("R4.5:")],
  "1.5.2": "a notice on the school's wall",
  "1.6": definition,
  "2.1": "the name of the service",
  "2.2": [regulation(made), ["cloud/web/office/office.slow.test.ts", "every route refuses the "]],
  "2.3": [browser(walk)],
  "2.4": [steps(terms), regulation("R4.3.4, R4.3.6:")],
  "2.5": "laws that hold without being named",
  "3.1": [regulation(papers), browser(walk)],
  "3.2": [regulation(papers), steps("papers are asked for only")],
  "3.3": [regulation("R1.4, R3.3, R3.5:"), regulation("appendices 1, 3, 4 and 5")],
  "3.4": [regulation("R3.4: a day is agreed"), regulation("R3.4, R3.6:"), regulation("appendices 1, 3, 4 and 5"), browser(walk)],
  "3.5": [regulation("R1.4, R3.3, R3.5:")],
  "3.6": [regulation("R3.4, R3.6:")],
  "3.7": [regulation("R3.7:"), browser(walk)],
  "3.8": [regulation(again), steps("a first card, a duplicate")],
  "3.9": [steps("papers are asked for only where the regulation asks")],
  "3.10": "in which language documents are written",
  "3.11": [regulation("R4.3.4, R4.3.6:"), steps(terms), browser(walk)],
  "4.1": [steps("a first card goes by the school"), browser(walk)],
  "4.2": [steps("a first card goes by the school")],
  "4.3": [regulation("R4.3.4, R4.3.6:")],
  "4.3.1": [regulation(papers)],
  "4.3.2": [regulation("R4.3.4, R4.3.6:"), regulation("appendices 1, 3, 4 and 5")],
  "4.3.3": [steps("a first card goes by the school"), regulation("R3.4, R3.6:")],
  "4.3.4": [regulation("R4.3.4, R4.3.6:"), browser(end)],
  "4.3.6": [regulation("R4.3.4, R4.3.6:"), steps(terms), browser(end)],
  "4.4": [regulation(made), browser(walk)],
  "4.4.1": [steps(terms), regulation("R4.3.4, R4.3.6:")],
  "4.4.2": [
    ["tools/card-desk/make.test.ts", "a new MIFARE gets the first ticket and its own keys in every sector"],
    [cards + "desk.slow.test.ts", "a card that was made is the school's, once"],
    ["tools/card-desk/desk-page.slow.test.ts", "two first cards: begun on the page"],
  ],
  "4.4.3": [
    ["cloud/office/cards/portrait.test.ts", "whatever comes in, a card's portrait comes out"],
    people("who leaves pays the debt first"),
  ],
  "4.4.4": [
    ["tools/card-desk/make.test.ts", "a copy is refused whatever it can do"],
    [cards + "desk.slow.test.ts", "the desk hears of a card when a page has begun it"],
  ],
  "4.5": [regulation("R4.5:")],
  "4.6": [regulation(made), steps(terms), regulation("appendices 1, 3, 4 and 5")],
  "4.7": [regulation(made), browser(walk)],
  "5.1": [regulation(again), regulation("P2.6, P2.3:"), steps("papers are asked for only"), browser(end), browser(renamed)],
  "5.2": [regulation(again), browser(end)],
  "5.3": [regulation(again), browser(end)],
  "5.4": [regulation(again), regulation("appendices 1, 3, 4 and 5"), browser(end)],
  "6.1": [regulation("R6.1–R6.5:"), browser(end)],
  "6.2": [regulation("R6.1–R6.5:"), browser(end)],
  "6.3": [regulation("R6.1–R6.5:"), browser(end)],
  "6.4": [regulation("R6.1–R6.5:")],
  "6.5": [regulation("R6.1–R6.5:")],
  "7.1": [regulation("R7:"), steps("a first card, a duplicate"), browser(renamed)],
  "7.2": [regulation("R7:"), regulation("appendices 1, 3, 4 and 5"), browser(renamed)],
  "7.3": [regulation("R7:"), browser(renamed)],
  "7.4": [regulation("R7:"), browser(renamed)],
  "7.5": "who answers for duplicates at the school",
  "8.1": [regulation("R8, P5.1:"), people("who leaves pays the debt first"), browser(left)],
  "8.2": [regulation("R8, P5.1:"), regulation("appendices 1, 3, 4 and 5"), browser(left)],
  "8.3": [regulation("R8, P5.1:")],
  "9.1": [[office + "letters/letters.slow.test.ts", complaint], written],
  "9.2": [[office + "letters/letters.slow.test.ts", complaint]],
  "9.3": "what a complaint says of its writer",
  "9.4": [[office + "letters/letters.slow.test.ts", complaint]],
  "appendix 1": [regulation("appendices 1, 3, 4 and 5")],
  "appendix 2": [steps("a first card goes by the school")],
  "appendix 3": [regulation("appendices 1, 3, 4 and 5")],
  "appendix 4": [regulation("appendices 1, 3, 4 and 5")],
  "appendix 5": [regulation("appendices 1, 3, 4 and 5")],
};

/** How many clauses each chapter has, and how many of them are divided on. R4.3 skips its fifth part. */
const numbered = (chapters: readonly number[], parts: Record<string, readonly number[]>): string[] =>
  chapters.flatMap((count, at) =>
    Array.from({ length: count }, (_, index) => at + 1 + "." + (index + 1)).flatMap((clause) => [
      clause,
      ...(parts[clause] ?? []).map((part) => clause + "." + part),
    ]),
  );
const RULES_NUMBERS = numbered([6, 6, 3, 3, 3, 1], { "1.6": [1, 2, 3], "4.2": [1, 2, 3] });
const REGULATION_NUMBERS = [
  ...numbered([6, 5, 11, 7, 4, 5, 5, 3, 4], { "1.5": [1, 2], "4.3": [1, 2, 3, 4, 6], "4.4": [1, 2, 3, 4] }),
  ...[1, 2, 3, 4, 5].map((number) => "appendix " + number),
];

test("every clause of both documents is walked by a test, or is words on paper", (t) => {
  t.deepEqual(Object.keys(RULES), RULES_NUMBERS);
  t.deepEqual(Object.keys(REGULATION), REGULATION_NUMBERS);
  for (const clause of [...Object.values(RULES), ...Object.values(REGULATION)]) t.true(clause.length > 0);
});

test("every test that a clause leans on is there under that title", (t) => {
  const files = new Map<string, string>();
  const missing: string[] = [];
  for (const [clause, walked] of [...Object.entries(RULES), ...Object.entries(REGULATION)]) {
    if (typeof walked === "string") continue;
    for (const [file, title] of walked) {
      const path = join(root, file);
      const text = files.get(file) ?? (existsSync(path) ? readFileSync(path, "utf8") : "");
      files.set(file, text);
      const named = file.endsWith(".txt") ? "scenario: " + title : '"' + title;
      if (!text.includes(named)) missing.push(clause + ": " + file + " has no test that begins with: " + title);
    }
  }
  t.deepEqual(missing, []);
});
