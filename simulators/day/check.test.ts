import test from "ava";
import type { EntryRow } from "@trapeza/cloud";
import type { Event } from "@trapeza/protocol";
import type { Receipt } from "../devices/escpos.js";
import { createRandom } from "../random.js";
import { directivesFor, inventSchool, KIOSK } from "../school/school.js";
import type { Terminal } from "../terminal.js";
import { createWorld, type World } from "../world.js";
import { createChecker } from "./check.js";
import { checkPaper } from "./paper.js";
import { createTally } from "./tally.js";

const LEAF = "00112233445566778899aabbccddeeff";

function paper(...lines: string[]): Receipt {
  return {
    columns: 32,
    lines: lines.map((line) =>
      line.startsWith("TRAPEZA")
        ? { kind: "qr", data: new Uint8Array(Buffer.from(line, "latin1")), dots: 5, align: "center" }
        : { kind: "text", spans: [{ text: line, bold: false, width: 1, height: 1 }], align: "left" },
    ),
  };
}

/** A journal of one sale, receipt 7 over 34.50, as far as a paper asks for it. */
function oneSale(): { tally: ReturnType<typeof createTally>; entries: EntryRow[] } {
  const tally = createTally();
  const sold = { seq: 0, body: { kind: "CashSold", receipt: 7, total: 3450 } } as unknown as Event;
  tally.events.push(sold);
  tally.journals.set(1, [sold]);
  const leaf = new Uint8Array(Buffer.from(LEAF.repeat(2), "hex"));
  return { tally, entries: [{ epoch: 1, index: 0, bytes: new Uint8Array(0), leaf }] };
}

const GOOD = ["Чек №24-000007", "Итого, р.                  34,50", `TRAPEZA 24-000007 1/0 ${LEAF}`];

const papers: readonly (readonly [title: string, lines: readonly string[], found: RegExp | null])[] = [
  ["a receipt that the journal knows", GOOD, null],
  ["the torn head of another receipt stands above it", ["Чек №24-000099", "Итого, р.                   1,00", ...GOOD], null],
  [
    "a torn head stands above a saved operation",
    [...GOOD.slice(0, 1), "Чек 2-1-4-9", "Итого, р.                   1,00"],
    /operation 2-1-4/,
  ],
  [
    "the torn head of a receipt stands above the paper of a shift",
    [GOOD[0], "Школа №24", "Смена 18: Z", "Чеки: 24-000001"],
    /shift 18 was never closed/,
  ],
  ["a sum that was not sold", [GOOD[0], "Итого, р.                  35,50", GOOD[2]], /3550 on paper, 3450 sold/],
  ["a receipt that was never sold", ["Чек №24-000008", GOOD[1], GOOD[2]], /receipt 000008 was never sold/],
  ["a leaf of another journal", [GOOD[0], GOOD[1], GOOD[2].replace("00112233", "ff112233")], /entry 0 has another leaf/],
  ["a place behind the journal's end", [GOOD[0], GOOD[1], GOOD[2].replace("1/0", "1/5")], /there is no entry 5/],
  ["a void of a receipt that stands", ["Возврат по чеку №24-000007", GOOD[1]], /receipt 000007 was never voided/],
  [
    "a visit that brought no money",
    ["Чек                       1-1001", "Итого, р.                  50,00"],
    /5000 on paper, 0 in the journal/,
  ],
  ["a saved operation that never arrived", ["Чек 2-1-4-9", GOOD[1]], /no event came of operation 2-1-4/],
  ["a paper without anything to look up", ["Спасибо"], /nothing that could be looked up/],
];

for (const [title, lines, found] of papers) {
  test(`on paper: ${title}`, (t) => {
    const { tally, entries } = oneSale();
    const said = checkPaper(paper(...lines), tally, entries).join("; ");
    if (found === null) t.is(said, "");
    else t.regex(said, found);
  });
}

async function quietWorld(): Promise<World> {
  const school = inventSchool(createRandom(24));
  const date = 20_697;
  const world = await createWorld({
    ...{ seed: 1, startMs: date * 86_400_000 + 14_400_000, schoolNumber: 24 },
    directives: directivesFor(school, (date - 40) as Parameters<typeof directivesFor>[1]),
    terminals: [{ id: KIOSK, kind: "payment" }],
  });
  await world.run(70_000);
  return world;
}

/** The same world with other notes in the kiosk's cassette. */
function withNotes(world: World, ...cassette: number[]): World {
  const kiosk = world.terminals.get(KIOSK) as Terminal;
  const acceptor = { ...kiosk.acceptor, truth: () => ({ cassette, returned: [], collected: [] }) };
  return { ...world, terminals: new Map([[KIOSK as number, { ...kiosk, acceptor } as Terminal]]) };
}

test("a quiet morning breaks no law; a note that nobody wrote down does, and so does a complaint of a board", async (t) => {
  const world = await quietWorld();
  const calm = createChecker(world, 24, false);
  await calm.close();
  t.deepEqual(calm.violations, []);
  const robbed = createChecker(withNotes(world, 5000), 24, false);
  await robbed.close();
  t.is(robbed.violations.length, 1);
  t.regex(robbed.violations[0], /^2026-09-01 07:01:10 1 notes of 5000 kopecks lie in the cassettes, only 0 are accounted for$/);
  const crashed = createChecker({ ...world, complaints: ["terminal 1: Uncaught Error"] }, 24, true);
  await crashed.look();
  t.regex(crashed.violations.join(), /terminal 1: Uncaught Error/);
  const talked = createChecker({ ...world, lines: [`sold to ${[...world.school.accounts.values()][0].name}`] }, 24, true);
  await talked.look();
  t.regex(talked.violations.join(), /a name stands in the log: sold to/);
  const warned = 'gateway: no directives {"failures":1,"what":"the disk did not take them"}';
  for (const [hasFaults, count] of [
    [true, 0],
    [false, 1],
  ] as const) {
    const refused = createChecker({ ...world, complaints: [warned] }, 24, hasFaults);
    await refused.look();
    t.is(refused.violations.length, count, "a disk that fails explains it, a day without faults does not");
  }
});

test("an operation still in a terminal's flash, a silent terminal and a rouble out of nowhere are found", async (t) => {
  const world = await quietWorld();
  const late = createChecker({ ...world, statuses: new Map([[KIOSK as number, { atMs: world.clock.now(), unsent: 2 }]]) }, 24, false);
  await late.close();
  t.regex(late.violations.join(), /terminal 1 still has 2 operations to send/);
  const silent = createChecker({ ...world, statuses: new Map() }, 24, false);
  await silent.close();
  t.regex(silent.violations.join(), /terminal 1 has not been heard of/);
  const purse = world.school.accounts.get(1);
  if (!purse) throw new Error("no account");
  Object.assign(purse, { main: Math.abs(purse.main) + 100 });
  const invented = createChecker(world, 24, false);
  await invented.close();
  t.is(invented.violations.length, 1, invented.violations.join("; "));
  t.regex(invented.violations[0], /account 1: the gateway has/);
});
