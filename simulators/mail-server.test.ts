import test from "ava";
import { createMail } from "@trapeza/cloud";
import { openMailServer } from "./mail-server.js";

const letter = { kind: "mail", to: "anna@example.ru", subject: "Чек № 7", text: "Оплачено 500,00 ₽" } as const;
const account = { user: "meals@school.example", password: "p@ss" };
const login = "meals%40school.example:p%40ss";
/** Of this machine, but counted as one out there. */
const OUT_THERE = "127.0.0.2";
const DAY_MS = 86_400_000;
let nowMs = Date.UTC(2026, 11, 1, 9);
const now = () => nowMs;
const from = "meals@school.example";

test("a letter reaches the mailbox as it was written, with its files, and a short message goes its own way", async (t) => {
  const server = await openMailServer({ ...account, encrypts: "never" });
  const phones: string[] = [];
  const mail = createMail({ url: `smtp://${login}@127.0.0.1:${server.port}`, from }, now, { send: async ({ to }) => void phones.push(to) });
  await mail.send({ ...letter, attachments: [{ name: "a.pdf", type: "application/pdf", bytes: new Uint8Array([1, 2, 3]) }] });
  await mail.send({ kind: "sms", to: "79001234567", subject: "", text: "123" });
  const [{ text, ...envelope }] = server.letters;
  t.deepEqual(envelope, { from, to: ["anna@example.ru"] });
  t.true(text.includes("Subject: =?UTF-8?"));
  t.true(text.includes(Buffer.from(letter.text).toString("base64")));
  t.regex(text, /filename=a\.pdf[\s\S]*AQID/);
  t.deepEqual(phones, ["79001234567"]);
  await server.close();
});

test("a letter that the server does not take is told of and can be sent again; what was typed is one address and no header", async (t) => {
  const server = await openMailServer({ ...account, encrypts: "never" });
  const mail = createMail({ url: `smtp://${login}@127.0.0.1:${server.port}`, from }, now);
  server.isBusy = true;
  await t.throwsAsync(mail.send(letter), { message: /come later/ });
  server.isBusy = false;
  await mail.send({ ...letter, subject: "Receipt\r\nBcc: thief@example.ru" });
  t.notRegex(server.letters[0].text, /^bcc:/im);
  t.deepEqual(server.letters.map(({ to }) => to), [["anna@example.ru"]]); // prettier-ignore
  await mail.send({ ...letter, to: "anna@example.ru, thief@example.ru" }).catch(() => undefined);
  t.false(server.letters.some(({ to }) => to.includes("thief@example.ru")));
  const stranger = createMail({ url: `smtp://meals:guess@127.0.0.1:${server.port}`, from }, now);
  await t.throwsAsync(stranger.send(letter), { message: /no such user/ });
  await t.throwsAsync(mail.send({ kind: "sms", to: "79001234567", subject: "", text: "123" }), {
    message: "nobody carries short messages",
  });
  await server.close();
});

test("a letter goes to no server that cannot prove its name, and unencrypted to none beyond this machine", async (t) => {
  for (const [encrypts, scheme] of [["always", "smtps"], ["offered", "smtp"]] as const) {
    const server = await openMailServer({ ...account, encrypts, host: OUT_THERE });
    await t.throwsAsync(createMail({ url: `${scheme}://${login}@${OUT_THERE}:${server.port}`, from }, now).send(letter), {
      message: /certificate/,
    });
    t.deepEqual(server.letters, []);
    await server.close();
  } // prettier-ignore
  const plain = await openMailServer({ ...account, encrypts: "never", host: OUT_THERE });
  await t.throwsAsync(createMail({ url: `smtp://${login}@${OUT_THERE}:${plain.port}`, from }, now).send(letter), { message: /STARTTLS/ });
  t.deepEqual(plain.letters, []);
  await plain.close();
});

test("a server on this machine takes letters without proving its name; a letter sent again on the same day has the same name", async (t) => {
  const server = await openMailServer({ ...account, encrypts: "offered" });
  const mail = createMail({ url: `smtp://${login}@localhost:${server.port}`, from }, now);
  for (let times = 0; times < 2; times++) await mail.send(letter);
  await mail.send({ ...letter, text: "Оплачено 600,00 ₽" });
  nowMs += DAY_MS;
  await mail.send(letter);
  const [first, again, other, later] = server.letters.map(({ text }) => /^Message-ID: (<[0-9a-f]{32}@school\.example>)/im.exec(text)?.[1]);
  t.truthy(first);
  t.deepEqual([again === first, other === first, later === first], [true, false, false]);
  await server.close();
});
