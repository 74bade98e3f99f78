/** For tests: providers and a bank whose files come late, cut short, twice, with errors in them, and are half followed when the power fails. */
import { accountNumber, kopecks } from "@trapeza/protocol";
import { DIRECTIVES, PUPIL, SCHOOL, TODAY } from "../../../_gateway.test.js";
import { encodeWindows1251 } from "../../../documents/windows-1251.js";
import { claimsSuspense } from "../../../ledger/accounts.js";
import type { Office } from "../../../office/office.js";
import type { TestProvider } from "../../../payments/_street.test.js";
import { followBankFile, referenceOf, takeBankFile } from "../../../settlement/bank-desk.js";
import {
  believe,
  closeQuestion,
  digestOf,
  files,
  follow,
  isTaken,
  openQuestions,
  takeRegistry,
} from "../../../settlement/registry-desk.js";
import type { OpenQuestion } from "../../../settlement/registry-desk.js";
import { settleSuspense } from "../../../settlement/suspense-desk.js";
import type { TestOffice } from "../_office.test.js";

export interface Files {
  readonly works: { readonly [name: string]: (n: number) => Promise<unknown> };
  /** Each provider sends what it has not sent yet, and every file is followed. */
  readonly drain: () => Promise<void>;
  /** What is wrong with a payment into the bank, if anything: each is an order or lies in suspense, once, with the sum that was said first. */
  readonly faults: () => Promise<string[]>;
}

type Way = "card" | "sbp";

/** An order as its bank has it: what was paid and what has gone back, and what of that its registries have told. */
interface BankOrder {
  readonly way: Way;
  readonly number: number;
  readonly total: number;
  readonly amount: number;
  isPaid: boolean;
  back: number;
  toldPaid: boolean;
  toldBack: number;
}

const LOGIN = "accountant";
const KNOWN = DIRECTIVES.flatMap((one) => (one.kind === "SetAccount" ? [one.number] : []))[0];
const NOBODYS = accountNumber("0249999999");

interface Village {
  readonly all: TestOffice;
  readonly office: Office;
  readonly banks: Record<Way, TestProvider>;
  readonly run: number;
  readonly orders: BankOrder[];
  readonly name: (what: string) => string;
}

export function openFiles(all: TestOffice, banks: Record<Way, TestProvider>, run: number): Files {
  const { office } = all;
  let count = 0;
  const village: Village = { all, office, banks, run, orders: [], name: (what) => "run " + run + " " + what + " " + ++count };
  return {
    faults: () => faultsOf(office, run),
    works: { ...ordersIn(village), ...filesIn(village), ...questionsIn(office), deliver: () => all.deliver() },
    async drain() {
      for (const way of ["card", "sbp"] as const) await registry(village, way, 0, office);
      for (const school of [null, SCHOOL]) {
        for (const { id, followed } of await files(office, school))
          if (!followed) await (school === null ? follow(office, id) : followBankFile(office, id));
      }
      await all.deliver();
    },
  };
}

function ordersIn({ all, banks, orders, name }: Village): Files["works"] {
  const { payments } = all.cloud;
  const about = async (n: number, work: (order: BankOrder) => unknown) => {
    if (orders.length > 0) await work(orders[n % orders.length]);
  };
  const say = ({ way, number, amount, back }: BankOrder) => banks[way].say(number, { amount: kopecks(amount), refunded: kopecks(back) });
  return {
    async begin(n) {
      const way = n % 2 === 0 ? "card" : "sbp";
      const purse = n % 3 === 0 ? ("additional" as const) : ("main" as const);
      const lines = [{ school: SCHOOL, account: PUPIL, purse, sum: kopecks(1000 + (n % 7) * 100) }];
      const begun = await payments.begin({ key: name("order"), way, payer: null, returnUrl: null, email: null, lines });
      if (!begun.ok) throw new Error(begun.trouble);
      const { number, total } = begun.order;
      orders.push({ way, number, total, amount: total + (n % 8 === 7 ? 100 : 0), isPaid: false, back: 0, toldPaid: false, toldBack: 0 });
    },
    pay: (n) => about(n, (order) => (Object.assign(order, { isPaid: true }), say(order))),
    refund: (n) =>
      about(n, (order) => {
        // What was paid with another sum is nobody's here, so its return would be, too.
        if (!order.isPaid || order.amount !== order.total) return;
        say(Object.assign(order, { back: Math.min(order.amount, order.back + (n % 4) * 400) }));
      }),
    callback: (n) => about(n, ({ number }) => payments.check(number)),
  };
}

function filesIn(village: Village): Files["works"] {
  const { office } = village;
  return {
    registry: (n) => registry(village, n % 2 === 0 ? "card" : "sbp", n >> 1, office),
    cutRegistry: (n) => cut(() => registry(village, "card", n >> 2, dying(office, n % 4))),
    bank: (n) => bankFile(village, n, office),
    cutBank: (n) => cut(() => bankFile(village, n >> 2, dying(office, n % 4))),
  };
}

function questionsIn(office: Office): Files["works"] {
  const about = async (n: number, school: number | null, work: (question: OpenQuestion) => Promise<unknown>) => {
    const open = await openQuestions(office, school);
    if (open.length > 0) await work(open[n % open.length]);
  };
  return {
    close: (n) => {
      const school = n % 2 === 0 ? null : SCHOOL;
      return about(n, school, async ({ id, kind }) => {
        if (kind !== "unknown_account") await closeQuestion(office, LOGIN, school, id, "письмо банка");
      });
    },
    believe: (n) => about(n, null, ({ id }) => believe(office, LOGIN, id)),
    settle: (n) => {
      const verdict = n % 2 === 0 ? ({ kind: "is", number: KNOWN } as const) : ({ kind: "returned", note: "поручение" } as const);
      return about(n, SCHOOL, ({ id }) => settleSuspense(office, { login: LOGIN, school: SCHOOL }, id, verdict));
    },
  };
}

/** What the provider has not told yet, with a row now and then that is none, doubled or wrong. */
async function registry({ office, orders, name }: Village, way: Way, n: number, at: Office): Promise<void> {
  const own = orders.filter((order) => order.way === way);
  const rows = own.flatMap((order) => {
    const back = order.back - order.toldBack;
    const paid = order.isPaid && (!order.toldPaid || n % 5 === 0) ? [order.number + ";Оплата;" + roubles(order.amount) + ";0,50"] : [];
    return [...paid, ...(back > 0 ? [order.number + ";Возврат;-" + roubles(back) + ";0"] : [])];
  });
  const wrong = [[], ["7" + n + "777;Оплата;5,00;0"], [";;;"], ["итого;99999;0,01"]][n % 4];
  const text = ["Номер заказа;Операция;Сумма;Комиссия", ...rows, ...wrong, ""].join("\r\n");
  const bytes = n % 2 === 0 ? Buffer.from(text) : encodeWindows1251(text);
  try {
    await takeRegistry(at, { login: LOGIN, name: name("registry"), bytes }, way, TODAY);
  } finally {
    // One that the power kept from being taken is sent again by whoever made it.
    if (await isTaken(office, digestOf(bytes)))
      for (const order of own) Object.assign(order, { toldPaid: order.toldPaid || order.isPaid, toldBack: order.back });
  }
}

function bankFile({ run, name }: Village, n: number, at: Office): Promise<unknown> {
  const rows = [n, n + 1, n + 3].map((one) => {
    const [operation, sum] = ["run" + run + "op" + (one % 9), 100 * (1 + (one % 9)) + (one % 17 === 0 ? 100 : 0)];
    return operation + ";" + (one % 9 < 6 ? KNOWN : NOBODYS) + ";" + roubles(sum);
  });
  const text = ["Номер операции;Лицевой счёт;Сумма", ...rows, ";;" + name("row")].join("\n");
  return takeBankFile(at, { login: LOGIN, school: SCHOOL }, { name: name("bank"), day: TODAY, bytes: Buffer.from(text) });
}

async function faultsOf({ database, cloud }: Office, run: number): Promise<string[]> {
  const query = database
    .selectFrom("registryRows")
    .selectAll()
    .where("name", "like", "run" + run + "op%");
  const faults: string[] = [];
  const first = new Map<string, number | null>();
  const inSuspense = new Map<string, number[]>();
  for (const { name, sum, file, line } of await query.orderBy("file").orderBy("line").execute()) {
    if (!first.has(name)) first.set(name, sum);
    const posted = (await cloud.store.postings(SCHOOL, claimsSuspense)).filter(
      ({ transaction }) => transaction === referenceOf(file, line),
    );
    inSuspense.set(name, [...(inSuspense.get(name) ?? []), ...posted.map(({ amount }) => -amount)]);
  }
  for (const [name, sum] of first) {
    const order = await cloud.store.payments.orderByKey("bank/" + SCHOOL + "/" + name);
    const found = [...(order ? [order.total as number] : []), ...(inSuspense.get(name) ?? [])];
    if (found.length !== 1 || found[0] !== sum) faults.push(name + " was paid in with " + sum + " and is here as " + found.join());
  }
  return faults;
}

class PowerCut extends Error {}

/** The office whose process dies when it has told so much of a file. */
function dying(office: Office, left: number): Office {
  const { payments } = office.cloud;
  const counted =
    <A extends unknown[], B>(work: (...given: A) => Promise<B>) =>
    (...given: A): Promise<B> =>
      left-- > 0 ? work(...given) : Promise.reject(new PowerCut());
  const dead = { ...payments, receive: counted(payments.receive), hear: counted(payments.hear), check: counted(payments.check) };
  return { ...office, cloud: { ...office.cloud, payments: dead } };
}

async function cut(work: () => Promise<unknown>): Promise<void> {
  await work().catch((error: unknown) => {
    if (!(error instanceof PowerCut)) throw error;
  });
}

function roubles(sum: number): string {
  return Math.floor(sum / 100) + "," + String(sum % 100).padStart(2, "0");
}
