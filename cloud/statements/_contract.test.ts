/** What a store must keep of monthly statements: run against memory and PostgreSQL by the tests beside store/. */
import type { TestFn } from "ava";
import type { BusinessDate } from "@trapeza/protocol";
import type { Store } from "../store/store.js";

type Open = () => Promise<{ store: Store; school: number }>;

export function testStatements(test: TestFn, name: string, opened: Open): void {
  test(name + ": a monthly statement is due once a month, never told back, and ends with the wish or the guardian", async (t) => {
    const { store, school } = await opened();
    const { statements, people } = store;
    const day = (date: number) => date as BusinessDate;
    const phone = "79" + String(school).padStart(8, "0") + "5";
    const [one, two] = [7, 8].map((account) => ({ school, account }));
    await people.putGuardian({ phone, name: "Анна", password: "scrypt$1" }, []);
    for (const child of [one, two]) await statements.beginMonthly(phone, child, day(100));
    await statements.beginMonthly(phone, one, day(50));
    const due = async (before: number, nowMs = 0) =>
      (await statements.monthlyDue(day(before), nowMs, 1000))
        .filter((row) => row.phone === phone)
        .map(({ account, toldThrough }) => [account, toldThrough]);
    t.deepEqual(await due(100), []);
    t.deepEqual(await due(101), [[7, 100], [8, 100]]); // prettier-ignore
    await statements.monthlyRests(phone, one, 50);
    t.deepEqual(await due(101, 49), [[8, 100]], "it rests"); // prettier-ignore
    t.is((await due(101, 50)).length, 2);
    await statements.monthlyTold(phone, one, day(130));
    await statements.monthlyTold(phone, one, day(120));
    t.deepEqual(await due(131, 50), [[8, 100], [7, 130]]); // prettier-ignore
    await statements.endMonthly(phone, two);
    t.deepEqual([await statements.isMonthly(phone, one), await statements.isMonthly(phone, two)], [true, false]);
    await people.eraseGuardian(phone);
    t.false(await statements.isMonthly(phone, one));
  });
}
