/**
 * A correction never shows a false debt. Each story puts something wrong right through the ledger; its journal is sent entry by entry, and after each entry,
 * and after what we post in between, everything that a family may see is looked at: the purses by the rules and by the ledger, the child's card, the history.
 */
import test from "ava";
import type { ExecutionContext } from "ava";
import { accountNumber, kopecks } from "@trapeza/protocol";
import type { BusinessDate, Directive, DirectiveOf, Purse, Request } from "@trapeza/protocol";
import { CASHIER_CARD, DIRECTIVES, KIOSK, PUPIL, PUPIL_CARD, SCHOOL, TEACHER_CARD, TILL, TODAY, WALL } from "../../_gateway.test.js";
import { disputeIn, workOf } from "../../claims/dispute.js";
import { catererUnfunded, holderAdditional, holderMain } from "../../ledger/accounts.js";
import { openStreet } from "../../payments/_street.test.js";
import type { Street } from "../../payments/_street.test.js";
import { directiveIn } from "../../underway.js";
import { openBrowser, plain } from "../_browser.test.js";
import type { Browser } from "../_browser.test.js";
import { createApp } from "../app.js";
import { statementFor } from "../statement.js";

const FRIEND = 8;
const CHILDREN = [PUPIL, FRIEND] as const;
const [MEAL, PIZZA] = [4961, 3450];
const PHONE = "+7 900 123-45-67";
const PASSWORD = "каша манная";
const NAMES = { [PUPIL]: "Иванов Иван Иванович", [FRIEND]: "Яковлев Яков Яковлевич" };
const pupil = DIRECTIVES.find(({ kind }) => kind === "SetAccount") as DirectiveOf<"SetAccount">;
const friend = { ...pupil, id: FRIEND, number: accountNumber("0000000018"), name: NAMES[FRIEND], shortName: "Яков Я." };

/** What each child really owes, kopecks. */
type Owed = readonly [pupil: number, friend: number];

interface Story extends Street {
  /** Does something and looks at all that it writes and posts. Afterwards `owed` is owed to the kopeck; on the way there never more than before or after. */
  readonly told: (what: string, work: () => unknown, owed: Owed) => Promise<void>;
}

async function tell(t: ExecutionContext): Promise<Story> {
  const street = await openStreet();
  const { cloud, gateway } = street;
  await cloud.registerGuardian({
    ...{ phone: PHONE, name: "Анна", password: PASSWORD },
    children: CHILDREN.map((account) => ({ school: SCHOOL, account })),
  });
  const app = await createApp({ cloud, secureCookies: false, onError: (error) => t.fail(String(error)) });
  t.teardown(() => app.close());
  const browser = openBrowser(app);
  await browser.post("/login", { phone: PHONE, password: PASSWORD });
  let sent = gateway.entries.length;
  let before: Owed = [0, 0];
  const told: Story["told"] = async (what, work, owed) => {
    const look = async (moment: string) => {
      const debts = await shownDebts(t, street, browser, what + ", " + moment);
      debts.forEach((debt, i) => {
        const [least, most] = [Math.min(before[i], owed[i]), Math.max(before[i], owed[i])];
        t.true(debt >= least && debt <= most, what + ", " + moment + ": " + debt + " of child " + i);
      });
      return debts;
    };
    await work();
    let shown = await look("before the school hears of it");
    const { entries } = await cloud.directives.page(SCHOOL, gateway.school.directives);
    gateway.direct(...entries.map((entry) => directiveIn(entry) as Directive));
    for (; sent < gateway.entries.length; sent++) {
      const answer = await cloud.intake.receive(gateway.row, gateway.upload(sent, sent + 1));
      t.is(answer.kind, "Stored");
      shown = await look("entry " + sent);
    }
    t.deepEqual(shown, owed, what);
    for (const [i, account] of CHILDREN.entries()) {
      const { text } = await browser.open("/children/" + SCHOOL + "/" + account + "?from=2018-01-18&to=2018-01-27");
      t.is(/Остаток на конец−/.test(text), owed[i] > 0, what + ": the history");
    }
    t.deepEqual(await cloud.verifyLedger(SCHOOL), []);
    before = owed;
  };
  const story = { ...street, told };
  await told("a friend and an open till", () => enqueue(story, friend), [0, 0]);
  gateway.ask(TILL, { kind: "ShiftOpen", uid: CASHIER_CARD, declared: kopecks(0) });
  return story;
}

const enqueue = ({ cloud }: Street, ...directives: readonly Directive[]) => cloud.enqueueDirectives(SCHOOL, directives);

/** The debt of each child, the same wherever somebody looks. */
async function shownDebts(t: ExecutionContext, { cloud }: Street, browser: Browser, moment: string): Promise<number[]> {
  const cards = (await browser.open("/")).html.split('<article class="child">').slice(1).map(plain);
  const debts = [];
  for (const account of CHILDREN) {
    const known = (await cloud.library.book(SCHOOL)).state.accounts.get(account);
    if (!known) continue;
    const balances = await cloud.store.balances(SCHOOL);
    const [main, additional] = [holderMain(account), holderAdditional(account)].map((purse) => 0 - (balances.get(purse) ?? 0));
    t.deepEqual([known.main, known.additional], [kopecks(main), kopecks(additional)].map(Number) as never, moment);
    const debt = Math.max(-main, 0);
    t.false(debt > 0 && additional > 0, moment + ": a debt beside money");
    const card = cards.find((text) => text.includes(NAMES[account])) ?? t.fail(moment + ": no card");
    const said = /Долг ([0-9 ]+),([0-9]{2}) ₽\./.exec(String(card));
    t.is(said ? Number((said[1] + said[2]).replaceAll(" ", "")) : 0, debt, moment + ": the card says " + String(card));
    t.deepEqual(
      ["−", "Долг"].map((sign) => String(card).includes(sign)),
      [debt > 0, debt > 0],
      moment,
    );
    const range = { from: TODAY, to: (TODAY + 9) as BusinessDate, details: false, schoolNumber: 24 };
    const { rows, closing, difference } = await statementFor(cloud.store, { school: SCHOOL, account, ...range });
    t.deepEqual([closing, difference], [main + additional, 0], moment + ": the history");
    t.is(
      rows.reduce((sum, { credited, charged }) => sum + credited - charged, 0),
      closing,
      moment,
    );
    debts.push(debt);
  }
  return debts;
}

const note = ({ gateway }: Street, amount: number, purse: Purse = "main") =>
  gateway.fact(KIOSK, {
    kind: "NoteStacked",
    ...{ payee: { kind: "card", uid: PUPIL_CARD }, purse, note: kopecks(amount), visit: 1, happenedMs: null },
  } as never);

const meal = ({ gateway }: Street, kind: "MealConfirm" | "MealUndo", account: number = PUPIL) => {
  const which = { uid: TEACHER_CARD, class: 3, meal: 1, date: gateway.school.date, ids: [account] };
  gateway.ask(WALL, kind === "MealConfirm" ? { kind, ...which, admitted: [] } : { kind, ...which });
};

function buy({ gateway }: Street, quantity: number): void {
  const { menuVersion } = gateway.school;
  const payer = { by: "card", uid: PUPIL_CARD } as const;
  gateway.ask(TILL, {
    ...{ kind: "Sale", payer, lines: [{ dish: 11, quantity }], total: kopecks(PIZZA * quantity) },
    ...{ override: null, menuVersion },
  });
}

const voided = ({ gateway }: Street, lines: (Request & { kind: "Void" })["lines"]) =>
  gateway.ask(TILL, { kind: "Void", receipt: 1983, lines, reason: "ошибка", supervisor: null });

/** The office's verdict on the last payment in the journal: it was the friend's. */
async function claimed(story: Story, reference: string): Promise<void> {
  const disputes = story.gateway.events.flatMap((event) => disputeIn(event, 1, false) ?? []);
  const verdict = { kind: "credit", school: SCHOOL, account: FRIEND, purse: "main" } as const;
  const work = workOf(disputes[disputes.length - 1], SCHOOL, verdict, reference);
  if (!work || work.directives.length === 0) throw new Error("nothing to move");
  await enqueue(story, ...work.directives);
}

const unfunded = async ({ cloud }: Street) => 0 - ((await cloud.store.balances(SCHOOL)).get(catererUnfunded(1)) ?? 0);

test("a correction never shows a false debt: a note for the wrong child, of which a meal was eaten", async (t) => {
  const story = await tell(t);
  await story.told("the friend eats on debt", () => meal(story, "MealConfirm", FRIEND), [0, MEAL]);
  await story.told("the friend's note goes to the pupil", () => note(story, 10000), [0, MEAL]);
  await story.told("who eats of it", () => meal(story, "MealConfirm"), [0, MEAL]);
  await story.told("it is moved: what the pupil lacks is the operator's to ask for", () => claimed(story, "claim/1"), [0, 0]);
  t.deepEqual(await story.purses(PUPIL), { main: 0, additional: 0, pending: 0 });
  t.deepEqual(await story.purses(FRIEND), { main: 10000 - MEAL, additional: 0, pending: 0 });
  t.is(await unfunded(story), 0);
});

test("a correction never shows a false debt: a payment into both purses of the wrong child, typed wrong as well", async (t) => {
  const story = await tell(t);
  const paid = { account: PUPIL, main: kopecks(7000), additional: kopecks(9000), source: "payment", reference: "order/9" } as const;
  await story.told("a payment", () => enqueue(story, { kind: "TopUp", ...paid }), [0, 0]);
  await story.told("two pizzas and a meal", () => (buy(story, 2), meal(story, "MealConfirm")), [0, 0]);
  await story.told("moved, a directive a purse", () => claimed(story, "claim/1"), [0, 0]);
  t.deepEqual(await story.purses(FRIEND), { main: 7000, additional: 9000, pending: 0 });
  const down = { kind: "ForcedDebit", account: FRIEND, purse: "main", cause: "correction", reference: "c1" } as const;
  await story.told("7 000 of it were 700", () => enqueue(story, { ...down, amount: kopecks(6300) }), [0, 0]);
  await story.told("the friend eats", () => meal(story, "MealConfirm", FRIEND), [0, 0]);
  t.deepEqual(await story.purses(FRIEND), { main: 0, additional: 9000 - (MEAL - 700), pending: 0 });
});

test("a correction never shows a false debt: a sale voided line by line, and what it had driven into debt repaid", async (t) => {
  const story = await tell(t);
  await story.told("money for the buffet", () => note(story, 10000, "additional"), [0, 0]);
  await story.told("two pizzas", () => buy(story, 2), [0, 0]);
  const short = MEAL - (10000 - 2 * PIZZA);
  await story.told("a meal on what is left, and on debt", () => meal(story, "MealConfirm"), [short, 0]);
  t.is(await unfunded(story), short);
  await story.told("one pizza was never handed out", () => voided(story, [{ line: 0, quantity: 1 }]), [0, 0]);
  t.is(await unfunded(story), 0, "its money has repaid the meal");
  await story.told("nor was the other", () => voided(story, []), [0, 0]);
  t.deepEqual(await story.purses(PUPIL), { main: 0, additional: 10000 - MEAL, pending: 0 });
});

test("a correction never shows a false debt: a meal undone at once, and after its debt was repaid", async (t) => {
  const story = await tell(t);
  const noted = (amount: number) => () => note(story, amount);
  await story.told("a meal on debt", () => meal(story, "MealConfirm"), [MEAL, 0]);
  await story.told("which nobody ate", () => meal(story, "MealUndo"), [0, 0]);
  t.is(await unfunded(story), 0);
  await story.told("a little money, and a meal", () => (noted(1000)(), meal(story, "MealConfirm")), [MEAL - 1000, 0]);
  await story.told("its debt is repaid", noted(5000), [0, 0]);
  await story.told("the pupil eats the day after", () => (story.gateway.openDay((TODAY + 1) as BusinessDate), meal(story, "MealConfirm")), [
    2 * MEAL - 6000,
    0,
  ]);
  const wrong = { kind: "CorrectMeal", account: PUPIL, meal: 1, date: TODAY, reason: "не ел" } as const;
  await story.told("the office takes yesterday's back", () => enqueue(story, wrong), [0, 0]);
  t.deepEqual(await story.purses(PUPIL), { main: 6000 - MEAL, additional: 0, pending: 0 });
  t.is(await unfunded(story), 0);
});

test("a correction never shows a false debt: a chargeback takes what is there, and what makes it good takes the debt away", async (t) => {
  const story = await tell(t);
  const { cloud, provider } = story;
  const pay = async (key: string) => {
    const line = { school: SCHOOL, account: PUPIL };
    const lines = [{ ...line, purse: "main" as const, sum: kopecks(7000) }, { ...line, purse: "additional" as const, sum: kopecks(3000) }]; // prettier-ignore
    const payment = { key, way: "card", payer: "79001234567", returnUrl: "/paid", email: null, lines } as const;
    const answer = await cloud.payments.begin(payment);
    if (!answer.ok) throw new Error(answer.trouble);
    provider.say(answer.order.number, { amount: answer.order.total });
    await cloud.payments.check(answer.order.number);
    return answer.order;
  };
  const chargeBack = async ({ number, total }: Awaited<ReturnType<typeof pay>>) => {
    provider.say(number, { amount: total, chargedBack: total });
    await cloud.payments.check(number);
  };
  await story.told("paid and disputed before the school has heard of either", async () => chargeBack(await pay("k1")), [0, 0]);
  let order: Awaited<ReturnType<typeof pay>> | undefined;
  await story.told("paid", async () => (order = await pay("k2")), [0, 0]);
  await story.told("a meal", () => meal(story, "MealConfirm"), [0, 0]);
  await story.told("disputed: what was eaten is owed, and no more", () => order && chargeBack(order), [MEAL, 0]);
  await story.told("the payer makes it good", () => pay("k3"), [0, 0]);
  t.deepEqual(await story.purses(PUPIL), { main: 7000 - MEAL, additional: 3000, pending: 0 });
  const spent = await pay("k4");
  await story.told("paid once more", () => undefined, [0, 0]);
  const makesGood = { account: PUPIL, main: kopecks(10000), additional: kopecks(0), source: "correction", reference: "c2" } as const;
  await story.told(
    "disputed and made good by the office in one go",
    () => disputedAndGood(story, () => chargeBack(spent), makesGood),
    [0, 0],
  );
});

/** The school hears of both together. */
async function disputedAndGood(story: Story, chargeBack: () => Promise<void>, good: Omit<DirectiveOf<"TopUp">, "kind">): Promise<void> {
  await chargeBack();
  await enqueue(story, { kind: "TopUp", ...good });
}
