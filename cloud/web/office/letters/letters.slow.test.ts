import test from "ava";
import type { AccountNumber } from "@trapeza/protocol";
import { PUPIL, SCHOOL } from "../../../_gateway.test.js";
import { createAnswerPost } from "../../../letters/answer-post.js";
import { announce } from "../../../announcements/announcement-desk.js";
import { createAnnouncementPost } from "../../../announcements/announcement-post.js";
import { createPinboard } from "../../../people/messenger.js";
import { openBrowser } from "../../_browser.test.js";
import { actorOf, createTestOffice } from "../_office.test.js";
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

const WROTE = "/office/" + SCHOOL + "/announcements";
const trip = { to: "class-3", title: "Экскурсия в <пятницу>", text: "Сбор в 8:30 у входа." };

test.serial("a class teacher writes to the own class and its families, and to nobody else", async (t) => {
  for (const to of ["school", "class-4", "account-999", "account-x", ""])
    t.is((await all.post("teacher", WROTE, { ...trip, to })).status, 404, to);
  for (const wrong of [{ title: " " }, { text: "" }, { title: "ы".repeat(101) }])
    t.is((await all.post("teacher", WROTE, { ...trip, ...wrong })).status, 400, JSON.stringify(wrong));
  t.is((await all.post("auditor", WROTE, trip)).status, 403, "an auditor only reads");
  t.is((await all.post("teacher", WROTE, trip)).location, WROTE + "/1");
  t.is((await all.post("dispatcher", WROTE, { ...trip, to: "account-" + PUPIL, title: "Зайдите за картой" })).location, WROTE + "/2");
  t.is((await all.get("teacher", WROTE + "/2")).status, 404, "what others write to one family is not the teacher's to read");
  t.false((await all.get("teacher", WROTE)).text.includes("Зайдите за картой"));
  const offered = (await all.get("teacher", WROTE + "?to=account-" + PUPIL)).text;
  t.true(offered.includes("семье: Иванов Иван Иванович") && !offered.includes("всем семьям"));
  t.true((await all.get("teacher", "/office/" + SCHOOL + "/people/" + PUPIL)).html.includes(WROTE + "?to=account-" + PUPIL));
});

test.serial(
  "a family sees on its first page what the school has written, and the school sees who has read it and who has not",
  async (t) => {
    t.regex((await all.get("auditor", WROTE + "/1")).text, /Прочли 0 из 1\..*Иванов Иван Ивановичещё нет/s);
    const browser = await parent();
    const first = await browser.open("/");
    t.true(first.html.includes('<a href="/announcements/1">Экскурсия в &lt;пятницу></a>') && first.text.includes("Зайдите за картой"));
    t.true((await browser.open("/announcements/1")).text.includes("Сбор в 8:30 у входа."));
    const after = await browser.open("/");
    t.false(after.text.includes("Экскурсия"), "what was read is said no more");
    t.true(after.text.includes("Зайдите за картой"));
    t.true((await browser.open("/announcements")).text.includes("Экскурсия"), "and is kept");
    t.regex((await all.get("teacher", WROTE + "/1")).text, /Прочли 1 из 1\..*Иванов Иван Ивановиччт, 18 января, 10:/s);
    t.is((await browser.open("/announcements/77")).status, 404);
    const trail = (await all.get("auditor", "/office/trail?q=announcement")).text;
    t.regex(trail, /teacherannouncement\.sendclass 3.*families: ничего → 1/);
    t.false(trail.includes("Экскурсия") || trail.includes("Зайдите"), "the trail cannot forget, so it holds no text");
  },
);

test.serial("a message to a class is not for the families of others, nor for whoever comes to the class later", async (t) => {
  const newcomer = { id: 8, number: "0242013142", name: "Новикова Мария Олеговна", shortName: "Мария Н.", class: 4, category: 1 };
  const rest = { holder: "pupil", debtLimit: null, status: "open" } as const;
  const put = async (schoolClass: number) => {
    const account = { kind: "SetAccount", ...newcomer, number: newcomer.number as AccountNumber, class: schoolClass, ...rest } as const;
    await all.cloud.enqueueDirectives(SCHOOL, [account]);
    await all.deliver();
  };
  const other = "79007654321";
  await put(4);
  await all.cloud.registerGuardian({ phone: other, name: "Новикова Ольга", password: PARENT, children: [{ school: SCHOOL, account: 8 }] });
  await put(3);
  t.deepEqual(await all.cloud.store.announcements.received(other), []);
  await all.post("teacher", WROTE, { ...trip, title: "Второе" });
  t.deepEqual(
    (await all.cloud.store.announcements.received(other)).map(({ title, accounts }) => [title, accounts]),
    [["Второе", [8]]],
  );
  await all.cloud.store.people.eraseGuardian(other);
});

test.serial(
  "a message is told by the ways the family has chosen, in the morning when it was written at night, and no more once withdrawn",
  async (t) => {
    const { store, now } = all.cloud;
    const sent = createPinboard(now);
    const rung: string[] = [];
    const post = createAnnouncementPost({
      ...{ store, now, url: () => "https://meals.example", onError: (error) => t.fail(error.message) },
      messenger: sent,
      push: {
        ...{ publicKey: "", accepts: () => true },
        send: async (_, payload) => {
          rung.push(payload);
          return "sent";
        },
      },
    });
    const told = async () => {
      await post.tick();
      return [sent.messages().length, rung.length];
    };
    await told();
    const begun = sent.messages().length;
    await store.notices.addAddress(PHONE, { endpoint: "https://push.example/2", p256dh: "x", auth: "y" });
    await all.post("teacher", WROTE, { ...trip, title: "Родительское собрание" });
    t.deepEqual(await told(), [begun + 1, 1]);
    t.deepEqual(await told(), [begun + 1, 1], "once");
    const [{ to, text }] = sent.messages();
    t.is(to, "anna@example.ru");
    t.regex(text, /https:\/\/meals\.example\/announcements\/\d+/);
    t.false(text.includes("собрание") || rung.join().includes("собрание"), "it is read behind the login");

    const wishes = await store.notices.wishes(PHONE);
    await store.notices.setWishes(PHONE, { ...wishes, mail: [] });
    const day = all.clock.ms;
    all.clock.ms = Date.parse("2018-01-18T23:00:00+03:00");
    await announce(all.office, actorOf("teacher"), SCHOOL, { ...trip, to: { kind: "class", class: 3 } });
    t.deepEqual(await told(), [begun + 1, 1]);
    all.clock.ms = Date.parse("2018-01-19T07:00:00+03:00");
    t.deepEqual(await told(), [begun + 1, 2], "by push alone: letters are not wanted");
    all.clock.ms = day;

    const location = (await all.post("teacher", WROTE, { ...trip, title: "Ошибочное" })).location ?? "";
    t.is((await all.post("teacher", location + "/withdraw")).status, 303);
    t.deepEqual(await told(), [begun + 1, 2]);
    t.false((await (await parent()).open("/announcements")).text.includes("Ошибочное"));
    t.true((await all.get("auditor", location)).text.includes("Сообщение отозвано."));
  },
);

test.serial(
  "whom a message cannot reach keeps it from nobody else: it is tried ever more seldom for a day, and rings no browser twice",
  async (t) => {
    const { store, now } = all.cloud;
    const [other, begun] = ["79007654321", all.clock.ms];
    const children = [{ school: SCHOOL, account: PUPIL }];
    await all.cloud.registerGuardian({ phone: other, name: "Иванов Олег", password: PARENT, children });
    await store.people.setContact(other, { email: "oleg@example.ru", isConfirmed: true, language: "ru" });
    const wishes = await store.notices.wishes(PHONE);
    await store.notices.setWishes(PHONE, { ...wishes, mail: ["announcement"] });
    await store.notices.addAddress(PHONE, { endpoint: "https://push.example/3", p256dh: "x", auth: "y" });
    const [letters, rung, errors]: [string[], string[], string[]] = [[], [], []];
    const post = createAnnouncementPost({
      ...{ store, now, url: () => "https://meals.example", onError: ({ message }) => void errors.push(message) },
      messenger: {
        send: ({ to }) => (to === "anna@example.ru" ? Promise.reject(new Error("refused")) : Promise.resolve(void letters.push(to))),
      },
      push: {
        ...{ publicKey: "", accepts: () => true },
        send: async ({ endpoint }) => {
          if (endpoint.endsWith("/2")) throw new Error("no key");
          rung.push(endpoint);
          return "sent";
        },
      },
    });
    await announce(all.office, actorOf("teacher"), SCHOOL, { ...trip, to: { kind: "class", class: 3 } });
    await post.tick();
    const once = [["oleg@example.ru"], ["https://push.example/3"]];
    t.deepEqual([letters, rung], once);
    t.deepEqual(errors.sort(), ["no key", "refused"]);
    await post.tick();
    t.is(errors.length, 2, "what fails is left in peace for a while");
    for (let minutes = 0; minutes < 28 * 60; minutes += 2) {
      all.clock.ms += 2 * 60000;
      await post.tick();
    }
    t.deepEqual([letters, rung], once);
    t.true(errors.length > 20 && errors.length < 200, String(errors.length));
    t.deepEqual(await store.announcements.posts(now() + 1e9, 10), [], "given up after a day");
    all.clock.ms = begun;
    await store.notices.setWishes(PHONE, wishes);
    await store.people.eraseGuardian(other);
  },
);

test.serial("the letters of an erased account stay without saying whose they were", async (t) => {
  await all.cloud.store.people.eraseGuardian(PHONE);
  t.true((await all.get("operator", AT + "/1")).text.includes("личный кабинет удалён"));
});
