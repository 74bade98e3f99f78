import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import test from "ava";
import { kopecks } from "@trapeza/protocol";
import { createAcquirer } from "./acquirer.js";
import type { Order } from "./order.js";

test("whatever a bank says of the account beside it, a paid order is paid", async (t) => {
  let said: object = {};
  const bank = createServer((_, answer) => answer.end(JSON.stringify({ orderStatus: 2, amount: 5000, ...said })));
  t.teardown(() => bank.close());
  await new Promise<void>((resolve) => bank.listen(0, "127.0.0.1", resolve));
  const acquirer = createAcquirer({
    ...{ way: "sbp", url: "http://127.0.0.1:" + (bank.address() as AddressInfo).port, user: "u", password: "p", timeoutMs: 30000 },
    ...{ publicUrl: () => "", describe: () => "", clientOf: () => "" },
  });
  const status = () => acquirer.status({ providerId: "p1" } as Order);
  for (const bindingInfo of [null, {}, { bindingId: "" }, { bindingId: 5 }, "b1"]) {
    said = { bindingInfo, bankInfo: null };
    t.like(await status(), { state: "authorised", amount: kopecks(5000), bound: null }, JSON.stringify(said));
  }
  for (const bankInfo of [null, {}, { bankName: null }]) {
    said = { bindingInfo: { bindingId: "b1" }, bankInfo };
    t.like(await status(), { state: "authorised", bound: { id: "b1", bank: "" } }, JSON.stringify(said));
  }
  said = { bindingInfo: { bindingId: "b1" }, bankInfo: { bankName: "Банк" } };
  t.like(await status(), { bound: { id: "b1", bank: "Банк" } });
});
