import test from "ava";
import fc from "fast-check";
import { sql } from "kysely";
import { kopecks } from "@trapeza/protocol";
import { SCHOOL, TODAY } from "../../../_gateway.test.js";
import { suspenseOf } from "../../../claims/claims-desk.js";
import { USUAL_POLICY } from "../../../payments/quote.js";
import { post } from "../../../settlement/books.js";
import { bankPayeeReturned } from "../../../settlement/postings.js";
import { createTestOffice } from "../_office.test.js";
import type { TestOffice } from "../_office.test.js";
import { openFiles } from "./_files.test.js";
import { MONEY, NEWS, SUM, openWays, providers } from "./_ways.test.js";
import type { Money, News, Ways } from "./_ways.test.js";

/** What a case leaves: sums by account of the ledger, rows that wait for a person, numbers of refusals. */
interface Outcome {
  readonly purse?: number;
  readonly suspense?: number;
  readonly variance?: number;
  readonly list?: readonly string[];
  readonly refused?: readonly number[];
}

const CREDITED: Outcome = { purse: SUM };
const NOTHING_LEFT: Outcome = {};
const waits = (...list: string[]): Outcome => ({ list });

/** A text says why there is no such case. `except`: for some news it is another. */
type Cell = Outcome | string | { readonly usual: Outcome; readonly except: { readonly [news in News]?: Outcome | string } };

const ACQUIRER: Record<Money, Cell> = {
  same: CREDITED,
  less: waits("sum_differs"),
  more: waits("sum_differs"),
  unknown: waits("unknown_order"),
  refunded: NOTHING_LEFT,
  chargedBack: NOTHING_LEFT,
};

const SILENT_FILE = "a file that never comes says nothing; its money stands on the bank's own statement";
const FILE: Record<Money, Cell> = {
  same: { usual: CREDITED, except: { never: SILENT_FILE } },
  less: { usual: { ...CREDITED, ...waits("differs") }, except: { never: { purse: SUM - 100 } } },
  more: { usual: { ...CREDITED, ...waits("differs") }, except: { never: { purse: SUM + 100 } } },
  unknown: { usual: { suspense: SUM, ...waits("unknown_account") }, except: { never: SILENT_FILE } },
  refunded: { usual: waits("not_a_row"), except: { never: SILENT_FILE } },
  chargedBack: { usual: waits("not_a_row"), except: { never: SILENT_FILE } },
};

const NO_WAY_BACK = "a note in the cassette does not go back, and no bank disputes it";
const TABLE: Record<string, Record<Money, Cell>> = {
  "the acquirer's page": ACQUIRER,
  "SBP's code": ACQUIRER,
  "a bound account": ACQUIRER,
  "a network of terminals": {
    same: { usual: CREDITED, except: { never: waits("unknown_order") } },
    // What was said first stands; the same txn_id for another sum is refused.
    less: { usual: { ...CREDITED, ...waits("sum_differs"), refused: [300] }, except: { never: waits("unknown_order") } },
    more: { usual: { ...CREDITED, ...waits("sum_differs"), refused: [300] }, except: { never: waits("unknown_order") } },
    unknown: { usual: { ...waits("unknown_order"), refused: [5] }, except: { never: waits("unknown_order") } },
    refunded: { usual: { ...CREDITED, ...waits("refund_unheard") }, except: { never: waits("unknown_order", "unknown_order") } },
    chargedBack: { usual: { ...CREDITED, ...waits("chargeback_unheard") }, except: { never: waits("unknown_order", "unknown_order") } },
  },
  "a bank's file": FILE,
  "the code on paper": FILE,
  "a kiosk": {
    same: CREDITED,
    less: { ...CREDITED, variance: 100 },
    more: { ...CREDITED, variance: -100 },
    unknown: { suspense: SUM, list: ["claim"] },
    refunded: NO_WAY_BACK,
    chargedBack: NO_WAY_BACK,
  },
};

let all: TestOffice;
let ways: Ways;

test.before(async () => {
  const fees = { card: { basisPoints: 200, atLeast: kopecks(0) } };
  all = await createTestOffice({ providers: [providers.card, providers.sbp], policy: { ...USUAL_POLICY, fees } });
  ways = await openWays(all);
});
test.after.always(async () => {
  await ways?.app.close();
  await all?.close();
});

async function standing() {
  const balances = await all.cloud.store.balances(SCHOOL);
  const of = (start: string) => [...balances].reduce((sum, [name, amount]) => sum + (name.startsWith(start) ? amount : 0), 0);
  const rows = await all.office.database.selectFrom("registryQuestions").select("kind").where("state", "=", "open").orderBy("id").execute();
  const claims = (await suspenseOf(all.office, SCHOOL)).disputes.map(() => "claim");
  const list = [...rows.map(({ kind }) => kind as string), ...claims];
  const [purse, suspense, variance, pending, returned] = ["holder/", "suspense/claims", "variance/", "pending/", "returned/"].map(of);
  const owed = of("acquirer/card") + of("acquirer/sbp");
  return { purse: -purse, suspense: -suspense, variance, list, providers: owed, total: of(""), open: pending === 0 && returned === 0 };
}

/** Rows of the list that were not there before. */
function added(before: readonly string[], now: readonly string[]): string[] {
  const left = [...before];
  return now.filter((kind) => {
    const at = left.indexOf(kind);
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
}

for (const [way, cells] of Object.entries(TABLE)) {
  for (const money of MONEY) {
    test.serial(way + ", " + money + ": credited once, on a work list or refused by a number, whenever it is said", async (t) => {
      const cell = cells[money];
      for (const news of NEWS) {
        const wanted = typeof cell === "object" && "usual" in cell ? (cell.except[news] ?? cell.usual) : cell;
        if (typeof wanted === "string") {
          t.log("no case " + news + ": " + wanted);
          t.pass();
          continue;
        }
        const before = await standing();
        const refused = await ways.play[way](money, news);
        await all.deliver();
        const now = await standing();
        // A bank's file may bring a kopeck of somebody else along.
        const purse = Math.floor((now.purse - before.purse) / 100) * 100;
        const seen = { purse, suspense: now.suspense - before.suspense, variance: now.variance - before.variance };
        const list = added(before.list, now.list);
        t.deepEqual({ ...seen, list, refused }, { purse: 0, suspense: 0, variance: 0, list: [], refused: [], ...wanted }, news);
        t.deepEqual([now.total, now.open], [0, true], news);
      }
    });
  }
}

test.serial("whatever files come, cut short, twice or half followed: every kopeck of them is somewhere, once", async (t) => {
  const names = [
    "begin",
    "pay",
    "refund",
    "callback",
    "registry",
    "cutRegistry",
    "bank",
    "cutBank",
    "deliver",
    "close",
    "believe",
    "settle",
  ];
  const works = fc.array(fc.tuple(fc.constantFrom(...names, "begin", "pay", "pay"), fc.nat(1000)), {
    minLength: 40,
    maxLength: 60,
    size: "max",
  });
  let run = 0;
  const played = async (steps: readonly (readonly [string, number])[]) => {
    const before = await standing();
    const town = openFiles(all, providers, ++run);
    for (const [name, n] of steps) {
      await town.works[name](n);
      const balances = await all.cloud.store.balances(SCHOOL);
      const total = [...balances].reduce((sum, [, amount]) => sum + amount, 0);
      const wrong = [...balances].filter(([account, amount]) => /^(pending|suspense)\//.test(account) && amount > 0);
      if (total !== 0 || wrong.length > 0) throw new Error(name + " leaves " + total + " " + wrong.join());
    }
    await town.drain();
    const now = await standing();
    if (!now.open) throw new Error("money is on its way still");
    const faults = await town.faults();
    if (faults.length > 0) throw new Error(faults.join("; "));
    // Every provider has said all it had to say: it owes us nothing, nor do we owe it.
    if (now.providers !== before.providers) throw new Error("providers are left with " + (now.providers - before.providers));
  };
  await fc.assert(fc.asyncProperty(works, played), { numRuns: 4, seed: 24, endOnFailure: true });
  t.pass();
});

test.serial("no account is a row that everybody waits for: who posts to it while another has not finished is done before", async (t) => {
  const { database } = all.office;
  const bagOf = (n: number) => ({ reference: "hot/" + n, date: TODAY, atMs: n, ...bankPayeeReturned(n) });
  await database.transaction().execute(async (first) => {
    await post(first, SCHOOL, bagOf(1));
    await database.transaction().execute(async (second) => {
      await sql`set local lock_timeout = '3s'`.execute(second);
      await post(second, SCHOOL, bagOf(2));
    });
    t.pass("a second that had to wait would have given up");
  });
});

test.serial("after all of it the books are what the school's journal says", async (t) => {
  t.deepEqual(await all.cloud.verifyLedger(SCHOOL), []);
  t.deepEqual(all.errors, []);
});
