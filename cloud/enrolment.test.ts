import test from "ava";
import { enrolmentToSign, parseEnrolmentCode } from "@trapeza/protocol";
import type { EnrolmentAnswer } from "@trapeza/protocol";
import { createTestGateway, createTestSchool, gatewayKey, gatewaySeed, NOW_MS, SCHOOL } from "./_gateway.test.js";
import { createCloudSigner } from "./crypto.js";
import type { Cloud } from "./cloud.js";
import { CODE_MS, issueCode } from "./enrolment.js";
import { createMemoryStore } from "./store/memory.js";

const chance = (bytes: number): Uint8Array => Uint8Array.from({ length: bytes }, (_, i) => (i * 37 + 11) & 255);

function ask(cloud: Cloud, code: string, epoch: number, gateway = "g24", onlyFirst = false): Promise<EnrolmentAnswer> {
  const signer = createCloudSigner("gateway", gatewaySeed(epoch)).directives;
  const asked = { code, gateway, key: gatewayKey(epoch) };
  return cloud.enrolment.enrol({ ...asked, signature: signer.sign(enrolmentToSign(asked)) }, onlyFirst);
}

test("a code has 100 bits, and is read however it is typed", async (t) => {
  const code = await issueCode(createMemoryStore(), SCHOOL, NOW_MS, chance);
  t.regex(code, /^([0-9A-HJKMNP-TV-Z]{4}-){4}[0-9A-HJKMNP-TV-Z]{4}$/);
  const signs = parseEnrolmentCode(code);
  t.is(parseEnrolmentCode(code.toLowerCase().replaceAll("-", " ")), signs);
  t.is(parseEnrolmentCode("O1I" + code.slice(3).replaceAll("-", "")), "011" + String(signs).slice(3));
  t.is(parseEnrolmentCode(code.slice(1)), null);
});

test("a code opens the next epoch once: again for the same key, not for another", async (t) => {
  const { cloud } = await createTestSchool();
  const code = await issueCode(cloud.store, SCHOOL, NOW_MS, chance);
  t.deepEqual(await ask(cloud, code, 2), { kind: "Enrolled", school: SCHOOL, epoch: 2 });
  t.deepEqual(await ask(cloud, code.toLowerCase(), 2), { kind: "Enrolled", school: SCHOOL, epoch: 2 }, "the answer was lost");
  t.deepEqual(await ask(cloud, code, 3), { kind: "NotEnrolled", trouble: "used" });
  t.deepEqual(await ask(cloud, code, 2, "other"), { kind: "NotEnrolled", trouble: "used" });
  t.is((await cloud.store.gateways(SCHOOL)).length, 2);
});

test("whoever asks to be the first closes nothing in a school that has had a gateway, and the code stays good", async (t) => {
  const { cloud } = await createTestSchool();
  const code = await issueCode(cloud.store, SCHOOL, NOW_MS, chance);
  t.deepEqual(await ask(cloud, code, 2, "g24b", true), { kind: "NotEnrolled", trouble: "not_first" });
  t.is((await cloud.store.gateways(SCHOOL)).length, 1);
  t.deepEqual(await ask(cloud, code, 2, "g24b"), { kind: "Enrolled", school: SCHOOL, epoch: 2 });
});

test("the first of a school hears the same again when its answer was lost", async (t) => {
  const { cloud } = await createTestSchool();
  await cloud.registerSchool({ id: SCHOOL + 1, label: "25" });
  const code = await issueCode(cloud.store, SCHOOL + 1, NOW_MS, chance);
  const first = { kind: "Enrolled", school: SCHOOL + 1, epoch: 1 } as const;
  t.deepEqual([await ask(cloud, code, 2, "g25", true), await ask(cloud, code, 2, "g25", true)], [first, first]);
});

test("a strange code, an old one, a stolen signature and a bad name open nothing", async (t) => {
  const { cloud } = await createTestSchool();
  const old = await issueCode(cloud.store, SCHOOL, NOW_MS - CODE_MS, chance);
  t.deepEqual(await ask(cloud, old, 2), { kind: "NotEnrolled", trouble: "expired" });
  t.deepEqual(await ask(cloud, "0000-0000-0000-0000-0000", 2), { kind: "NotEnrolled", trouble: "unknown_code" });
  t.deepEqual(await ask(cloud, "none", 2), { kind: "NotEnrolled", trouble: "unknown_code" });
  t.deepEqual(await ask(cloud, old, 2, "a/b"), { kind: "NotEnrolled", trouble: "gateway" });
  const asked = { code: old, gateway: "g24", key: gatewayKey(2) };
  const stolen = createCloudSigner("gateway", gatewaySeed(3)).directives.sign(enrolmentToSign(asked));
  t.deepEqual(await cloud.enrolment.enrol({ ...asked, signature: stolen }), { kind: "NotEnrolled", trouble: "signature" });
  t.is((await cloud.store.gateways(SCHOOL)).length, 1);
});

test("once a new epoch is open, the old gateway's uploads are refused at the size that it had", async (t) => {
  const { cloud, gateway } = await createTestSchool();
  await cloud.intake.receive(gateway.row, gateway.upload(0, 10));
  await ask(cloud, await issueCode(cloud.store, SCHOOL, NOW_MS, chance), 2);
  t.like(await cloud.intake.receive(gateway.row, gateway.upload(10)), { trouble: "epoch_closed", size: 10 });
  const row = await cloud.store.gateway("g24", 2);
  if (!row) return t.fail("there is no second epoch");
  const wrong = createTestGateway(row);
  t.like(await cloud.intake.receive(row, wrong.upload()), { trouble: "invalid", at: 0 }, "its first event names no epoch before");
});

test("an upload that was admitted before its epoch was closed, and waited for its turn, is refused all the same", async (t) => {
  const { cloud, gateway } = await createTestSchool();
  await cloud.intake.receive(gateway.row, gateway.upload(0, 10));
  let leave = () => {};
  const somebody = cloud.library.exclusively(SCHOOL, () => new Promise<void>((done) => (leave = done)));
  const opened = cloud.registerGateway({ id: "g24b", school: SCHOOL, key: gatewayKey(2) });
  const late = cloud.intake.receive(gateway.row, gateway.upload(10), 1);
  await new Promise(setImmediate);
  leave();
  await somebody;
  t.is((await opened).epoch, 2);
  t.like(await late, { trouble: "epoch_closed", size: 10 });
});
