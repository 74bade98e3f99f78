/** The first person of an office: whoever installs it makes them by hand, beside a cloud that may be running. Everybody else is added by them. */
import { writeTrail } from "./trail.js";
import { createStaffDesk } from "./staff.js";
import type { NewStaff } from "./staff.js";
import { openOfficeDatabase } from "./store/open.js";

export interface HiringOptions {
  /** Of a database that a cloud has opened before. */
  readonly url: string;
  /** The cloud's, from its key file. */
  readonly seed: Uint8Array;
  readonly nowMs: number;
}

/** Adds the person or gives one a new password; what they had open ends. The second factor stays as it is. */
export async function hireStaff({ url, seed, nowMs }: HiringOptions, staff: NewStaff): Promise<void> {
  const database = openOfficeDatabase({ url, onError: () => undefined });
  try {
    const desk = createStaffDesk({ database, now: () => nowMs, seed });
    const { login, name, role, school } = staff;
    await database.transaction().execute(async (transaction) => {
      await desk.put(transaction, staff);
      await desk.close(transaction, login, { active: true, forget: false });
      const change = { login: "system", school: null, what: "staff.put", subject: "staff " + login };
      await writeTrail(transaction, nowMs, {
        ...change,
        before: null,
        after: { login, name, role, school, class: staff.class, own: staff.own },
      });
    });
  } finally {
    await database.destroy();
  }
}
