import test from "ava";
import { readCloudConfig } from "./config.js";
import { NO_PAYMENTS } from "./payments/settings.js";

const good = { TRAPEZA_CLOUD_DATA: "data", TRAPEZA_HOUSE: "trapeza.example" };

test("what is not said has a safe default", (t) => {
  t.deepEqual(readCloudConfig(good), {
    ...{ dataDir: "data", databaseUrl: null, host: "127.0.0.1", port: 8080, house: "trapeza.example", secureCookies: false },
    payments: NO_PAYMENTS,
    ...{ publicUrl: null, identity: null, offerUrl: null, messagesUrl: null, sms: null, mail: null, fiscal: null, cardDays: 30 },
  });
});

test("where people come from outside, letters need an address and somebody who carries them", (t) => {
  const outside = { ...good, TRAPEZA_CLOUD_HOST: "10.0.0.5" };
  const addresses = { TRAPEZA_PUBLIC_URL: "https://meals.example/", TRAPEZA_MESSAGES_URL: "http://127.0.0.1:9000/send" };
  for (const name of Object.keys(addresses)) {
    const error = t.throws(() => readCloudConfig({ ...outside, ...addresses, [name]: undefined }));
    t.true(error.message.startsWith(name + " is not set; it must be "), error.message);
  }
  const { publicUrl, messagesUrl, secureCookies } = readCloudConfig({ ...outside, ...addresses });
  t.deepEqual([publicUrl, messagesUrl, secureCookies], ["https://meals.example", "http://127.0.0.1:9000/send", true]);
});

test("a carrier of short messages is read whole, and letters need somebody beside it", (t) => {
  const whole = {
    ...good,
    TRAPEZA_MESSAGES_URL: "http://127.0.0.1:9000",
    TRAPEZA_SMS_URL: "https://sms.ru/sms/send",
    TRAPEZA_SMS_KEY: "key",
  };
  t.deepEqual(readCloudConfig(whole).sms, { url: "https://sms.ru/sms/send", key: "key", sender: null });
  t.is(readCloudConfig({ ...whole, TRAPEZA_SMS_FROM: "Trapeza" }).sms?.sender, "Trapeza");
  t.is(readCloudConfig({ ...whole, TRAPEZA_SMS_URL: "http://127.0.0.1:9001/send" }).sms?.url, "http://127.0.0.1:9001/send");
  for (const url of ["http://sms.ru/sms/send", "http://127.0.0.1.sms.ru/send", "ftp://127.0.0.1/", "https://"])
    t.throws(() => readCloudConfig({ ...whole, TRAPEZA_SMS_URL: url }), { message: /^TRAPEZA_SMS_URL is / }, url);
  for (const [name, value] of [["TRAPEZA_SMS_KEY", undefined], ["TRAPEZA_SMS_URL", "sms.ru"], ["TRAPEZA_MESSAGES_URL", undefined]] as const)
    t.throws(() => readCloudConfig({ ...whole, [name]: value }), { message: new RegExp("^" + name + " is ") }); // prettier-ignore
});

test("a mail server is read whole, needs somebody for short messages beside it, and shows its password nowhere", (t) => {
  const whole = {
    ...{ ...good, TRAPEZA_SMTP_URL: "smtps://meals:secret@mail.example", TRAPEZA_SMTP_FROM: "meals@school.example" },
    ...{ TRAPEZA_SMS_URL: "https://sms.ru/sms/send", TRAPEZA_SMS_KEY: "key" },
  };
  t.deepEqual(readCloudConfig(whole).mail, { url: "smtps://meals:secret@mail.example", from: "meals@school.example" });
  // Both kinds have somebody now: no bridge is needed, from outside neither.
  const outside = { TRAPEZA_CLOUD_HOST: "10.0.0.5", TRAPEZA_PUBLIC_URL: "https://meals.example" };
  t.is(readCloudConfig({ ...whole, ...outside }).messagesUrl, null);
  t.throws(() => readCloudConfig({ ...whole, TRAPEZA_SMS_URL: undefined }), { message: /^TRAPEZA_MESSAGES_URL is not set/ });
  for (const from of [undefined, "meals", "a@b.ru, c@d.ru"])
    t.throws(() => readCloudConfig({ ...whole, TRAPEZA_SMTP_FROM: from }), { message: /^TRAPEZA_SMTP_FROM is / }, from);
  const wrong = ["https://meals:secret@mail.example", "smtp://", "smtps://meals:secret@mail.example/x"];
  for (const url of [...wrong, "smtps://meals:secret%off@mail.example", "smtps://meals:12#secret@mail.example"]) {
    const error = t.throws(() => readCloudConfig({ ...whole, TRAPEZA_SMTP_URL: url }), { message: /^TRAPEZA_SMTP_URL is / }, url);
    t.false(error.message.includes("secret"));
  }
});

test("a provider of receipts is read whole, or the one that is missing or wrong is named", (t) => {
  const whole = {
    ...{ ...good, TRAPEZA_FISCAL_URL: "https://online.example/possystem/v4/", TRAPEZA_FISCAL_FOR: "remote,till" },
    ...{ TRAPEZA_FISCAL_GROUP: "g", TRAPEZA_FISCAL_LOGIN: "l", TRAPEZA_FISCAL_PASSWORD: "p", TRAPEZA_FISCAL_INN: "7707083893" },
    ...{ TRAPEZA_FISCAL_TAX: "usn_income", TRAPEZA_FISCAL_PLACE: "meals.example", TRAPEZA_FISCAL_EMAIL: "meals@school.example" },
  };
  t.deepEqual(readCloudConfig(whole).fiscal, {
    ...{ url: "https://online.example/possystem/v4", operations: ["remote", "till"], group: "g", login: "l", password: "p" },
    ...{ inn: "7707083893", tax: "usn_income", place: "meals.example", email: "meals@school.example" },
  });
  for (const name of Object.keys(whole).filter((key) => /FISCAL_[^U]/.test(key)))
    t.throws(() => readCloudConfig({ ...whole, [name]: undefined }), { message: new RegExp("^" + name + " is not set") }, name);
  for (const [name, value] of [["URL", "http://online.example"], ["FOR", "remote,fax"], ["INN", "12"], ["TAX", "none"], ["EMAIL", "meals"]])
    t.throws(() => readCloudConfig({ ...whole, ["TRAPEZA_FISCAL_" + name]: value }), { message: /^TRAPEZA_FISCAL_/ }, name); // prettier-ignore
});

test("somebody who vouches for guardians is read whole, and over https unless on this machine", (t) => {
  const whole = {
    ...{ ...good, TRAPEZA_OIDC_ISSUER: "https://id.example", TRAPEZA_OIDC_CLIENT: "trapeza" },
    ...{ TRAPEZA_OIDC_SECRET: "secret", TRAPEZA_OIDC_NAME: "Госуслуги" },
  };
  t.is(readCloudConfig(good).identity, null);
  const read = { issuer: "https://id.example", clientId: "trapeza", clientSecret: "secret", name: "Госуслуги" };
  t.deepEqual(readCloudConfig(whole).identity, read);
  t.is(readCloudConfig({ ...whole, TRAPEZA_OIDC_ISSUER: "http://127.0.0.1:9002" }).identity?.issuer, "http://127.0.0.1:9002");
  for (const url of ["http://id.example", "id.example", "https://"])
    t.throws(() => readCloudConfig({ ...whole, TRAPEZA_OIDC_ISSUER: url }), { message: /^TRAPEZA_OIDC_ISSUER is / }, url);
  for (const name of ["TRAPEZA_OIDC_CLIENT", "TRAPEZA_OIDC_SECRET", "TRAPEZA_OIDC_NAME"])
    t.throws(() => readCloudConfig({ ...whole, [name]: undefined }), { message: new RegExp("^" + name + " is not set") });
});

const bank = {
  TRAPEZA_ACQUIRER_URL: "https://bank.example/rest",
  TRAPEZA_ACQUIRER_USER: "school",
  TRAPEZA_ACQUIRER_PASSWORD: "secret",
  TRAPEZA_ACQUIRER_CALLBACK_KEY: "key",
};

test("a network's password is read with or without an acquirer, and a short one is refused", (t) => {
  const network = { ...good, TRAPEZA_NETWORK_PASSWORD: "sixteen signs or more" };
  t.is(readCloudConfig(network).payments?.networkPassword, "sixteen signs or more");
  t.is(readCloudConfig({ ...network, ...bank }).payments?.networkPassword, "sixteen signs or more");
  for (const weak of ["short", "0123401234012340"])
    t.throws(() => readCloudConfig({ ...good, TRAPEZA_NETWORK_PASSWORD: weak }), { message: /^TRAPEZA_NETWORK_PASSWORD is "…"/ });
});

test("payments are read whole, or the one that is missing or wrong is named", (t) => {
  const read = (more: { [name: string]: string | undefined }) => readCloudConfig({ ...good, ...bank, ...more }).payments;
  const payments = read({ TRAPEZA_PAY_BY: "card,sbp", TRAPEZA_PAYMENT_FEE: "200", TRAPEZA_CREDIT_ON: "settlement" });
  t.deepEqual(payments?.ways, ["card", "sbp"]);
  t.is(payments?.policy.creditOn, "settlement");
  t.is(payments?.policy.fees.sbp?.basisPoints, 200);
  const wrong: [string, string | undefined][] = [
    ["TRAPEZA_ACQUIRER_URL", "bank"],
    ["TRAPEZA_ACQUIRER_USER", undefined],
    ["TRAPEZA_ACQUIRER_PASSWORD", ""],
    ["TRAPEZA_ACQUIRER_CALLBACK_KEY", undefined],
    ["TRAPEZA_PAY_BY", "cash"],
    ["TRAPEZA_PAYMENT_FEE", "2%"],
    ["TRAPEZA_CREDIT_ON", "tomorrow"],
  ];
  for (const [name, value] of wrong) t.throws(() => read({ [name]: value }), { message: new RegExp("^" + name + " is ") });
});

const WRONG: [setting: string, value: string | undefined][] = [
  ["TRAPEZA_CLOUD_DATA", undefined],
  ["TRAPEZA_CLOUD_DATA", ""],
  ["TRAPEZA_HOUSE", undefined],
  ["TRAPEZA_HOUSE", "Трапеза"],
  ["TRAPEZA_HOUSE", "localhost"],
  ["TRAPEZA_CLOUD_PORT", "http"],
  ["TRAPEZA_CLOUD_PORT", "65536"],
  ["TRAPEZA_CLOUD_PORT", "-1"],
  ["DATABASE_URL", "mysql://localhost/x"],
  ["DATABASE_URL", ""],
  ["TRAPEZA_CARD_DAYS", "0"],
  ["TRAPEZA_CARD_DAYS", "31"],
  ["TRAPEZA_PUBLIC_URL", "meals.example"],
  ["TRAPEZA_MESSAGES_URL", "mailto:anna@example.ru"],
];

for (const [setting, value] of WRONG) {
  test("a wrong setting is named with its value: " + setting + " = " + value, (t) => {
    const error = t.throws(() => readCloudConfig({ ...good, [setting]: value }));
    t.true(
      error.message.startsWith(setting + (value === undefined ? " is not set" : " is " + JSON.stringify(value)) + "; it must be "),
      error.message,
    );
  });
}

test("a connection string that is none is not shown: a password may stand in it", (t) => {
  const wrong = t.throws(() => readCloudConfig({ ...good, DATABASE_URL: "mysql://trapeza:secret-word@db/meals" }));
  t.regex(wrong?.message ?? "", /^DATABASE_URL is "mysql:\/\/…@db\/meals"; it must be postgres:/);
});
