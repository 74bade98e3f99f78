/** The same in memory. What has lost its guardian is no wish any more. */
import type { ChildLink } from "../people/child.js";
import type { PeopleStore } from "../people/store.js";
import type { MonthlyStatement, StatementStore } from "./store.js";

export function createStatementMemory(people: Pick<PeopleStore, "guardian">): StatementStore {
  const rows = new Map<string, MonthlyStatement>();
  const rests = new Map<string, number>();
  const keyOf = (phone: string, { school, account }: ChildLink) => [phone, school, account].join("/");
  return {
    isMonthly: async (phone, child) => rows.has(keyOf(phone, child)) && (await people.guardian(phone)) !== null,
    async beginMonthly(phone, { school, account }, toldThrough) {
      const key = keyOf(phone, { school, account });
      if (!rows.has(key)) rows.set(key, { phone, school, account, toldThrough });
    },
    async endMonthly(phone, child) {
      rows.delete(keyOf(phone, child));
      rests.delete(keyOf(phone, child));
    },
    async monthlyDue(before, nowMs, limit) {
      const due = [...rows].filter(([key, { toldThrough }]) => toldThrough < before && (rests.get(key) ?? 0) <= nowMs);
      return due
        .map(([, row]) => row)
        .sort((a, b) => a.toldThrough - b.toldThrough)
        .slice(0, limit);
    },
    async monthlyRests(phone, child, untilMs) {
      rests.set(keyOf(phone, child), untilMs);
    },
    async monthlyTold(phone, child, through) {
      const row = rows.get(keyOf(phone, child));
      if (row && row.toldThrough < through) rows.set(keyOf(phone, child), { ...row, toldThrough: through });
    },
  };
}
