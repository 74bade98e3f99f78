/** The same in memory. What has lost its guardian is no wish any more. */
import type { ChildLink } from "../people/child.js";
import type { PeopleStore } from "../people/store.js";
import type { MonthlyStatement, StatementStore } from "./store.js";

export function createStatementMemory(people: Pick<PeopleStore, "guardian">): StatementStore {
  const rows = new Map<string, MonthlyStatement>();
  const keyOf = (phone: string, { school, account }: ChildLink) => [phone, school, account].join("/");
  return {
    isMonthly: async (phone, child) => rows.has(keyOf(phone, child)) && (await people.guardian(phone)) !== null,
    async beginMonthly(phone, { school, account }, toldThrough) {
      const key = keyOf(phone, { school, account });
      if (!rows.has(key)) rows.set(key, { phone, school, account, toldThrough });
    },
    async endMonthly(phone, child) {
      rows.delete(keyOf(phone, child));
    },
    async monthlyDue(before, limit) {
      const due = [...rows.values()].filter(({ toldThrough }) => toldThrough < before).sort((a, b) => a.toldThrough - b.toldThrough);
      return due.slice(0, limit);
    },
    async monthlyTold(phone, child, through) {
      const row = rows.get(keyOf(phone, child));
      if (row && row.toldThrough < through) rows.set(keyOf(phone, child), { ...row, toldThrough: through });
    },
  };
}
