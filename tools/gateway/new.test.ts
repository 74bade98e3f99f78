import { randomBytes } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "ava";
import { createApp, createCloud, createMemoryStore, issueCode } from "@trapeza/cloud";
import { readGatewayConfig, startGateway } from "@trapeza/gateway";
import { toHex } from "@trapeza/protocol";
import { run } from "../gateway.js";
import { waitFor } from "./_school.test.js";
import { enrolled } from "./door.js";
import { createGatewayIn } from "./new.js";
import { makeRecoveryKey } from "./recovery-key.js";
import { ENGLISH as words } from "./words.en.js";

const SCHOOL = 24;

async function openPlace() {
  const folder = mkdtempSync(join(tmpdir(), "trapeza-new-"));
  const random = (bytes: number): Uint8Array => new Uint8Array(randomBytes(bytes));
  const cloud = await createCloud({ store: createMemoryStore(), seed: random(32), house: "meals.example", now: Date.now, random });
  await cloud.registerSchool({ id: SCHOOL, label: "24" });
  const app = await createApp({ cloud, secureCookies: false, onError: () => undefined });
  const url = await app.listen({ host: "127.0.0.1", port: 0 });
  const code = (): Promise<string> => issueCode(cloud.store, SCHOOL, Date.now(), random);
  const asked = { school: SCHOOL, url, key: cloud.verifierKey, host: "127.0.0.1", words };
  const close = (): Promise<void> => app.close().then(() => rmSync(folder, { recursive: true, force: true }));
  return { folder, cloud, asked, code, close };
}

test("a school's first gateway is made, starts, and has its first event cosigned", async (t) => {
  const { folder, cloud, asked, code, close } = await openPlace();
  const to = join(folder, "gateway");
  const recovery = toHex(makeRecoveryKey().publicKey);
  await createGatewayIn({ ...asked, to, code: await code(), recovery });
  t.is(statSync(join(to, "settings.json")).mode & 0o077, 0);
  const config = readGatewayConfig(join(to, "settings.json"));
  t.like(config, { school: SCHOOL, epoch: 1, house: "meals.example", dataDir: to });
  const running = await startGateway({ ...config, mqttPort: 0, httpPort: 0, logLevel: "silent" });
  await cloud.enqueueDirectives(SCHOOL, [{ kind: "SetCategory", id: 1, name: "Все" }]);
  await waitFor(() => running.status().directives === 1 && running.status().journal.cosigned === running.status().journal.size);
  await running.close();
  await t.throwsAsync(createGatewayIn({ ...asked, to, code: "" }), { message: words.thereAlready(to) });
  await close();
});

test("what is wrong is said before the code is used, and a school that has had a gateway gets no second secret", async (t) => {
  const { folder, cloud, asked, code, close } = await openPlace();
  const given = await code();
  const to = join(folder, "gateway");
  await t.throwsAsync(createGatewayIn({ ...asked, to, code: given, key: "meals.example" }), { message: words.badCloudKey });
  await t.throwsAsync(createGatewayIn({ ...asked, to, code: given, recovery: "12" }), { message: /^recoveryKey/ });
  await t.throwsAsync(createGatewayIn({ ...asked, to, code: "0000-0000-0000-0000-0000" }), { message: words.notEnrolled.unknown_code });
  await createGatewayIn({ ...asked, to, code: given });
  const other = join(folder, "other");
  const second = await code();
  await t.throwsAsync(createGatewayIn({ ...asked, to: other, code: second }), { message: words.notFirst(SCHOOL, other) });
  t.is((await cloud.store.gateways(SCHOOL)).length, 1, "the one that works goes on working");
  // The words send the technician on with the same code, so it is still good.
  const caller = { cloud: { url: asked.url, gateway: "gateway-24" }, school: SCHOOL, gatewaySeed: new Uint8Array(32).fill(3) };
  t.is(await enrolled(caller, second, words), 2);
  await close();
});

test("rekey gives the status page another password and names another recovery key, and no half of it", async (t) => {
  const { folder, asked, code, close } = await openPlace();
  const to = join(folder, "gateway");
  await createGatewayIn({ ...asked, to, code: await code() });
  const before = readGatewayConfig(join(to, "settings.json"));
  const recovery = toHex(makeRecoveryKey().publicKey);
  t.is(await run(["rekey", "--gateway", to, "--recovery", recovery]), 0);
  const after = readGatewayConfig(join(to, "settings.json"));
  t.not(after.statusPassword, before.statusPassword);
  t.is(toHex(after.recoveryKey as Uint8Array), recovery);
  t.deepEqual({ ...after, statusPassword: "", recoveryKey: null }, { ...before, statusPassword: "" });
  t.is(await run(["rekey", "--gateway", to, "--recovery", "short"]), 1);
  t.is(readFileSync(join(to, "settings.json"), "utf8").includes(after.statusPassword), true);
  await close();
});
