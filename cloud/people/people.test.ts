import test from "ava";
import { createMemoryStore } from "../store/memory.js";
import { hashPassword, isWeakPassword, passwordMatches } from "./password.js";
import { parsePhone } from "./phone.js";
import { SESSION_MS, createPortal } from "./portal-session.js";

const phone = "79001234567";

async function portalWith(password: string) {
  const store = createMemoryStore();
  await store.people.putGuardian({ phone, name: "Анна", password: await hashPassword(password) }, []);
  const clock = { ms: 0 };
  return { portal: createPortal({ store: store.people, now: () => clock.ms, secret: new Uint8Array(32) }), clock, store };
}

test("a phone is read as people write it", (t) => {
  for (const text of ["+7 (900) 123-45-67", "8 900 1234567", "9001234567", "79001234567"]) t.is(parsePhone(text), phone, text);
  for (const text of ["", "12345", "+7 900 CAT", "7900123456789012"]) t.is(parsePhone(text), null, text);
});

test("a password matches its hash and no other; two hashes of one password differ", async (t) => {
  const [one, two] = await Promise.all([hashPassword("каша манная"), hashPassword("каша манная")]);
  t.not(one, two);
  t.true(await passwordMatches("каша манная", one));
  t.false(await passwordMatches("каша гречневая", one));
  t.false(await passwordMatches("", null));
});

test("what is guessed first is no password: figures, rows of keys, one sign again, the words that everybody takes", (t) => {
  const weak = [
    "12345678",
    "aaaaaaaaaaaa",
    "абабабабабаб",
    "qwertyuiop",
    "Йцукенгшщ",
    "poiuytrewq",
    "1qaz2wsx",
    "Password123",
    "пароль2026",
    "89001234567",
  ];
  for (const password of [...weak, "01.09.2015", "+7 900 123-45-67", "abcdefgh", "qwerty12345"]) t.true(isWeakPassword(password), password);
  const good = ["каша манная", "новый пароль", "correct horse", "trapeza-482913", "каша манная сладкая", "Tr0ub4dor&3", "чужой пароль"];
  for (const password of good) t.false(isWeakPassword(password), password);
});

test("a session opens with the password and ends by itself", async (t) => {
  const { portal, clock } = await portalWith("каша манная");
  t.deepEqual(await portal.logIn(phone, "не та"), { kind: "wrong" });
  t.deepEqual(await portal.logIn("79990000000", "каша манная"), { kind: "wrong" });
  const opened = await portal.logIn(phone, "каша манная");
  const token = opened.kind === "in" ? opened.token : "";
  t.is((await portal.whoIs(token))?.name, "Анна");
  t.is(await portal.whoIs(token + "x"), null);
  t.is(await portal.whoIs(undefined), null);
  clock.ms = SESSION_MS;
  t.is(await portal.whoIs(token), null);
});

test("who logs out is out", async (t) => {
  const { portal } = await portalWith("каша манная");
  const opened = await portal.logIn(phone, "каша манная");
  const token = opened.kind === "in" ? opened.token : "";
  await portal.logOut(token);
  t.is(await portal.whoIs(token), null);
});

test("after five wrong passwords even the right one waits a quarter of an hour", async (t) => {
  const { portal, clock } = await portalWith("каша манная");
  await Promise.all(Array.from({ length: 5 }, () => portal.logIn(phone, "не та")));
  t.is((await portal.logIn(phone, "каша манная")).kind, "wait");
  clock.ms = 15 * 60 * 1000;
  t.is((await portal.logIn(phone, "каша манная")).kind, "in");
});
