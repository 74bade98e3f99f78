import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "ava";
import { kopecks } from "@trapeza/protocol";
import { childrenOf } from "./demo/school.js";
import { openSchool, school } from "./_living-school.test.js";

test("a parent pays at the bank's page, and the school's gateway has the money a moment later", async (t) => {
  const data = mkdtempSync(join(tmpdir(), "trapeza-pay-"));
  const { cloud: opened, close } = await openSchool(data);
  const { cloud, bank, url } = opened;
  const [child] = childrenOf(school);
  const purse = async () => Number((await cloud.library.book(school.number)).state.accounts.get(child.id)?.additional);
  const until = async (holds: () => Promise<boolean>) => {
    for (const end = Date.now() + 60_000; !(await holds()); await new Promise((done) => setTimeout(done, 20)))
      if (Date.now() > end) throw new Error("it did not come about in a minute");
  };
  try {
    const told = await cloud.store.directiveCount(school.number);
    await until(async () => (await cloud.library.book(school.number)).state.directives === told);
    const before = await purse();
    const lines = [{ school: school.number, account: child.id, purse: "additional", sum: kopecks(50_000) }] as const;
    const begun = await cloud.payments.begin({ key: "form 1", way: "card", payer: null, returnUrl: "/paid", email: null, lines });
    if (!begun.ok || begun.order.payAt?.kind !== "page") throw new Error(JSON.stringify(begun));
    t.is(begun.order.total as number, 51_000);
    const page = await (await fetch(begun.order.payAt.url)).text();
    t.regex(page, /510,00 ₽/);
    t.regex(page, new RegExp("заказ " + begun.order.number));
    const paidMs = Date.now();
    const back = await fetch(begun.order.payAt.url, { method: "POST", body: new URLSearchParams({ do: "pay" }), redirect: "manual" });
    t.is(back.headers.get("location"), url + "/paid");
    await until(async () => (await purse()) === before + 50_000);
    t.log("spendable after " + (Date.now() - paidMs) + " ms");
    await until(async () => (await cloud.payments.order(begun.order.number))?.state === "credited");
    t.deepEqual(await cloud.verifyLedger(school.number), []);
    await bank.refund(String(begun.order.number), 51_000);
    await until(async () => (await purse()) === before);
    t.is((await cloud.payments.order(begun.order.number))?.state, "refunded");
    t.deepEqual(await cloud.verifyLedger(school.number), []);
  } finally {
    await close();
    rmSync(data, { recursive: true, force: true });
  }
});
