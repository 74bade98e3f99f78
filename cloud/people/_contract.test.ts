/** What every store of people must keep, run against memory and PostgreSQL. */
import type { TestFn } from "ava";
import type { Store } from "../store/store.js";
import { RIGHTS } from "./shares.js";
import type { ChallengeRow } from "./store.js";

type Open = () => Promise<{ store: Store; school: number }>;

const hashOf = (school: number, letter: string) => String(school).padStart(64, letter);

export function testPeople(test: TestFn, name: string, opened: Open): void {
  testGuardians(test, name, opened);
  testIdentities(test, name, opened);
  testProofs(test, name, opened);
  testShares(test, name, opened);
}

function testIdentities(test: TestFn, name: string, opened: Open): void {
  test(name + ": an identity lets one guardian in, and a guardian has one at a time", async (t) => {
    const { store, school } = await opened();
    const { people } = store;
    const [anna, boris] = ["1", "2"].map((last) => "79" + String(school).padStart(8, "0") + last);
    for (const phone of [anna, boris]) await people.putGuardian({ phone, name: "Анна", password: "scrypt$1" }, []);
    const [first, second] = ["first", "second"].map((subject) => ({ issuer: "https://id.example", subject: subject + school }));
    const other = { ...first, issuer: "https://other.example" };
    t.true(await people.putIdentity(anna, first, 5));
    t.false(await people.putIdentity(boris, first, 6), "somebody else's");
    t.true(await people.putIdentity(boris, other, 7), "the same name of another provider");
    t.true(await people.putIdentity(anna, second, 8));
    t.deepEqual([await people.identified(first), await people.identified(second), await people.identified(other)], [null, anna, boris]);
    t.is(await people.identitySince(anna), 8);
    await people.dropIdentity(boris);
    t.is(await people.identitySince(boris), null);
    await people.eraseGuardian(anna);
    t.is(await people.identified(second), null);
  });
}

function testGuardians(test: TestFn, name: string, opened: Open): void {
  test(name + ": a guardian has children, a new password and sessions that end", async (t) => {
    const { store, school } = await opened();
    const { people } = store;
    const phone = "7900" + String(school).padStart(7, "0");
    const guardian = { phone, name: "Анна", password: "scrypt$1" };
    const [one, two] = [7, 9].map((account) => ({ school, account }));
    await people.putGuardian(guardian, [two]);
    await people.putGuardian({ ...guardian, password: "scrypt$2" }, [one, two]);
    t.deepEqual(await people.guardian(phone), { ...guardian, password: "scrypt$2" });
    t.deepEqual(await people.children(phone), [one, two]);
    t.is(await people.guardian("79990000000"), null);
    const session = { phone, createdMs: 1000, expiresMs: 5000, agent: "Firefox" };
    const [first, second, third] = ["a", "b", "c"].map((letter) => hashOf(school, letter));
    await people.putSession(first, session);
    await people.putSession(second, { ...session, createdMs: 2000 });
    await people.putSession(third, { ...session, createdMs: 3000, expiresMs: 9000 });
    t.deepEqual(await people.session(first), session);
    t.deepEqual((await people.sessions(phone)).map(({ tokenHash }) => tokenHash), [third, second, first]); // prettier-ignore
    await people.dropSession(third);
    await people.dropSessions(phone, second);
    t.deepEqual((await people.sessions(phone)).map(({ tokenHash }) => tokenHash), [second]); // prettier-ignore
    await people.dropExpired(5000);
    t.is(await people.session(second), null);
  });

  test(name + ": a child is seen by the school's list of phones, until the guardian does not want to", async (t) => {
    const { store, school } = await opened();
    const { people } = store;
    const phone = "7901" + String(school).padStart(7, "0");
    const child = { school, account: 7 };
    await people.setSchoolPhones(child, [phone, "79990000001"]);
    t.deepEqual(await people.children(phone), [child], "before anybody registers");
    t.deepEqual(await people.guardiansOf(child), []);
    const contact = { email: "Anna@example.ru", isConfirmed: false, language: "en" } as const;
    const guardian = { phone, name: "Анна", password: "scrypt$1" };
    t.true(await people.addGuardian(guardian, contact));
    t.false(await people.addGuardian({ ...guardian, name: "Другая" }, contact));
    t.deepEqual(await people.contact(phone), contact);
    t.deepEqual(await people.guardiansOf(child), [guardian]);
    await people.unlink(phone, child);
    t.deepEqual(await people.children(phone), []);
    await people.link(phone, child);
    t.deepEqual(await people.children(phone), [child]);
    await people.setSchoolPhones(child, ["79990000002"]);
    t.deepEqual(await people.schoolPhones(child), ["79990000002"]);
    t.deepEqual(await people.children(phone), [child], "linked by hand, it stays");
    t.deepEqual(await people.guardiansWith("anna@example.ru"), [], "not proved yet");
    await people.setContact(phone, { ...contact, email: school + "@Example.ru", isConfirmed: true });
    t.deepEqual(await people.guardiansWith(school + "@example.RU"), [guardian]);
    await people.putSession(hashOf(school, "d"), { phone, createdMs: 0, expiresMs: 1, agent: "" });
    await people.eraseGuardian(phone);
    t.deepEqual([await people.guardian(phone), await people.session(hashOf(school, "d"))], [null, null]);
    t.deepEqual(await people.children(phone), []);
  });
}

function testProofs(test: TestFn, name: string, opened: Open): void {
  test(name + ": a challenge is tried a few times and taken once; a one-time password is used once", async (t) => {
    const { store, school } = await opened();
    const { people } = store;
    const row: ChallengeRow = { tokenHash: hashOf(school, "e"), kind: "register", expiresMs: 9000, codeHash: "x", payload: "{}" };
    await people.putChallenge(row, 2);
    const tried = await Promise.all([1, 2, 3].map(() => people.tryChallenge(row.tokenHash)));
    t.deepEqual(tried.filter((found) => found !== null), [row, row]); // prettier-ignore
    const taken = await Promise.all([1, 2].map(() => people.takeChallenge(row.tokenHash)));
    t.deepEqual(taken.sort(), [false, true]);
    await people.putChallenge({ ...row, expiresMs: 5 }, 2);
    await people.dropExpired(5);
    t.is(await people.tryChallenge(row.tokenHash), null);
    const used = await Promise.all([1, 2].map(() => people.useCode("d" + school, 1)));
    t.deepEqual(used.sort(), [false, true]);
  });
}

function testShares(test: TestFn, name: string, opened: Open): void {
  test(name + ": what is shared holds while its giver has the child, and nobody needs a gift of what is theirs", async (t) => {
    const { store, school } = await opened();
    const { people } = store;
    const [mother, grandmother, nanny] = [4, 5, 6].map((n) => "79" + String(school).padStart(8, "0") + n);
    const child = { school, account: 7 };
    for (const phone of [mother, grandmother, nanny]) await people.putGuardian({ phone, name: "Имя " + phone, password: "scrypt$1" }, []);
    await people.setSchoolPhones(child, [mother]);
    const offer = (letter: string, rights: readonly (typeof RIGHTS)[number][]) =>
      people.putInvitation({ tokenHash: hashOf(school, letter), ...child, givenBy: mother, rights, expiresMs: 9000 });
    await offer("a", ["see", "pay"]);
    await offer("b", ["order"]);
    t.deepEqual((await people.invitationsOf(child)).map(({ rights }) => rights), [["see", "pay"], ["order"]]); // prettier-ignore
    t.is((await people.invitation(hashOf(school, "a")))?.givenBy, mother);
    const taken = await Promise.all([1, 2].map(() => people.takeInvitation(hashOf(school, "a"), grandmother)));
    t.deepEqual(taken.sort(), [false, true], "once");
    t.true(await people.takeInvitation(hashOf(school, "b"), nanny));
    t.deepEqual(await people.sights(mother), [{ ...child, rights: RIGHTS, isOwn: true }]);
    const shared = { ...child, rights: ["see", "pay"], isOwn: false };
    t.deepEqual(await people.sights(grandmother), [shared]);
    t.deepEqual(await people.children(grandmother), [], "it is not their own");
    const names = async () => (await people.guardiansOf(child)).map(({ phone }) => phone);
    t.deepEqual(await names(), [mother, grandmother], "who may not see is told nothing");
    t.deepEqual(await people.sharesOf(child), [
      { phone: grandmother, name: "Имя " + grandmother, rights: ["see", "pay"] },
      { phone: nanny, name: "Имя " + nanny, rights: ["order"] },
    ]);
    await people.setRights(grandmother, child, ["pay"]);
    t.deepEqual(await people.sights(grandmother), [{ ...shared, rights: ["pay"] }]);
    await people.setSchoolPhones(child, []);
    t.deepEqual([await people.sights(grandmother), await people.sharesOf(child)], [[], []], "the giver has the child no more");
    await people.link(mother, child);
    t.is((await people.sights(grandmother)).length, 1);
    await people.unlink(mother, child);
    t.deepEqual(await people.sights(grandmother), []);
    await people.setSchoolPhones(child, [grandmother]);
    await people.link(mother, child);
    t.deepEqual(await people.sights(grandmother), [{ ...child, rights: RIGHTS, isOwn: true }], "by the school's list it is theirs");
    await people.dropShare(nanny, child);
    t.deepEqual(await people.sights(nanny), []);
    await offer("c", ["see"]);
    await offer("d", ["see"]);
    t.true(await people.takeInvitation(hashOf(school, "c"), nanny));
    await people.eraseGuardian(mother);
    t.deepEqual([await people.sights(nanny), await people.invitationsOf(child)], [[], []]);
  });

  test(name + ": old invitations are forgotten, and one that is withdrawn is gone", async (t) => {
    const { store, school } = await opened();
    const { people } = store;
    const givenBy = "79" + String(school).padStart(8, "0") + "7";
    await people.putGuardian({ phone: givenBy, name: "Анна", password: "scrypt$1" }, []);
    const row = { school, account: 8, givenBy, rights: ["see"] as const };
    for (const [letter, expiresMs] of [
      ["e", 1000],
      ["f", 2000],
      ["9", 2001],
    ] as const)
      await people.putInvitation({ ...row, tokenHash: hashOf(school, letter), expiresMs });
    await people.dropOldInvitations(1000);
    t.is((await people.invitationsOf(row)).length, 2);
    await people.dropInvitation(hashOf(school, "f"));
    t.deepEqual((await people.invitationsOf(row)).map(({ expiresMs }) => expiresMs), [2001]); // prettier-ignore
    t.false(await people.takeInvitation(hashOf(school, "f"), givenBy));
  });
}
