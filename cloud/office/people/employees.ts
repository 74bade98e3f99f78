/** The school's own staff as its terminals know them: teachers, cashiers, whoever else has a card. */
import { STAFF_ROLES } from "@trapeza/protocol";
import type { BusinessDate, StaffRole } from "@trapeza/protocol";
import type { Office } from "../office.js";
import type { Who } from "./import-desk.js";
import { isName, splitName } from "./person.js";

export interface Employee {
  readonly name: string;
  readonly role: StaffRole;
  /** Whose class teacher; only of teachers. */
  readonly class: number | null;
}

export interface Gone {
  readonly leftOn: BusinessDate;
  readonly erasedMs: number | null;
}

/** Who has left, by number. */
export async function goneEmployees({ database }: Office, school: number): Promise<Map<number, Gone>> {
  const rows = await database.selectFrom("officeEmployees").selectAll().where("school", "=", school).execute();
  return new Map(rows.map(({ staff, leftOn, erasedMs }) => [staff, { leftOn: leftOn as BusinessDate, erasedMs }]));
}

/** `number` null: a new one. Returns their number; `null` when the name is none, or there is no such person, role or class. */
export async function mendEmployee(office: Office, { login, school }: Who, number: number | null, to: Employee): Promise<number | null> {
  const told = (await office.told(school)).school;
  const before = number === null ? null : (told.staff.get(number) ?? null);
  const name = splitName(to.name);
  const isWritten = isName(name.surname) && isName(name.given) && (name.patronymic === "" || isName(name.patronymic));
  const isKnown = STAFF_ROLES.includes(to.role) && (to.class === null || (to.role === "teacher" && told.classes.has(to.class)));
  if (number !== null && (await goneEmployees(office, school)).has(number)) return null;
  if (!isWritten || !isKnown || (number !== null && before === null)) return null;
  const id = number ?? Math.max(0, ...told.staff.keys()) + 1;
  return office.change({ login, school, what: "employees.put", subject: "employee " + id }, async () => ({
    ...{ before, after: to, value: id },
    directives: [{ kind: "SetStaff", id, ...to }],
  }));
}
