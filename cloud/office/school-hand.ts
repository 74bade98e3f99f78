/** A school opened or told its settings by a hand beside a cloud that may be running: rows, trail and what is to be told are one transaction. */
import { decodeEntry, decodeWhole, directiveSchema } from "@trapeza/protocol";
import type { Directive } from "@trapeza/protocol";
import { sql } from "kysely";
import { openBeside } from "../store/postgres.js";
import type { Store } from "../store/store.js";
import { putDirectives } from "./outbox.js";
import { subjectOf, untold } from "./school-plan.js";
import type { SchoolPlan } from "./school-plan.js";
import { openOfficeDatabase } from "./store/open.js";
import type { OfficeDatabase } from "./store/open.js";
import { writeTrail } from "./trail.js";

const ROWS_A_PAGE = 1000;

export interface SchoolSet {
  readonly isNew: boolean;
  /** What was not so before: "school", "terminal 2". */
  readonly changed: readonly string[];
}

/** `url`: of a database that a cloud has opened before. Throws what {@link untold} throws. */
export async function setSchool(url: string, plan: SchoolPlan, nowMs: number): Promise<SchoolSet> {
  const options = { url, onError: () => undefined };
  const store = openBeside(options);
  const database = openOfficeDatabase(options);
  try {
    const known = (await store.schools()).find(({ id }) => id === plan.number);
    const isNew = known === undefined;
    const news = untold(plan, isNew ? [] : await toldTo(store, database, plan.number));
    if (isNew) await store.addSchool({ id: plan.number, label: plan.name });
    if (news.length === 0) return { isNew, changed: [] };
    const changed = news.map((directive) => subjectOf(directive) as string);
    await database.transaction().execute(async (transaction) => {
      const change = { login: "system", school: plan.number, what: "school.set", subject: "school " + plan.number };
      await writeTrail(transaction, nowMs, { ...change, before: null, after: news });
      await putDirectives(transaction, plan.number, news);
      // What the operator's own pages call it; a name that has changed is among the news.
      if (known && known.label !== plan.name)
        await sql`update schools set label = ${plan.name} where id = ${plan.number}`.execute(transaction);
    });
    return { isNew, changed };
  } finally {
    await database.destroy();
    await store.close();
  }
}

/** Everything that the school's log says, and behind it what waits to get there. */
async function toldTo(store: Store, database: OfficeDatabase, school: number): Promise<Directive[]> {
  const told: Directive[] = [];
  const take = (bytes: Uint8Array): void => {
    const read = decodeWhole(directiveSchema, bytes);
    if (read.ok) told.push(read.value);
  };
  for (let from = 0; ; from += ROWS_A_PAGE) {
    const rows = await store.directives(school, from, ROWS_A_PAGE);
    for (const { bytes } of rows) {
      const entry = decodeEntry(bytes);
      if (entry.ok) take(entry.value.event);
    }
    if (rows.length < ROWS_A_PAGE) break;
  }
  const waiting = await database.selectFrom("officeOutbox").select("directive").where("school", "=", school).orderBy("id").execute();
  for (const { directive } of waiting) take(directive);
  return told;
}
