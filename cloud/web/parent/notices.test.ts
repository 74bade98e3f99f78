import { createECDH } from "node:crypto";
import test from "ava";
import { PUPIL, SCHOOL, createTestSchool } from "../../_gateway.test.js";
import { USUAL_WISHES } from "../../notices/store.js";
import { openBrowser, saying } from "../_browser.test.js";
import { createApp } from "../app.js";

const PASSWORD = "каша манная";
const PHONE = "79001234567";
const P256DH = createECDH("prime256v1").generateKeys("base64url");
const GOOD = { endpoint: "https://fcm.googleapis.com/fcm/send/abc", p256dh: P256DH, auth: "a".repeat(22) };
const NO_POINT = { p256dh: "B".repeat(87) };

async function opened() {
  const { cloud, gateway } = await createTestSchool();
  await cloud.intake.receive(gateway.row, gateway.upload());
  const app = await createApp({ cloud, secureCookies: false, onError: () => undefined });
  await cloud.registerGuardian({ phone: PHONE, name: "Анна", password: PASSWORD, children: [{ school: SCHOOL, account: PUPIL }] });
  const browser = openBrowser(app);
  await browser.submit("/login", { phone: PHONE, password: PASSWORD });
  return { browser, notices: cloud.store.notices };
}

test("a guardian ticks what to hear by which way, and a sum that is none is said beside its field", async (t) => {
  const { browser, notices } = await opened();
  const page = await browser.open("/notices");
  t.regex(page.html, /name="mail-low" value="1" checked/);
  t.notRegex(page.html, /name="mail-purchase" value="1" checked/);
  t.true(page.text.includes("Письма приходят только на подтверждённый адрес."));
  t.is((await browser.post("/notices", { low: "много" })).status, 400);
  t.deepEqual(await notices.wishes(PHONE), USUAL_WISHES);
  const saved = await browser.submit("/notices", { low: "150,50", "mail-meal": "1", "push-code": "1", "push-nothing": "1" });
  t.true(saved.text.includes("Сохранено."));
  t.deepEqual(await notices.wishes(PHONE), { mail: ["meal"], push: ["code"], lowKopecks: 15050, quietNights: false });
});

test("only a browser's own push service is taken as a device, and all devices can be turned off", async (t) => {
  const { browser, notices } = await opened();
  for (const wrong of [{ endpoint: "https://10.0.0.1/x" }, { p256dh: "short" }, NO_POINT, { auth: "<script>" }, { endpoint: "" }]) {
    const visit = await browser.submit("/notices/device", { ...GOOD, ...wrong });
    t.regex(saying(visit.html)?.sentence ?? "", /не удалось подключить/);
    t.false(saying(visit.html)?.done);
    t.deepEqual(await notices.addresses(PHONE), []);
  }
  t.true(saying((await browser.submit("/notices/device", GOOD)).html)?.done);
  t.deepEqual(await notices.addresses(PHONE), [GOOD]);
  t.true((await browser.submit("/notices/off", {})).text.includes("Отключено"));
  t.deepEqual(await notices.addresses(PHONE), []);
});
