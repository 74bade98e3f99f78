import test from "ava";
import { accountNumber, formatClaim } from "@trapeza/protocol";
import type { Directive, Kopecks, NotePayee } from "@trapeza/protocol";
import { DIRECTIVES, KIOSK, PUPIL, PUPIL_CARD, SCHOOL } from "../../../_gateway.test.js";
import { claimsSuspense, kioskVariance } from "../../../ledger/accounts.js";
import { createTestOffice } from "../_office.test.js";
import type { TestOffice } from "../_office.test.js";

let all: TestOffice;
const at = "/office/" + SCHOOL + "/claims";
const SISTER = { id: 8, number: "0242013145" };
const COUSIN = { id: 9, number: "0242013152" };

test.before(async () => {
  all = await createTestOffice();
  const pupil = DIRECTIVES.find((one) => one.kind === "SetAccount") as Directive;
  const sibling = ({ id, number }: typeof SISTER) => ({ ...pupil, id, number: accountNumber(number), name: "Иванова Анна" }) as Directive;
  await all.cloud.enqueueDirectives(SCHOOL, [sibling(SISTER), sibling(COUSIN)]);
  await all.deliver();
});
test.after.always(() => all?.close());

/** A note in the kiosk; the code on its paper, and where it stands in the journal. */
async function note(payee: NotePayee, amount = 10000, kind: "NoteStacked" | "NoteUnresolved" = "NoteStacked") {
  all.gateway.fact(KIOSK, { kind, payee, purse: "additional", note: amount as Kopecks, visit: 1, happenedMs: null });
  await all.deliver();
  const { seq, operation } = all.gateway.events.at(-1)!;
  return { path: at + "/payment/1-" + seq, code: formatClaim(operation!.terminal, operation!.incarnation, operation!.n) };
}

const byCard = { kind: "card", uid: PUPIL_CARD } as const;
const byNobody = { kind: "none" } as const;
const purseOf = (account: number) => all.gateway.school.accounts.get(account)!.additional as number;
const balance = async (account: typeof claimsSuspense) => (await all.cloud.store.balances(SCHOOL, [account])).get(account) ?? 0;
const credit = (number: string) => ({ said: "Мама с чеком", verdict: "credit", number, purse: "additional", reason: "Чек и запись" });

test.serial("a note without a payee is found by the code on its paper and credited once", async (t) => {
  const { path, code } = await note(byNobody);
  t.regex((await all.get("auditor", at)).text, /100,00 ₽никомув невыясненных \(карту или номер не прочитали\)/);
  t.true((await all.get("dispatcher", at + "?code=" + code.replaceAll("-", " "))).html.includes(path), "typed as it was read out");
  const slipped = code.slice(0, -1) + ((Number(code.at(-1)) + 1) % 10);
  t.regex((await all.get("dispatcher", at + "?code=" + slipped)).text, /Такого платежа в журнале нет/);
  for (const wrong of [{ said: "" }, { reason: "" }, { number: "0242013199" }, { number: "" }])
    t.is((await all.post("dispatcher", path, { ...credit(SISTER.number), ...wrong })).status, 400, JSON.stringify(wrong));
  t.is((await all.post("dispatcher", path, credit(SISTER.number))).status, 303);
  const before = purseOf(SISTER.id);
  await all.deliver();
  t.is(purseOf(SISTER.id), before + 10000);
  t.is(await balance(claimsSuspense), 0);
  const again = await all.post("dispatcher", path, credit(SISTER.number));
  await all.deliver();
  t.is(again.status, 303);
  t.is(purseOf(SISTER.id), before + 10000, "once");
  const page = (await all.get("dispatcher", at)).text;
  t.regex(page, /решено, dispatcher.*школа провела/);
  t.regex(page, /Ничего не ждёт разбора/);
});

test.serial("two who decide at the same moment decide once", async (t) => {
  const { path } = await note(byNobody, 5000);
  const before = purseOf(SISTER.id) + purseOf(COUSIN.id);
  await Promise.all([all.post("dispatcher", path, credit(SISTER.number)), all.post("accountant", path, credit(COUSIN.number))]);
  await all.deliver();
  t.is(purseOf(SISTER.id) + purseOf(COUSIN.id), before + 5000);
});

test.serial("a note that nobody saw is a memo, until a person finds it", async (t) => {
  const { path } = await note(byCard, 10000, "NoteUnresolved");
  t.is(await balance(claimsSuspense), 0);
  t.regex((await all.get("dispatcher", path)).text, /не подтверждены.*никто не видел/);
  t.is((await all.post("dispatcher", path, { said: "Пришёл отец", verdict: "wait", number: "", reason: "" })).status, 303);
  t.regex((await all.get("dispatcher", at)).text, /Пришёл отецвыясняется/);
  const before = purseOf(PUPIL);
  t.is((await all.post("dispatcher", path, credit("0242013137"))).status, 303);
  await all.deliver();
  t.is(purseOf(PUPIL), before + 10000);
  t.is(await balance(kioskVariance(KIOSK)), 10000, "the kiosk had more than it had counted");
  t.is(await balance(claimsSuspense), 0);
});

test.serial("what was credited to the wrong child is moved, never into debt, and a refusal may be asked again", async (t) => {
  const { path } = await note(byCard);
  const [from, to] = [purseOf(PUPIL), purseOf(SISTER.id)];
  t.is((await all.post("accountant", path, { said: "Тётя", verdict: "refuse", number: "", reason: "Чека нет" })).status, 303);
  t.is((await all.post("accountant", path, credit("0242013137"))).status, 400, "it is there already");
  t.is((await all.post("accountant", path, credit(SISTER.number))).status, 303, "she came back with the receipt");
  await all.deliver();
  t.deepEqual([purseOf(PUPIL), purseOf(SISTER.id)], [from - 10000, to + 10000]);
  const day = "2018-01-18";
  const found = await all.get("dispatcher", at + "?account=0242013137&day=" + day + "&sum=100");
  t.true(found.html.includes(path), "by account, day and sum");
  t.false((await all.get("dispatcher", at + "?account=0242013137&day=" + day + "&sum=77")).html.includes("Найденные"));
});

test.serial("above a thousand roubles nobody decides alone", async (t) => {
  const topUp = { kind: "TopUp", account: PUPIL, main: 150000, additional: 0, source: "payment", reference: "order/77" } as Directive;
  await all.cloud.enqueueDirectives(SCHOOL, [topUp]);
  await all.deliver();
  const path = at + "/payment/1-" + all.gateway.events.at(-1)!.seq;
  const main = () => all.gateway.school.accounts.get(COUSIN.id)!.main as number;
  t.is((await all.post("dispatcher", path, credit(COUSIN.number))).status, 303);
  await all.deliver();
  t.is(main(), 0, "only proposed");
  const claim = /claims\/second\/([0-9]+)/.exec((await all.get("accountant", path)).html)![1];
  t.false((await all.get("dispatcher", path)).html.includes("claims/second/"), "not one's own");
  await all.post("dispatcher", at + "/second/" + claim, { do: "confirm" });
  await all.deliver();
  t.is(main(), 0, "not even without the button");
  await all.post("accountant", at + "/second/" + claim, { do: "reject" });
  t.regex((await all.get("dispatcher", path)).text, /выясняется/);
  t.is((await all.post("dispatcher", path, credit(COUSIN.number))).status, 303);
  await all.post("operator", at + "/second/" + claim, { do: "confirm" });
  await all.post("accountant", at + "/second/" + claim, { do: "confirm" });
  await all.deliver();
  t.is(main(), 150000, "once, although two confirmed");
});

test.serial("what the school turned down may be decided anew", async (t) => {
  const { path } = await note(byCard, 5000);
  all.gateway.direct({ kind: "Close", account: COUSIN.id } as Directive);
  all.gateway.direct({ kind: "FinishClosing", account: COUSIN.id, costs: 0, reference: "r" } as unknown as Directive);
  t.is((await all.post("dispatcher", path, credit(COUSIN.number))).status, 303);
  await all.deliver();
  t.regex((await all.get("dispatcher", at)).text, /школа отказала/);
  const before = purseOf(SISTER.id);
  t.is((await all.post("dispatcher", path, credit(SISTER.number))).status, 303);
  await all.deliver();
  t.is(purseOf(SISTER.id), before + 5000);
});

test.serial(
  "every decision stands in the trail, nobody can decide the same payment twice past the office, and the ledger agrees",
  async (t) => {
    const trail = (await all.get("auditor", "/office/trail?q=claim.")).text;
    for (const what of ["claim.open", "claim.proposed", "claim.done", "claim.refused"]) t.true(trail.includes(what), what);
    t.is((await all.get("auditor", at)).status, 200);
    t.is((await all.post("auditor", at + "/second/1", { do: "confirm" })).status, 403);
    const { database } = all.office;
    const done = await database.selectFrom("officeClaims").selectAll().where("state", "=", "done").executeTakeFirstOrThrow();
    const { id, verdict, ...row } = done;
    const twice = database.insertInto("officeClaims").values({ ...row, verdict: JSON.stringify(verdict) });
    await t.throwsAsync(twice.execute(), { message: /a payment is decided once/ }, String(id));
    t.deepEqual(await all.cloud.verifyLedger(SCHOOL), []);
  },
);
