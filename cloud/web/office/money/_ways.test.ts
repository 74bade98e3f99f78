/** For tests: every way in which money comes, played as one whom it happens to would see it. A case is a sum and what is said of it. */
import { DIRECTIVES, KIOSK, PUPIL, PUPIL_CARD, CASHIER_CARD, SCHOOL, TODAY } from "../../../_gateway.test.js";
import { accountNumber, kopecks } from "@trapeza/protocol";
import type { DirectiveOf } from "@trapeza/protocol";
import { checksumOf } from "../../../payments/acquirer.js";
import { bindTo, createTestProvider } from "../../../payments/_street.test.js";
import type { ProviderStatus } from "../../../payments/provider.js";
import { takeBankFile } from "../../../settlement/bank-desk.js";
import { countBag, waitingBags } from "../../../settlement/collection-desk.js";
import { formatPaymentCode } from "../../../settlement/paper-code.js";
import { takeRegistry } from "../../../settlement/registry-desk.js";
import type { RegistryWay } from "../../../settlement/registry-desk.js";
import { OPERATOR } from "../../../settlement/_parties.test.js";
import { createApp } from "../../app.js";
import type { TestOffice } from "../_office.test.js";

/** When the world tells us of what has happened. `never`: nobody says a word, we have to ask, or to read the day's registry. */
export const NEWS = ["before", "after", "twice", "many", "never"] as const;
export type News = (typeof NEWS)[number];
/** What came of the sum that was asked for. */
export const MONEY = ["same", "less", "more", "unknown", "refunded", "chargedBack"] as const;
export type Money = (typeof MONEY)[number];

export const SUM = 10_000;
const KEY = "callback key";
const PAYER = "79001234567";
const MANY = 6;
const NUMBER = (DIRECTIVES.find(({ kind }) => kind === "SetAccount") as DirectiveOf<"SetAccount">).number;
const NOBODYS = accountNumber("0249999999");

export interface Ways {
  readonly app: Awaited<ReturnType<typeof createApp>>;
  /** Plays a case; returns the numbers of refusals that were answered. */
  readonly play: { readonly [way: string]: (money: Money, news: News) => Promise<number[]> };
}

export const providers = { card: createTestProvider(), sbp: createTestProvider("sbp") };

export async function openWays(all: TestOffice): Promise<Ways> {
  const acquirer = { url: "https://bank.example/payment/rest", user: "school", password: "secret", callbackKey: KEY };
  const { cloud, office } = all;
  const onError = (error: Error) => void all.errors.push(error);
  const app = await createApp({ cloud, office, secureCookies: false, onError, acquirer, networkPassword: "secret" });
  providers.sbp.accounts.set("b1", PAYER);
  await cloud.registerGuardian({ phone: PAYER, name: "Анна", password: "каша манная", children: [] });
  await bindTo(cloud.store.payments, { id: "b1", payer: PAYER, bank: "", boundMs: 1 });
  return {
    app,
    play: {
      "the acquirer's page": (money, news) => byAcquirer(all, app, "card", null, money, news),
      "SBP's code": (money, news) => byAcquirer(all, app, "sbp", null, money, news),
      "a bound account": (money, news) => byAcquirer(all, app, "sbp", "b1", money, news),
      "a network of terminals": (money, news) => byNetwork(all, app, money, news),
      "a bank's file": (money, news) => byFile(all, NUMBER, money, news),
      "the code on paper": (money, news) => byFile(all, readCode(), money, news),
      "a kiosk": (money, news) => byKiosk(all, money, news),
    },
  };
}

let cases = 0;

async function byAcquirer(all: TestOffice, app: Ways["app"], way: "card" | "sbp", binding: string | null, money: Money, news: News) {
  const { payments } = all.cloud;
  const provider = providers[way];
  const call = async (number: number) => {
    const fields = { mdOrder: "p" + number, orderNumber: String(number), operation: "deposited", status: "1" };
    const query = new URLSearchParams({ ...fields, checksum: checksumOf(fields, KEY) }).toString();
    const { statusCode } = await app.inject("/payments/callback?" + query);
    if (statusCode !== 200) throw new Error("a callback is answered " + statusCode);
  };
  if (money === "unknown") {
    const stranger = 900_000 + ++cases;
    await told(news, async () => undefined, () => call(stranger)); // prettier-ignore
    await dayOf(all, way, [stranger + ";Оплата;102,00;1,00"]);
    return [];
  }
  const lines = [{ school: SCHOOL, account: PUPIL, purse: "main" as const, sum: kopecks(SUM) }];
  // A bank that is away for a moment: what is tapped is asked for later, when it is said below what became of it.
  if (binding !== null) provider.goesAwayAfter = 1;
  const payer = binding === null ? null : PAYER;
  const begun = await payments.begin({ key: "case " + ++cases, way, payer, returnUrl: null, email: null, lines, binding });
  provider.away = false;
  if (!begun.ok) throw new Error(begun.trouble);
  const { number, total } = begun.order;
  const amount = kopecks(total + (money === "less" ? -100 : money === "more" ? 100 : 0));
  const back: Partial<ProviderStatus> = money === "refunded" ? { refunded: total } : { chargedBack: total };
  const isBack = money === "refunded" || money === "chargedBack";
  const pay = async () => provider.say(number, { amount });
  if (isBack) await told("after", pay, () => call(number)); // prettier-ignore
  if (isBack) await all.deliver();
  await told(news, isBack ? async () => provider.say(number, { amount, ...back }) : pay, () => call(number));
  // The poll of the next seconds.
  await payments.tick();
  await all.deliver();
  const operation = money === "refunded" ? "Возврат" : "Опротестование";
  const backRow = number + ";" + operation + ";" + roubles(total) + ";0";
  await dayOf(all, way, [number + ";Оплата;" + roubles(amount) + ";1,00", ...(isBack ? [backRow] : [])]);
  return [];
}

/** Does `happen`, and says so as the case will have it. */
async function told(news: News, happen: () => Promise<unknown>, say: () => Promise<unknown>): Promise<void> {
  if (news === "before") await say();
  await happen();
  if (news === "after" || news === "twice") await say();
  if (news === "twice") await say();
  if (news === "many") await Promise.all(Array.from({ length: MANY }, say));
}

async function byNetwork(all: TestOffice, app: Ways["app"], money: Money, news: News): Promise<number[]> {
  const txn = 70_000 + ++cases;
  const refused: number[] = [];
  const headers = { authorization: "Basic " + Buffer.from("network:secret").toString("base64") };
  const ask = async (command: "check" | "pay", sum: number) => {
    const account = money === "unknown" ? NOBODYS : NUMBER;
    const url = "/payments/network?" + new URLSearchParams({ command, txn_id: String(txn), account, sum: roubles(sum).replace(",", ".") });
    const result = Number(/<result>(\d+)</.exec((await app.inject({ url, headers })).body)?.[1] ?? -1);
    if (result !== 0) refused.push(result);
  };
  const paid = SUM + (money === "less" ? -100 : money === "more" ? 100 : 0);
  // A network asks before it takes anything; what it has taken it says until it is answered, or never, and its registry has it.
  if (news === "before") await ask("check", SUM);
  if (news === "before" || news === "after" || news === "twice") await ask("pay", SUM);
  if (news === "twice") await ask("pay", SUM);
  if (news === "many") await Promise.all(Array.from({ length: MANY }, () => ask("pay", SUM)));
  if (paid !== SUM && news !== "never") await ask("pay", paid);
  await all.deliver();
  const back = { refunded: "Возврат", chargedBack: "Опротестование" }[money as string];
  await dayOf(all, "network", [txn + ";Оплата;" + roubles(paid) + ";0", ...(back ? [txn + ";" + back + ";" + roubles(paid) + ";0"] : [])]);
  return [...new Set(refused)];
}

async function byFile(all: TestOffice, number: string, money: Money, news: News): Promise<number[]> {
  const name = "op" + ++cases;
  const operation = { refunded: "Возврат", chargedBack: "Опротестование" }[money as string] ?? "Оплата";
  const row = (sum: number) => [name, operation, money === "unknown" ? NOBODYS : number, roubles(sum)].join(";");
  let files = 0;
  const send = (...rows: string[]) => {
    const bytes = Buffer.from(["Номер операции;Операция;Лицевой счёт;Сумма", ...rows].join("\n"));
    return takeBankFile(all.office, { login: "accountant", school: SCHOOL }, { name: name + "-" + ++files, day: TODAY, bytes });
  };
  const another = () => "other" + ++cases + ";Оплата;" + number + ";0,01";
  if (news === "before") await send(another());
  if (news !== "never") await send(row(SUM));
  if (news === "twice" && (await send(row(SUM))) !== "taken") throw new Error("a file is taken twice");
  if (news === "many") for (let i = 1; i < MANY; i++) await send(row(SUM), another());
  if (money === "less" || money === "more") await send(row(SUM + (money === "less" ? -100 : 100)));
  return [];
}

/** As a bank's application reads it: whose account the payer's order names. */
function readCode(): string {
  const code = formatPaymentCode(OPERATOR, { number: NUMBER, shortName: "Иван И." }, SUM);
  return /\|PersAcc=([^|]*)/.exec(code)?.[1] ?? "";
}

async function byKiosk(all: TestOffice, money: Money, news: News): Promise<number[]> {
  const { gateway, cloud } = all;
  const upload = async (from: number) => {
    const answer = await cloud.intake.receive(gateway.row, gateway.upload(from));
    if (answer.kind !== "Stored") throw new Error(JSON.stringify(answer));
  };
  const from = (await cloud.store.gateways(SCHOOL))[0].size;
  if (news === "before") await upload(from);
  const payee = money === "unknown" ? ({ kind: "none" } as const) : ({ kind: "card", uid: PUPIL_CARD } as const);
  gateway.fact(KIOSK, { kind: "NoteStacked", payee, purse: "main", note: kopecks(SUM), visit: ++cases, happenedMs: null });
  const isBag = money === "less" || money === "more";
  if (isBag) gateway.fact(KIOSK, { kind: "Collection", uid: CASHIER_CARD, witness: null, seal: "А-" + cases });
  for (let i = 0; i < { before: 1, after: 1, twice: 2, many: MANY, never: 0 }[news]; i++) await upload(from);
  await all.deliver();
  for (const { collection, expected } of isBag ? await waitingBags(all.office, SCHOOL) : []) {
    const counted = kopecks(expected + (money === "less" ? -100 : 100));
    await countBag(all.office, { login: "accountant", school: SCHOOL }, collection, counted);
  }
  return [];
}

/** The provider's registry of the day comes last. */
async function dayOf(all: TestOffice, way: RegistryWay, rows: readonly string[]): Promise<void> {
  const bytes = Buffer.from(["Номер заказа;Операция;Сумма;Комиссия", ...rows].join("\n"));
  const taken = await takeRegistry(all.office, { login: "accountant", name: "case " + cases, bytes }, way, TODAY);
  if (typeof taken !== "number") throw new Error("the registry is not taken: " + taken);
}

function roubles(sum: number): string {
  return Math.floor(sum / 100) + "," + String(sum % 100).padStart(2, "0");
}
