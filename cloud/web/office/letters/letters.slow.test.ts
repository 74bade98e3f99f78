import test from "ava";
import { PUPIL, SCHOOL } from "../../../_gateway.test.js";
import { createAnswerPost } from "../../../letters/answer-post.js";
import { createPinboard } from "../../../people/messenger.js";
import { openBrowser } from "../../_browser.test.js";
import { createTestOffice } from "../_office.test.js";
import type { TestOffice } from "../_office.test.js";

const PHONE = "79001234567";
const PARENT = "компот и каша";
const AT = "/office/" + SCHOOL + "/letters";
let all: TestOffice;

test.before(async () => {
  all = await createTestOffice();
  await all.cloud.registerGuardian({
    phone: PHONE,
    name: "Иванова Анна",
    password: PARENT,
    children: [{ school: SCHOOL, account: PUPIL }],
  });
});
test.after.always(() => all?.close());

async function parent() {
  const browser = openBrowser(all.app);
  await browser.submit("/login", { phone: PHONE, password: PARENT });
  return browser;
}

const letter = { child: SCHOOL + "-" + PUPIL, kind: "complaint", recipient: "school", text: "Каша <b>холодная</b>" };

test.serial("a complaint is answered once, within 15 working days, and the family reads the answer", async (t) => {
  const browser = await parent();
  const sent = await browser.submit("/letters", letter);
  t.true(sent.text.includes("Ответ до чт, 8 февраля"), sent.text);
  t.true(sent.html.includes("&lt;b>холодная"));
  const list = await all.get("dispatcher", AT);
  t.regex(list.text, /чт, 8 февраля.*ждёт ответа.*жалоба.*школе.*Иванов Иван Иванович/s);
  const page = await all.get("cards", AT + "/1");
  t.true(page.text.includes("Иванова Анна, +" + PHONE));
  t.is((await all.post("cards", AT + "/1", { answer: "  " })).status, 400);
  t.is((await all.post("auditor", AT + "/1", { answer: "x" })).status, 403, "an auditor only reads");
  t.is((await all.post("cards", AT + "/1", { answer: "Повара предупредили." })).status, 303);
  await all.post("dispatcher", AT + "/1", { answer: "Другое" });
  const read = await (await parent()).open("/letters");
  t.regex(read.text, /Ответ, чт, 18 января.*Повара предупредили\./s);
  t.false(read.text.includes("Другое") || read.text.includes("Ответ до"));
});

test.serial("the writer is told once that there is an answer, by letter and on the device, and after a failure once more", async (t) => {
  const { store, now } = all.cloud;
  const sent = createPinboard(now);
  const rung: string[] = [];
  let isAway = true;
  let failures = 0;
  const post = createAnswerPost({
    ...{ store, now, url: () => "https://meals.example", onError: () => failures++ },
    messenger: { send: (message) => (isAway ? Promise.reject(new Error("away")) : sent.send(message)) },
    push: {
      ...{ publicKey: "", accepts: () => true },
      send: async (_, payload) => {
        rung.push(payload);
        return "gone";
      },
    },
  });
  await store.people.setContact(PHONE, { email: "anna@example.ru", isConfirmed: true, language: "ru" });
  await store.notices.addAddress(PHONE, { endpoint: "https://push.example/1", p256dh: "x", auth: "y" });
  await post.tick();
  await post.tick();
  t.is(failures, 1, "a messenger that is away is left in peace for a while");
  isAway = false;
  all.clock.ms += 2 * 60 * 1000;
  await post.tick();
  await post.tick();
  const [{ to, text }, ...more] = sent.messages();
  t.deepEqual([to, more], ["anna@example.ru", []]);
  t.true(text.includes("https://meals.example/letters"));
  t.false(text.includes("Повара") || rung.join().includes("Повара"), "the answer is read behind the login");
  t.is(rung.length, 1);
  t.deepEqual(await store.notices.addresses(PHONE), [], "a browser that is gone is forgotten");
});

test.serial("what is overdue is said to both sides, and the school's own people do not read letters to the operator", async (t) => {
  await (await parent()).submit("/letters", { ...letter, kind: "question", recipient: "operator", text: "Где мой чек?" });
  t.false((await all.get("cards", AT)).text.includes("оператору"));
  t.is((await all.get("cards", AT + "/2")).status, 404);
  t.is((await all.get("operator", AT + "/2")).status, 200);
  const later = 8 * 24 * 3600 * 1000;
  all.clock.ms += later;
  t.true((await (await parent()).open("/letters")).text.includes("срок прошёл чт, 25 января"));
  // Nobody of the office is logged in as long as that.
  all.clock.ms -= later;
});

test.serial("a letter about somebody else's child goes nowhere, and five a day are enough", async (t) => {
  const browser = await parent();
  for (const wrong of [{ child: SCHOOL + "-999" }, { kind: "order" }, { recipient: "everybody" }])
    t.is((await browser.post("/letters", { ...letter, ...wrong })).status, 404);
  // Two were written before.
  for (let i = 0; i < 3; i++) t.is((await browser.post("/letters", letter)).status, 303, String(i));
  t.is((await browser.post("/letters", letter)).status, 429);
  t.is((await all.cloud.store.letters.of(PHONE)).length, 5);
});

test.serial("the letters of an erased account stay without saying whose they were", async (t) => {
  await all.cloud.store.people.eraseGuardian(PHONE);
  t.true((await all.get("operator", AT + "/1")).text.includes("личный кабинет удалён"));
});
