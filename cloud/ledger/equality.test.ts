import test from "ava";
import fc from "fast-check";
import type { BusinessDate, Directive, Kopecks, Request } from "@trapeza/protocol";
import { CASHIER_CARD, KIOSK, PUPIL, PUPIL_CARD, SCHOOL, TEACHER_CARD, TILL, TODAY, WALL, createTestSchool } from "../_gateway.test.js";
import type { TestGateway } from "../_gateway.test.js";
import { catererUnfunded } from "./accounts.js";

const sum = (amount: number) => amount as Kopecks;
const money = fc.integer({ min: 1, max: 30000 });
const purse = fc.constantFrom("main" as const, "additional" as const);

type Step = (gateway: TestGateway) => void;

/** A refusal is an answer, too; what it leaves in the journal is posted as everything else. */
function asked(gateway: TestGateway, terminal: typeof WALL, request: Request): void {
  try {
    gateway.ask(terminal, request);
  } catch (error) {
    if (!(error as Error).message.startsWith("refused")) throw error;
  }
}

const meal = (gateway: TestGateway, kind: "MealConfirm" | "MealUndo") => {
  const which = { uid: TEACHER_CARD, class: 3, meal: 1, date: gateway.school.date, ids: [PUPIL] };
  asked(gateway, WALL, kind === "MealConfirm" ? { kind, ...which, admitted: [] } : { kind, ...which });
};

const STEPS: fc.Arbitrary<Step>[] = [
  fc.tuple(fc.constantFrom(1000, 5000, 10000), purse).map(([note, chosen]): Step => (gateway) => {
    gateway.fact(KIOSK, {
      kind: "NoteStacked",
      payee: { kind: "card", uid: PUPIL_CARD },
      purse: chosen,
      note: sum(note),
      visit: 1,
      happenedMs: null,
    });
  }),
  fc.constant((gateway) => meal(gateway, "MealConfirm")),
  fc.constant((gateway) => meal(gateway, "MealUndo")),
  fc.constant((gateway) => gateway.openDay((gateway.school.date + 1) as BusinessDate)),
  fc.integer({ min: 1, max: 3 }).map((quantity): Step => (gateway) => {
    const { menuVersion } = gateway.school;
    const payer = { by: "card", uid: PUPIL_CARD } as const;
    asked(gateway, TILL, {
      kind: "Sale",
      payer,
      lines: [{ dish: 11, quantity }],
      total: sum(3450 * quantity),
      menuVersion,
      override: null,
    });
  }),
  fc.integer({ min: 1983, max: 1990 }).map((receipt): Step => (gateway) => {
    asked(gateway, TILL, { kind: "Void", receipt, lines: [], reason: "ошибка", supervisor: null });
  }),
  fc.tuple(money, money).map(([main, additional]): Step => (gateway) => {
    gateway.direct({ kind: "TopUp", account: PUPIL, main, additional, source: "payment", reference: "1" } as Directive);
  }),
  fc.tuple(money, purse).map(([amount, from]): Step => (gateway) => {
    gateway.direct({ kind: "ForcedDebit", account: PUPIL, purse: from, amount, cause: "chargeback", reference: "2" } as Directive);
  }),
  money.map((amount): Step => (gateway) => {
    gateway.direct({ kind: "Transfer", account: PUPIL, amount, reference: "3" } as Directive);
  }),
  money.map((amount): Step => (gateway) => {
    gateway.direct({ kind: "CorrectMeal", account: PUPIL, meal: 1, date: TODAY, reason: "болел" } as Directive);
    gateway.direct({ kind: "Fee", account: PUPIL, purse: "additional", amount, service: "reissue", reference: "4" } as Directive);
  }),
];

test("whatever happens, purses and ledger agree, and what is owed for meals is what is not funded", async (t) => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.oneof(...STEPS), { minLength: 1, maxLength: 25 }), async (steps) => {
      const { cloud, gateway } = await createTestSchool();
      gateway.ask(TILL, { kind: "ShiftOpen", uid: CASHIER_CARD, declared: sum(0) });
      for (const step of steps) step(gateway);
      const answer = await cloud.intake.receive(gateway.row, gateway.upload());
      t.is(answer.kind, "Stored", JSON.stringify(answer));
      t.deepEqual(await cloud.store.findings(SCHOOL), []);
      t.deepEqual(await cloud.verifyLedger(SCHOOL), []);
      const owed = gateway.school.accounts.get(PUPIL)!.owed.filter(({ caterer }) => caterer === 1);
      const unfunded = (await cloud.store.balances(SCHOOL, [catererUnfunded(1)])).get(catererUnfunded(1)) ?? 0;
      t.is(unfunded, -owed.reduce((total, { amount }) => total + amount, 0) || 0);
    }),
    { numRuns: 150 },
  );
});
