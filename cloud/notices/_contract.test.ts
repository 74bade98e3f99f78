/** What every store of notices must keep, run against memory and PostgreSQL. */
import type { TestFn } from "ava";
import type { BusinessDate } from "@trapeza/protocol";
import type { Store } from "../store/store.js";
import { USUAL_WISHES } from "./store.js";
import type { ToTell } from "./store.js";

type Open = () => Promise<{ store: Store; school: number }>;

const bytes = (fill: number) => new Uint8Array(32).fill(fill);

function upload(store: Store, school: number, from: number, notices: readonly ToTell[]): Promise<boolean> {
  return store.append({
    ...{ school, epoch: 1, from, root: bytes(9), checkpoint: "note " + from, transactions: [], findings: [], directives: [], notices },
    entries: notices.map(({ index }) => ({ epoch: 1, index, bytes: bytes(index), leaf: bytes(index) })),
    accountEntries: notices.map(({ index, account }) => ({ account, index, date: 100 as BusinessDate })),
  });
}

export function testNotices(test: TestFn, name: string, opened: Open): void {
  test(name + ": what an upload has to tell waits for whoever sees the child and can be reached, until it was told", async (t) => {
    const { store, school } = await opened();
    const { people, notices } = store;
    const [mother, father, stranger] = [1, 2, 3].map((n) => "79" + String(school).padStart(8, "0") + n);
    for (const phone of [mother, father, stranger]) {
      const contact = { email: "a@example.ru", isConfirmed: phone !== father, language: "ru" } as const;
      await people.addGuardian({ phone, name: "Анна", password: "scrypt$1" }, contact);
      if (phone !== stranger) await people.link(phone, { school, account: 7 });
    }
    const rows = [0, 1].map((index) => ({ account: 7, index }));
    t.true(await upload(store, school, 0, rows));
    t.false(await upload(store, school, 0, rows), "the same once more changes nothing");
    const waiting = await notices.waiting(mother, "mail", 10);
    t.deepEqual(waiting.map(({ id: _, ...rest }) => rest), rows.map((row) => ({ school, epoch: 1, ...row }))); // prettier-ignore
    for (const [phone, channel] of [
      [mother, "push"],
      [father, "mail"],
      [father, "push"],
      [stranger, "mail"],
    ] as const)
      // prettier-ignore
      t.deepEqual(await notices.waiting(phone, channel, 10), [], phone + channel);
    const isDue = async (nowMs: number) => (await notices.due(nowMs, 1000)).some(({ phone }) => phone === mother);
    t.true(await isDue(1000));
    await notices.told(mother, "mail", [waiting[0].id], 5000);
    t.false(await isDue(4999));
    t.true(await isDue(5000));
    await notices.told(mother, "mail", [waiting[1].id], 5000);
    t.false(await isDue(9000));
  });

  test(name + ": wishes are kept, and a browser belongs to who was last logged in there", async (t) => {
    const { store, school } = await opened();
    const { people, notices } = store;
    const [one, two] = [4, 5].map((n) => "79" + String(school).padStart(8, "0") + n);
    for (const phone of [one, two]) await people.putGuardian({ phone, name: "Анна", password: "scrypt$1" }, []);
    t.deepEqual(await notices.wishes(one), USUAL_WISHES);
    const wishes = { mail: ["low"], push: [], lowKopecks: 12345, quietNights: false } as const;
    await notices.setWishes(one, { ...wishes, lowKopecks: 1 });
    await notices.setWishes(one, wishes);
    t.deepEqual(await notices.wishes(one), wishes);
    const address = { endpoint: "https://push.example/" + school, p256dh: "p", auth: "a" };
    await notices.addAddress(one, address);
    await notices.addAddress(two, { ...address, auth: "b" });
    t.deepEqual(await notices.addresses(one), []);
    t.deepEqual(await notices.addresses(two), [{ ...address, auth: "b" }]);
    await notices.dropAddress(address.endpoint);
    t.deepEqual(await notices.addresses(two), []);
  });
}
