/** The SQL of people: birth dates, guardians, who has left. */
import type { BusinessDate } from "@trapeza/protocol";
import { inSlices } from "../../store/slices.js";
import type { OfficeDatabase, OfficeTransaction } from "../store/open.js";
import type { Known } from "./import-plan.js";

export interface PupilRow extends Known {
  readonly leftOn: BusinessDate | null;
  readonly erasedMs: number | null;
}

const NOTHING: PupilRow = { born: null, guardians: [], leftOn: null, erasedMs: null };

/** By account; who has no row is nobody special. */
export async function knownPupils(database: OfficeDatabase, school: number): Promise<Map<number, PupilRow>> {
  const [pupils, guardians] = await Promise.all([
    database.selectFrom("officePupils").selectAll().where("school", "=", school).execute(),
    database.selectFrom("officeGuardians").selectAll().where("school", "=", school).orderBy("phone").execute(),
  ]);
  const known = new Map<number, PupilRow>();
  for (const { account, born, leftOn, erasedMs } of pupils) {
    known.set(account, { ...NOTHING, born: born as BusinessDate | null, leftOn: leftOn as BusinessDate | null, erasedMs });
  }
  for (const { account, phone, name } of guardians) {
    const before = known.get(account) ?? NOTHING;
    known.set(account, { ...before, guardians: [...before.guardians, { phone, name }] });
  }
  return known;
}

/** Adds guardians beside those there are; a birth date that is not known replaces none. */
export async function putPupils(transaction: OfficeTransaction, school: number, pupils: ReadonlyMap<number, Known>): Promise<void> {
  const rows = [...pupils].map(([account, { born }]) => ({ school, account, born, leftOn: null, erasedMs: null }));
  await inSlices(rows, (slice) =>
    transaction
      .insertInto("officePupils")
      .values(slice)
      .onConflict((conflict) =>
        conflict.columns(["school", "account"]).doUpdateSet((e) => ({ born: e.fn.coalesce("excluded.born", "officePupils.born") })),
      ),
  );
  // A list that names one phone twice for one child would otherwise meet its own row.
  const guardians = new Map<string, { school: number; account: number; phone: string; name: string }>();
  for (const [account, known] of pupils) {
    for (const { phone, name } of known.guardians) guardians.set(account + " " + phone, { school, account, phone, name });
  }
  await inSlices([...guardians.values()], (slice) =>
    transaction
      .insertInto("officeGuardians")
      .values(slice)
      .onConflict((conflict) => conflict.columns(["school", "account", "phone"]).doUpdateSet((e) => ({ name: e.ref("excluded.name") }))),
  );
}

/** Exactly what is given: the rest is forgotten. */
export async function replacePupil(transaction: OfficeTransaction, school: number, account: number, known: Known | null): Promise<void> {
  await transaction.deleteFrom("officeGuardians").where("school", "=", school).where("account", "=", account).execute();
  const forget = transaction.updateTable("officePupils").set({ born: known?.born ?? null });
  await forget.where("school", "=", school).where("account", "=", account).execute();
  if (known) await putPupils(transaction, school, new Map([[account, known]]));
}
