import test from "ava";
import { createFiscalPost, createFiscalProvider } from "@trapeza/cloud";
import type { FiscalReceipt, FiscalStore } from "@trapeza/cloud";
import { kopecks } from "@trapeza/protocol";
import { openRegisters } from "./registers.js";

const account = { login: "school", password: "secret" };
const usual = {
  ...{ group: "g1", inn: "7707083893", tax: "usn_income", place: "meals.example", email: "meals@school.example" },
  operations: ["remote" as const],
};
const waiting = (transaction: number, sum: number, more: Partial<FiscalReceipt> = {}): FiscalReceipt => ({
  ...{ school: 24, transaction, operation: "remote", sum: kopecks(sum), state: "waiting", providerId: null, document: null, why: "" },
  ...{ tries: 0, remedy: "same", renewals: 0, atMs: Date.UTC(2018, 0, 18, 9), payer: "anna@example.ru" },
  ...more,
});

/** Rows in memory, a clock by hand, and the real ones of everything else. */
async function opened(password = account.password, house = "trapeza.example") {
  const registers = await openRegisters(account);
  const rows = new Map<number, FiscalReceipt>();
  const rests = new Map<number, number>();
  const clock = { ms: 0 };
  const errors: string[] = [];
  const isDue = ({ state, transaction }: FiscalReceipt, nowMs: number) =>
    (state === "waiting" || state === "asked") && (rests.get(transaction) ?? 0) <= nowMs;
  const store = {
    due: async (nowMs: number) => [...rows.values()].filter((one) => isDue(one, nowMs)),
    async put(receipt: FiscalReceipt, restUntilMs: number) {
      rows.set(receipt.transaction, receipt);
      rests.set(receipt.transaction, restUntilMs);
    },
  } as unknown as FiscalStore;
  const provider = createFiscalProvider({ ...usual, url: registers.url, login: account.login, password }, house);
  const post = createFiscalPost({ store, provider, now: () => clock.ms, onError: ({ message }) => void errors.push(message) });
  const put = (...receipts: FiscalReceipt[]) => receipts.forEach((receipt) => rows.set(receipt.transaction, receipt));
  const goOn = async (ticks: number, aTickMs = 4000_000) => {
    for (let i = 0; i < ticks; i++, clock.ms += aTickMs) await post.tick();
  };
  return { registers, rows, rests, clock, errors, post, put, goOn };
}

test("what was taken becomes a receipt, what was given back its refund, to whom the payer wanted", async (t) => {
  const { registers, rows, put, goOn } = await opened();
  put(waiting(1, 51005), waiting(2, -1000, { payer: "79001234567" }), waiting(3, 3450, { operation: "till", payer: null }));
  await goOn(3);
  t.deepEqual([...rows.values()].map(({ state }) => state), ["done", "done", "done"]); // prettier-ignore
  const url = "https://ofd.example/" + registers.receipts.get("trapeza.example/24/1")?.id;
  const document = { drive: "9999078900001234", number: 133, sign: 3449555941, moment: "18.01.2018 12:00:00", url };
  t.deepEqual(rows.get(1)?.document, document);
  const made = [...registers.receipts.values()].map(({ isRefund, body }) => ({ isRefund, ...body.receipt }));
  t.like(made[0], { isRefund: false, total: 510.05, client: { email: "anna@example.ru" }, payments: [{ type: 1, sum: 510.05 }] });
  t.like(made[1], { isRefund: true, total: 10, client: { phone: "+79001234567" } });
  t.like(made[2], { client: { email: "meals@school.example" }, payments: [{ type: 0, sum: 34.5 }] });
  t.like(made[2], { items: [{ payment_method: "full_payment" }] });
  t.like([...registers.receipts.values()][0].body, { timestamp: "18.01.2018 12:00:00" });
  await registers.close();
});

test("a provider that is away, forgets us or loses its answers makes each receipt once, and is asked less and less often", async (t) => {
  const { registers, rows, rests, clock, errors, put, post, goOn } = await opened();
  registers.away = true;
  put(waiting(1, 500));
  const pauses: number[] = [];
  for (let i = 0; i < 4; i++) {
    await post.tick();
    pauses.push((rests.get(1) ?? 0) - clock.ms);
    clock.ms = rests.get(1) ?? 0;
  }
  t.deepEqual(pauses, [10000, 20000, 40000, 80000]);
  t.is(errors.length, 4);
  registers.away = false;
  registers.loses = "/getToken";
  await goOn(2);
  t.is(registers.receipts.size, 0);
  registers.loses = "/sell";
  await goOn(2);
  t.is(registers.receipts.size, 1);
  t.is(rows.get(1)?.state, "waiting");
  registers.loses = null;
  registers.forgetTokens();
  await goOn(5);
  t.is(registers.receipts.size, 1);
  t.like(rows.get(1), { state: "done", why: "" });
  await registers.close();
});

test("a provider that does not answer is asked once a tick, and then everybody's receipt is made", async (t) => {
  const { registers, rows, errors, put, goOn } = await opened();
  registers.away = true;
  put(waiting(1, 500), waiting(2, 600), waiting(3, 700));
  await goOn(2);
  t.is(errors.length, 2);
  registers.away = false;
  await goOn(4);
  t.deepEqual([...rows.values()].map(({ state }) => state), ["done", "done", "done"]); // prettier-ignore
  await registers.close();
});

test("what is refused, and what is made for another sum, waits for a person with the reason", async (t) => {
  const { registers, rows, put, goOn } = await opened();
  registers.trouble = "ИНН не зарегистрирован";
  put(waiting(1, 500));
  await goOn(2);
  t.like(rows.get(1), { state: "refused", why: "ИНН не зарегистрирован", remedy: "anew" });
  registers.trouble = null;
  put(waiting(1, 500));
  await goOn(2);
  t.like(rows.get(1), { state: "refused", why: "ИНН не зарегистрирован" }, "the old name is refused for ever");
  put(waiting(1, 500, { renewals: 1 }));
  await goOn(3);
  t.is(rows.get(1)?.state, "done");
  t.deepEqual([...registers.receipts.keys()], ["trapeza.example/24/1/1"]);
  registers.adds = 1;
  put(waiting(2, 500));
  await goOn(3);
  t.like(rows.get(2), { state: "refused", why: "made for 501 kopecks instead of 500", document: null, remedy: "none" });
  await registers.close();
});

test("a name that may have been taken is asked for again, and left for another only when nothing can come of it", async (t) => {
  const { registers, rows, put, goOn } = await opened();
  registers.loses = "/sell";
  put(waiting(1, 500));
  await goOn(1);
  Object.assign(registers, { loses: null, busy: "идут работы" });
  await goOn(1);
  t.like(rows.get(1), { state: "refused", why: "идут работы", remedy: "same" });
  registers.busy = null;
  put(waiting(1, 500));
  await goOn(3);
  t.is(rows.get(1)?.state, "done");
  t.deepEqual([...registers.receipts.keys()], ["trapeza.example/24/1"], "one operation, one receipt");
  registers.fails = "ФН переполнен";
  put(waiting(2, 600));
  await goOn(3);
  t.like(rows.get(2), { state: "refused", why: "ФН переполнен", remedy: "anew" });
  await registers.close();
});

test("who is not let in asks for nothing and says so", async (t) => {
  const { registers, rows, errors, put, goOn } = await opened("guess");
  put(waiting(1, 500));
  await goOn(1);
  t.regex(errors[0], /lets us not in: wrong login/);
  t.deepEqual([rows.get(1)?.state, registers.receipts.size], ["waiting", 0]);
  await registers.close();
});
