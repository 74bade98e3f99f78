import { appendFileSync, existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import test from "ava";
import { issueCode } from "@trapeza/cloud";
import { encodeSchool, toHex } from "@trapeza/protocol";
import { backUp } from "./backup.js";
import { replaceGateway } from "./replace.js";
import { restoreGateway } from "./restore.js";
import { openSmallSchool, waitFor, type SmallSchool } from "./_school.test.js";
import { ENGLISH } from "./words.en.js";

const words = ENGLISH;
const random = (bytes: number): Uint8Array => new Uint8Array(randomBytes(bytes));
const codeFor = ({ cloud, number }: SmallSchool): Promise<string> => issueCode(cloud.store, number, Date.now(), random);

test("a dead gateway is replaced from the cloud: the state is the same to the byte, and the new epoch is cosigned", async (t) => {
  const school = await openSmallSchool();
  const { cloud, folder, gateway, number } = school;
  const before = toHex(encodeSchool((await cloud.library.book(number)).state));
  const to = join(folder, "second");
  const asked = { from: gateway, to, code: await codeFor(school), words, print: () => undefined };
  const { config, school: state, events } = await replaceGateway(asked);
  t.is(toHex(encodeSchool(state)), before);
  t.is(events, (await cloud.store.gateways(number))[0].size);
  t.is(config.epoch, 2);
  t.deepEqual(readdirSync(to).sort(), ["epochs", "settings.json"]);
  t.is(statSync(join(to, "settings.json")).mode & 0o077, 0);
  const running = await school.start(to);
  t.deepEqual(running.status().alarms, []);
  await running.close();
  const again = await school.start(to);
  await again.close();
  t.is((await cloud.store.gateways(number))[1].size, 1);
  t.deepEqual(await cloud.verifyLedger(number), []);
  await t.throwsAsync(replaceGateway(asked), { message: words.thereAlready(to) });
  await school.close();
});

test("cut at any step, the same command goes on with the same key and opens no second epoch", async (t) => {
  const school = await openSmallSchool();
  const steps = ["key", "enrolled", "epoch", "directives", "beside"];
  const code = await codeFor(school);
  const to = join(school.folder, "second");
  for (const cut of steps) {
    const after = (step: string): void => {
      if (step === cut) throw new Error("cut");
    };
    await t.throwsAsync(replaceGateway({ from: school.gateway, to, code, words, print: () => undefined, after }), { message: "cut" });
    t.false(existsSync(join(to, "settings.json")), cut);
  }
  await replaceGateway({ from: school.gateway, to, code, words, print: () => undefined });
  t.is((await school.cloud.store.gateways(school.number)).length, 2);
  await (await school.start(to)).close();
  t.deepEqual(await school.cloud.verifyLedger(school.number), []);
  await school.close();
});

test("without the answer to its enrolment a gateway is lost for good, and a third takes its place", async (t) => {
  const school = await openSmallSchool();
  const lost = { from: school.gateway, to: join(school.folder, "second"), code: await codeFor(school), words, print: () => undefined };
  const after = (step: string): void => {
    if (step === "enrolled") throw new Error("cut");
  };
  await t.throwsAsync(replaceGateway({ ...lost, after }));
  const to = join(school.folder, "third");
  await t.throwsAsync(replaceGateway({ ...lost, to: join(school.folder, "thief") }), { message: words.notEnrolled.used });
  const { config } = await replaceGateway({ ...lost, to, code: await codeFor(school) });
  t.is(config.epoch, 3);
  await (await school.start(to)).close();
  t.deepEqual(await school.cloud.verifyLedger(school.number), []);
  await school.close();
});

test("the replaced gateway is refused when it wakes up, and says so", async (t) => {
  const school = await openSmallSchool();
  const to = join(school.folder, "second");
  await replaceGateway({ from: school.gateway, to, code: await codeFor(school), words, print: () => undefined });
  const living = await school.start(to);
  const old = await school.start(school.gateway);
  await waitFor(() => /another one/.test(old.status().alarms.join()));
  t.deepEqual(living.status().alarms, []);
  await school.close();
});

test("a backup of a running gateway is whole, its secrets are sealed, and it goes on where it was made", async (t) => {
  const school = await openSmallSchool();
  const { gateway, folder, keyFile } = school;
  const running = await school.start(gateway);
  const made = await backUp(gateway, join(folder, "backup"), words);
  await running.close();
  t.is(made.events, running.status().journal.size);
  const secret = (JSON.parse(readFileSync(join(gateway, "settings.json"), "utf8")) as { schoolSecret: string }).schoolSecret;
  for (const name of readdirSync(join(folder, "backup"))) {
    const bytes = readFileSync(join(folder, "backup", name));
    t.false(bytes.includes(secret) || bytes.includes(Buffer.from(secret, "hex")), name);
  }
  await t.throwsAsync(backUp(gateway, join(folder, "backup"), words), { message: words.folderThere(join(folder, "backup")) });
  const to = join(folder, "again");
  await t.throwsAsync(restoreGateway({ from: join(folder, "backup"), to, words }), { message: /sealed in/ });
  await restoreGateway({ from: join(folder, "backup"), to, words, recoveryKey: keyFile });
  const restored = await school.start(to);
  t.deepEqual(restored.status().alarms, []);
  t.is(restored.status().journal.size, made.events);
  await school.close();
});

test("a backup that the cloud has outgrown, one of a replaced gateway and a damaged one are not restored", async (t) => {
  const school = await openSmallSchool();
  const { gateway, folder, keyFile, cloud, number } = school;
  const backup = join(folder, "backup");
  const made = await backUp(gateway, backup, words);
  const running = await school.start(gateway);
  await cloud.enqueueDirectives(number, [{ kind: "SetClass", id: 900, name: "11Ю" }]);
  await waitFor(() => running.status().journal.cosigned === made.events + 1);
  await running.close();
  const to = join(folder, "again");
  const asked = { from: backup, to, words, recoveryKey: keyFile };
  await t.throwsAsync(restoreGateway(asked), { message: words.cloudKnowsMore(made.events + 1, made.events) });
  t.false(existsSync(join(to, "settings.json")));
  await replaceGateway({ ...asked, to: join(folder, "second"), code: await codeFor(school), print: () => undefined });
  await t.throwsAsync(restoreGateway({ ...asked, to: join(folder, "third") }), { message: words.closed });
  const { files } = made;
  t.true("journal.sqlite" in files && "state.sqlite" in files && "secrets.sealed" in files);
  await t.throwsAsync(restoreGateway({ ...asked, from: gateway }), { message: words.noBackup(gateway) });
  appendFileSync(join(backup, "state.sqlite"), " ");
  await t.throwsAsync(restoreGateway({ ...asked, to: join(folder, "fourth") }), { message: words.changed("state.sqlite") });
  await school.close();
});
