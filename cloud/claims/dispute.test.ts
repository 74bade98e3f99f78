import test from "ava";
import { totalOf } from "../ledger/posting.js";
import { workOf } from "./dispute.js";
import type { Dispute, Verdict, Where } from "./dispute.js";

const dispute = (where: Where, more: Partial<Dispute> = {}): Dispute => ({
  ...{ epoch: 1, index: 57, date: 100 as never, atMs: 0, code: "1-3-57-2", terminal: 1, reference: null, account: null, number: null },
  ...{ main: 10000, additional: 0, where, why: null, ...more },
});
const credit = (school: number, account = 8): Verdict => ({ kind: "credit", school, account, purse: "additional" });

function work(where: Where, verdict: Verdict, more: Partial<Dispute> = {}) {
  const found = workOf(dispute(where, more), 24, verdict, "claim/1");
  if (!found) return null;
  if (totalOf(found.postings) !== 0) throw new Error("not balanced");
  const postings = found.postings.map(({ account, amount }) => account + " " + amount);
  return { postings, school: found.school, directives: found.directives };
}

const topUp = (source: string) => ({ kind: "TopUp", account: 8, main: 0, additional: 10000, source, reference: "claim/1" });
const claim = (purse: string, amount: number) => ({ kind: "Claim", wrong: 7, right: 8, purse, amount, reference: "claim/1" });

test("money in suspense goes to its owner, here by the school's own books, elsewhere by the clearing", (t) => {
  t.deepEqual(work("suspense", credit(24)), { postings: [], school: 24, directives: [topUp("claim")] as never });
  const elsewhere = { postings: ["suspense/claims 10000", "clearing/25 -10000"], school: 25, directives: [topUp("foreign")] as never };
  t.deepEqual(work("suspense", credit(25)), elsewhere);
});

test("a note that nobody saw is found at the kiosk's variance before it is anybody's", (t) => {
  t.deepEqual(work("unproven", credit(24))?.postings, ["variance/1 10000", "suspense/claims -10000"]);
  t.deepEqual(work("unproven", credit(25))?.postings, ["variance/1 10000", "clearing/25 -10000"]);
});

test("what was credited is moved purse by purse, and only within its school", (t) => {
  const here = { account: 7, main: 500, additional: 300 };
  t.deepEqual(work("purse", credit(24), here), {
    postings: [],
    school: 24,
    directives: [claim("main", 500), claim("additional", 300)] as never,
  });
  t.is(work("purse", credit(25), here), null);
  t.is(work("purse", credit(24, 7), here), null, "it is there already");
});

test("a refusal moves nothing, and what lies elsewhere cannot be decided here", (t) => {
  t.deepEqual(work("suspense", { kind: "refuse" }), { postings: [], school: 24, directives: [] });
  t.is(work("elsewhere", credit(24)), null);
});
