import test from "ava";
import { REASONS } from "@trapeza/protocol";
import type { AccountNumber, Directive, DirectiveOf, Kopecks } from "@trapeza/protocol";
import {
  DIRECTIVES,
  KIOSK,
  PUPIL,
  SCHOOL,
  TEACHER_CARD,
  TODAY,
  WALL,
  createTestGateway,
  createTestSchool,
  gatewayKey,
} from "./_gateway.test.js";
import type { TestGateway } from "./_gateway.test.js";
import type { Cloud } from "./cloud.js";
import { clearing, holderAdditional, holderMain } from "./ledger/accounts.js";
import type { LedgerAccount } from "./ledger/posting.js";
import { directiveIn } from "./underway.js";

const OTHER = 25;
/** The child's account at the other school. */
const NEW = 3;
const [NUMBER, NOBODY] = ["0000000018", "0000000026"] as AccountNumber[];
const MOVE = { school: SCHOOL, account: PUPIL, epoch: 1, toSchool: OTHER, toAccount: NEW, askedOn: TODAY };
const OUT: Directive = { kind: "MoveOut", account: PUPIL, toSchool: OTHER, epoch: 1 };

const pupil = DIRECTIVES.find(({ kind }) => kind === "SetAccount") as DirectiveOf<"SetAccount">;
const awaited: DirectiveOf<"SetAccount"> = { ...pupil, id: NEW, status: "arriving" };

/** Two schools and one cloud that forgets everything but its database whenever it is told to. */
async function twoSchools() {
  const { cloud, gateway, restart } = await createTestSchool();
  await cloud.registerSchool({ id: OTHER, label: "25" });
  const other = createTestGateway(await cloud.registerGateway({ id: "g25", school: OTHER, key: gatewayKey(1) }));
  other.openDay(TODAY);
  other.direct(...DIRECTIVES.filter((one) => one.kind !== "SetAccount" && !(one.kind === "SetCard" && one.account !== null)));
  const heard = new Map<TestGateway, number>();
  const world = {
    ...{ cloud, gateway, other },
    sent: new Map<TestGateway, number>(),
    restart: async () => void (world.cloud = await restart()),
    /** Uploads what is new, `at` entries a time, each twice: the first answer is lost. */
    async send(one: TestGateway, at = 1000): Promise<void> {
      for (let from = world.sent.get(one) ?? 0; from < one.entries.length; from += at) {
        const upload = one.upload(from, Math.min(from + at, one.entries.length));
        for (let twice = 0; twice < 2; twice++) {
          const answer = await world.cloud.intake.receive(one.row, upload);
          if (answer.kind !== "Stored") throw new Error(JSON.stringify(answer));
        }
      }
      world.sent.set(one, one.entries.length);
      await world.cloud.payments.tick();
    },
    /** Applies whatever the cloud has told since. */
    async listen(one: TestGateway): Promise<Directive[]> {
      const from = heard.get(one) ?? 0;
      const told = (await world.cloud.directives.page(one.row.school, from)).entries.map((entry) => directiveIn(entry) as Directive);
      heard.set(one, from + told.length);
      one.direct(...told);
      return told;
    },
  };
  return world;
}

async function sums(cloud: Cloud, school: number, accounts: readonly LedgerAccount[]): Promise<number[]> {
  const balances = await cloud.store.balances(school, accounts);
  return accounts.map((account) => balances.get(account) ?? 0);
}

const breakfast = { kind: "MealConfirm", uid: TEACHER_CARD, class: 3, meal: 1, date: TODAY, ids: [PUPIL], admitted: [] } as const;

for (const [title, at] of [
  ["whole", 1000],
  ["one entry at a time", 1],
] as const)
  // prettier-ignore
  test("a child's balance, debt and today's breakfast go to the new school once, when journals are sent " + title, async (t) => {
    const world = await twoSchools();
    const { gateway, other } = world;
    await world.cloud.store.addMove(MOVE);
    // 10 roubles for a breakfast of 49.61: the rest is debt to the caterer of the old school.
    gateway.direct({ kind: "OpeningBalance", account: PUPIL, main: 1000 as Kopecks, additional: 0 as Kopecks });
    gateway.ask(WALL, breakfast);
    other.direct(awaited);
    await world.send(other, at);
    gateway.direct(OUT);
    await world.send(gateway, at);
    await world.restart();
    // Days later: the old school has sent everything again and again, the new one asks for the first time.
    await world.send(gateway, at);
    const told = await world.listen(other);
    t.deepEqual(told.map(({ kind }) => kind), ["MoveIn"]); // prettier-ignore
    t.like(told[0], { account: NEW, fromSchool: SCHOOL, epoch: 1, luggage: { main: -3961, debts: [{ caterer: 1, amount: 3961 }] } });
    await world.send(other, at);
    await world.restart();
    t.deepEqual(await world.listen(other), []);
    t.like(other.school.accounts.get(NEW), { main: -3961, additional: 0, status: "open" });
    t.like(other.ask(WALL, { ...breakfast, ids: [NEW] })[0], { kind: "MealRefused", reason: REASONS.already_served });
    t.deepEqual(await sums(world.cloud, SCHOOL, [holderMain(PUPIL), clearing(OTHER)]), [0, 3961]);
    t.deepEqual(await sums(world.cloud, OTHER, [holderMain(NEW), clearing(OTHER)]), [3961, -3961]);
    for (const school of [SCHOOL, OTHER]) {
      t.deepEqual(await world.cloud.verifyLedger(school), []);
      t.deepEqual(await world.cloud.store.findings(school), []);
    }
  });

test("what comes late to an account that has gone is packed again and follows", async (t) => {
  const world = await twoSchools();
  const { gateway, other } = world;
  await world.cloud.store.addMove(MOVE);
  gateway.direct({ kind: "OpeningBalance", account: PUPIL, main: 1000 as Kopecks, additional: 0 as Kopecks }, OUT);
  other.direct(awaited);
  await world.send(gateway);
  await world.send(other);
  // The class teacher's paper of that morning is typed in after the child has gone.
  const { admitted: _, ...eaten } = breakfast;
  gateway.fact(WALL, { ...eaten, kind: "MealEaten", basis: "paper" });
  t.is(gateway.school.accounts.get(PUPIL)?.main as number, -4961);
  await world.send(gateway);
  t.deepEqual((await world.listen(gateway)).map(({ kind }) => kind), ["MoveOut"]); // prettier-ignore
  await world.send(gateway);
  t.deepEqual((await world.listen(gateway)).map(({ kind }) => kind), []); // prettier-ignore
  t.deepEqual((await world.listen(other)).map(({ kind }) => kind), ["MoveIn", "MoveIn"]); // prettier-ignore
  await world.send(other);
  t.is(other.school.accounts.get(NEW)?.main as number, 1000 - 4961);
  t.deepEqual(await sums(world.cloud, SCHOOL, [holderMain(PUPIL), clearing(OTHER)]), [0, 3961]);
  t.deepEqual(await sums(world.cloud, OTHER, [holderMain(NEW), clearing(OTHER)]), [3961, -3961]);
});

test("a balance that nobody waits for, or that the new school does not take, is a finding", async (t) => {
  const world = await twoSchools();
  const { gateway, other } = world;
  gateway.direct(OUT);
  await world.send(gateway);
  t.regex((await world.cloud.store.findings(SCHOOL))[0].what, /^account 7 moved to school 25, where nobody waits for it$/);
  const luggage = { main: 0, additional: 0, debts: [], served: [], spentDate: TODAY, spent: 0 };
  other.direct({ kind: "MoveIn", account: 77, fromSchool: SCHOOL, epoch: 1, luggage } as never);
  await world.send(other);
  t.regex((await world.cloud.store.findings(OTHER))[0].what, /^the balance that account 77 had at school 24 was not taken$/);
});

test("a child who comes back, and goes again, takes the balance along each time", async (t) => {
  const world = await twoSchools();
  const { gateway, other } = world;
  const { store } = world.cloud;
  gateway.direct({ kind: "OpeningBalance", account: PUPIL, main: 1000 as Kopecks, additional: 500 as Kopecks });
  const back = { school: OTHER, account: NEW, toSchool: SCHOOL, toAccount: PUPIL, askedOn: TODAY };
  const there = [gateway, other, MOVE, awaited] as const;
  const legs = [there, [other, gateway, back, { ...awaited, id: PUPIL }], there] as const;
  for (const [i, [from, to, move, arriving]] of legs.entries()) {
    const epoch = i + 1;
    await store.addMove({ ...move, epoch });
    to.direct(arriving);
    await world.send(to);
    from.direct({ ...OUT, account: move.account, toSchool: move.toSchool, epoch });
    await world.send(from);
    t.deepEqual((await world.listen(to)).map(({ kind }) => kind), ["MoveIn"]); // prettier-ignore
    await world.send(to);
    const purses = to.school.accounts.get(move.toAccount);
    t.deepEqual([purses?.main, purses?.additional, purses?.status], [1000, 500, "open"] as never);
  }
  for (const school of [SCHOOL, OTHER]) t.deepEqual(await world.cloud.verifyLedger(school), []);
});

test("a note for a child of another school is put into its purse there, once; one for nobody waits in suspense", async (t) => {
  const world = await twoSchools();
  const { gateway, other } = world;
  gateway.direct({ ...pupil, number: NUMBER });
  await world.send(gateway);
  const note = { kind: "NoteStacked", purse: "additional", visit: 1, happenedMs: null } as const;
  other.fact(KIOSK, { ...note, payee: { kind: "number", number: NUMBER }, note: 10000 as Kopecks });
  other.fact(KIOSK, { ...note, payee: { kind: "number", number: NOBODY }, note: 5000 as Kopecks });
  await world.send(other, 1);
  await world.restart();
  const told = await world.listen(gateway);
  t.is(told.length, 1);
  t.like(told[0], { kind: "TopUp", account: PUPIL, main: 0, additional: 10000, source: "foreign" });
  await world.send(gateway);
  t.deepEqual(await sums(world.cloud, OTHER, [clearing(SCHOOL), "suspense/claims" as LedgerAccount]), [-10000, -5000]);
  t.deepEqual(await sums(world.cloud, SCHOOL, [clearing(SCHOOL), holderAdditional(PUPIL)]), [10000, -10000]);
  t.deepEqual(await world.listen(other), []);
});
