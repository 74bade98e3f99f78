/** What every store must keep, as tests: run by memory.test.ts and postgres.slow.test.ts against their own. */
import type { TestFn } from "ava";
import type { BusinessDate, OperationId } from "@trapeza/protocol";
import * as account from "../ledger/accounts.js";
import { credit, debit } from "../ledger/posting.js";
import type { LedgerTransaction, Posting } from "../ledger/posting.js";
import { testNotices } from "../notices/_contract.test.js";
import { testPayments } from "../payments/_contract.test.js";
import { testPeople } from "../people/_contract.test.js";
import { testStatements } from "../statements/_contract.test.js";
import type { Batch, Store } from "./store.js";

const day = (date: number) => date as BusinessDate;
const bytes = (fill: number, length = 32) => new Uint8Array(length).fill(fill);

function operation(n: number): OperationId {
  return { terminal: 3 as OperationId["terminal"], incarnation: 1, n, part: 0 };
}

function transaction(index: number, postings: Posting[], from: Partial<LedgerTransaction> = {}): LedgerTransaction {
  return { epoch: 1, index, date: day(100), atMs: 1000 + index, kind: "TopUpCredited", operation: operation(index), postings, ...from };
}

function note(index: number, amount: number, from: Partial<LedgerTransaction> = {}): LedgerTransaction {
  return transaction(index, [debit(account.kioskCash(3), amount), credit(account.holderMain(7), amount)], from);
}

function batch(school: number, from: number, transactions: LedgerTransaction[], more: Partial<Batch> = {}): Batch {
  const indexes = transactions.map(({ index }) => index);
  return {
    ...{ school, epoch: 1, from, transactions, root: bytes(9), checkpoint: "note " + (from + indexes.length) },
    ...{ findings: [], notices: [], directives: [] },
    entries: indexes.map((index) => ({ epoch: 1, index, bytes: bytes(index, 20), leaf: bytes(index) })),
    accountEntries: transactions.map(({ index, date }) => ({ account: 7, index, date })),
    ...more,
  };
}

/** `open` gives a store that is empty for the school numbers of one test; `name` tells the two runs apart. */
export function testStore(test: TestFn, name: string, open: () => Promise<{ store: Store; school: number }>): void {
  const opened = async () => {
    const { store, school } = await open();
    await store.addSchool({ id: school, label: "School" });
    await store.addGateway({ id: "g" + school, school, key: bytes(1) });
    return { store, school };
  };
  testJournal(test, name, opened);
  testTails(test, name, opened);
  testMoves(test, name, opened);
  testReplacement(test, name, opened);
  testLedger(test, name, opened);
  testPeople(test, name, opened);
  testNotices(test, name, opened);
  testStatements(test, name, opened);
  testPayments(test, name, opened);
}

type Open = () => Promise<{ store: Store; school: number }>;

function testReplacement(test: TestFn, name: string, opened: Open): void {
  test(name + ": a code opens one epoch, for one key, and only in time", async (t) => {
    const { store, school } = await opened();
    const [codeHash, old] = [school, school + 1].map((fill) => (fill & 255).toString(16).padStart(2, "0").repeat(32));
    const row = { codeHash, school, expiresMs: 1000 };
    await store.addEnrolment(row);
    await store.addEnrolment({ ...row, codeHash: old });
    t.deepEqual(await store.enrolment(codeHash), row);
    t.is(await store.enrolment("f".repeat(64)), null);
    const gateway = { id: "n" + school, key: bytes(2) };
    t.is(await store.takeEnrolment(old, gateway, 1000), "expired");
    const first = await store.takeEnrolment(codeHash, gateway, 999);
    t.like(first, { id: "n" + school, school, epoch: 2, size: 0, lastRequest: -1 });
    t.deepEqual(await store.takeEnrolment(codeHash, gateway, 5000), first);
    t.is(await store.takeEnrolment(codeHash, { ...gateway, key: bytes(3) }, 999), "used");
    t.is((await store.gateways(school)).length, 2);
    t.false(await store.append(batch(school, 0, [note(0, 500)])), "the epoch before is closed");
    t.is((await store.entries(school, 1, 0, 10)).length, 0);
  });

  test(name + ": what is salvaged follows on what a closed epoch held", async (t) => {
    const { store, school } = await opened();
    await store.append(batch(school, 0, [note(0, 500), note(1, 700)]));
    const row = (index: number) => ({ epoch: 1, index, bytes: bytes(index, 20), leaf: bytes(index) });
    t.false(await store.addSalvage(school, 1, [row(1)]));
    t.true(await store.addSalvage(school, 1, [row(2), row(3)]));
    t.false(await store.addSalvage(school, 1, [row(3)]));
    t.true(await store.addSalvage(school, 1, [row(4)]));
    t.true(await store.addSalvage(school, 1, []));
    t.deepEqual(await store.salvage(school, 1), [2, 3, 4].map(row));
    t.is((await store.entries(school, 1, 0, 10)).length, 2);
  });
}

function testTails(test: TestFn, name: string, opened: Open): void {
  test(
    name + ": a tail is accepted and told of as far as somebody said, never less than before, never told further than accepted",
    async (t) => {
      const { store, school } = await opened();
      t.deepEqual(await store.tails(school), []);
      await store.acceptTail(school, 1, 7);
      await store.acceptTail(school, 1, 5);
      t.deepEqual(await store.tails(school), [{ epoch: 1, accepted: 7, told: 0 }]);
      await store.tailTold(school, 1, 9);
      t.deepEqual(await store.tails(school), [{ epoch: 1, accepted: 7, told: 7 }]);
      await store.acceptTail(school, 1, 8);
      await store.tailTold(school, 1, 6);
      t.deepEqual(await store.tails(school), [{ epoch: 1, accepted: 8, told: 7 }]);
    },
  );
}

function testMoves(test: TestFn, name: string, opened: Open): void {
  const two = async () => {
    const { store, school } = await opened();
    const other = school + 100_000;
    await store.addSchool({ id: other, label: "The other" });
    return { store, school, other };
  };

  test(name + ": the last of an account's moves is known, each epoch of it once, at both of its schools", async (t) => {
    const { store, school, other } = await two();
    const move = { school, account: 7, epoch: 1, toSchool: other, toAccount: 3, askedOn: day(100) };
    t.is(await store.lastMove(school, 7), null);
    await store.addMove(move);
    await store.addMove({ ...move, epoch: 3, askedOn: day(102) });
    await t.throwsAsync(store.addMove(move));
    t.deepEqual(await store.lastMove(school, 7), { ...move, epoch: 3, askedOn: day(102) });
    for (const one of [school, other]) t.deepEqual((await store.moves(one)).map(({ epoch }) => epoch), [3, 1]); // prettier-ignore
  });

  test(name + ": what follows from an upload waits in that school's outbox, or the upload is not stored", async (t) => {
    const { store, school, other } = await two();
    const told = { school: other, reference: "move/" + school, directive: { kind: "Close" as const, account: 3 } };
    t.true(await store.append(batch(school, 0, [note(0, 500)], { directives: [told] })));
    t.is((await store.waitingDirectives(other, 10)).length, 1);
    t.is((await store.waitingDirectives(school, 10)).length, 0);
  });
}

function testJournal(test: TestFn, name: string, opened: Open): void {
  test(name + ": a school is registered once, its gateways in rising epochs", async (t) => {
    const { store, school } = await opened();
    await t.throwsAsync(store.addSchool({ id: school, label: "again" }), { message: /is registered already/ });
    const second = await store.addGateway({ id: "h" + school, school, key: bytes(2) });
    t.is(second.epoch, 2);
    t.deepEqual((await store.gateways(school)).map(({ id, epoch }) => [id, epoch]), [["g" + school, 1], ["h" + school, 2]]); // prettier-ignore
    t.deepEqual(await store.gateway("h" + school, 2), second);
    t.is(await store.gateway("h" + school, 1), null);
  });

  test(name + ": a request number is taken once and only upwards", async (t) => {
    const { store, school } = await opened();
    const taken = [];
    for (const number of [5, 5, 4, 1000000]) taken.push(await store.takeRequestNumber("g" + school, 1, number));
    t.deepEqual(taken, [{ living: 1 }, null, null, { living: 1 }]);
    t.is(await store.takeRequestNumber("nobody", 1, 7), null);
    await store.addGateway({ id: "next" + school, school, key: new Uint8Array(32).fill(9) });
    t.deepEqual(await store.takeRequestNumber("g" + school, 1, 1000001), { living: 2 }, "and who asks learns which epoch lives");
  });

  test(name + ": a batch is read back as it was written", async (t) => {
    const { store, school } = await opened();
    t.true(await store.append(batch(school, 0, [note(0, 500), note(1, 700, { date: day(102) })])));
    t.deepEqual(await store.entries(school, 1, 1, 10), [{ epoch: 1, index: 1, bytes: bytes(1, 20), leaf: bytes(1) }]);
    t.deepEqual(await store.lastCheckpoint(school, 1), { size: 2, root: bytes(9), note: "note 2" });
    t.true(await store.append(batch(school, 2, [note(2, 500, { date: day(103) })])));
    const sizes = async (size: number, limit: number) => (await store.checkpoints(school, 1, size, limit)).map((row) => row.size);
    t.deepEqual([await sizes(9, 9), await sizes(9, 1), await sizes(2, 9), await sizes(1, 9)], [[3, 2], [3], [2], []]);
    t.deepEqual((await store.entriesOf(school, 7, day(100), day(101))).map(({ index }) => index), [0]); // prettier-ignore
    t.deepEqual((await store.entriesOf(school, 7, day(100), day(102))).map(({ index }) => index), [0, 1]); // prettier-ignore
    t.is((await store.gateway("g" + school, 1))?.size, 3);
  });

  test(name + ": a batch that does not begin where the journal ends changes nothing", async (t) => {
    const { store, school } = await opened();
    t.true(await store.append(batch(school, 0, [note(0, 500)])));
    for (const from of [0, 2]) t.false(await store.append(batch(school, from, [note(from, 500, { operation: null })])));
    t.is((await store.entries(school, 1, 0, 10)).length, 1);
    t.deepEqual(await store.balances(school, [account.holderMain(7)]), new Map([[account.holderMain(7), -500]]));
  });

  test(name + ": a finding stays beside its entry", async (t) => {
    const { store, school } = await opened();
    const findings = [{ epoch: 1, index: 0, what: "main is 5, the rules give 6" }];
    await store.append(batch(school, 0, [note(0, 500)], { findings }));
    t.deepEqual(await store.findings(school), findings);
  });

  test(name + ": directives are numbered without a gap", async (t) => {
    const { store, school } = await opened();
    const row = (number: number) => ({ number, bytes: bytes(number, 18), leaf: bytes(number) });
    t.is(await store.directiveCount(school), 0);
    t.true(await store.addDirectives(school, 0, [row(0), row(1)]));
    t.false(await store.addDirectives(school, 1, [row(1)]));
    t.is(await store.directiveCount(school), 2);
    t.deepEqual(await store.directives(school, 1, 5), [row(1)]);
  });
}

function testLedger(test: TestFn, name: string, opened: Open): void {
  test(name + ": balances are sums of postings, all of them or before a date", async (t) => {
    const { store, school } = await opened();
    await store.append(batch(school, 0, [note(0, 500), note(1, 700, { date: day(102) })]));
    const purse = account.holderMain(7);
    t.deepEqual(await store.balances(school), new Map([[account.kioskCash(3), 1200], [purse, -1200]])); // prettier-ignore
    t.deepEqual(await store.balances(school, [purse], day(102)), new Map([[purse, -500]]));
    t.deepEqual(await store.balances(school, [account.holderMain(8)]), new Map());
    const rows = (await store.postings(school, purse)).map(({ transaction: name, amount }) => [name, amount as number]);
    t.deepEqual(rows, [["1/0", -500], ["1/1", -700]]); // prettier-ignore
  });

  test(name + ": turnovers tell debits from credits, kinds apart, of the days asked for", async (t) => {
    const { store, school } = await opened();
    const [box, purse, way] = [account.kioskCash(3), account.holderMain(7), account.cashInTransit];
    const taken = transaction(2, [debit(way, 500), credit(box, 500)], { kind: "CashCollected" });
    await store.append(batch(school, 0, [note(0, 500), note(1, 700), taken, note(3, 900, { date: day(102) })]));
    const told = async (from: number, to: number) =>
      (await store.turnovers(school, day(from), day(to))).map((one) => [one.account, one.kind, one.debit, one.credit]);
    t.deepEqual(await told(100, 101), [
      [way, "CashCollected", 500, 0],
      [box, "CashCollected", 0, 500],
      [box, "TopUpCredited", 1200, 0],
      [purse, "TopUpCredited", 0, 1200],
    ]);
    t.deepEqual(await told(102, 102), [
      [box, "TopUpCredited", 900, 0],
      [purse, "TopUpCredited", 0, 900],
    ]);
    t.deepEqual(await told(103, 200), []);
    t.true((await store.turnovers(school, day(100), day(102))).every(({ isEntry }) => isEntry));
  });

  test(name + ": what is not balanced is refused, and nothing of its batch stays", async (t) => {
    const { store, school } = await opened();
    const lopsided = transaction(1, [debit(account.kioskCash(3), 500), credit(account.holderMain(7), 499)]);
    await t.throwsAsync(store.append(batch(school, 0, [note(0, 500), lopsided])), { message: /sum to zero/ });
    await t.throwsAsync(store.append(batch(school, 0, [transaction(0, [])])), { message: /at least two postings/ });
    const empty = [debit(account.kioskCash(3), 0), credit(account.holderMain(7), 0)];
    await t.throwsAsync(store.append(batch(school, 0, [transaction(0, empty)])), { message: /moves money/ });
    t.is((await store.entries(school, 1, 0, 10)).length, 0);
    t.is((await store.balances(school)).size, 0);
  });

  test(name + ": an operation is posted once, in whatever epoch", async (t) => {
    const { store, school } = await opened();
    await store.append(batch(school, 0, [note(0, 500)]));
    t.deepEqual(await store.postedOperations(school, [operation(0), operation(1)]), [operation(0)]);
    t.deepEqual(await store.entryOf(school, operation(0)), { epoch: 1, index: 0, bytes: bytes(0, 20), leaf: bytes(0) });
    t.is(await store.entryOf(school, operation(1)), null);
    const again = batch(school, 1, [note(1, 500, { operation: operation(0) })]);
    await t.throwsAsync(store.append(again), { message: /an operation is posted once/ });
    t.is((await store.entries(school, 1, 0, 10)).length, 1);
  });
}
