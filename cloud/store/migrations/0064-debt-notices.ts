/** Whoever has chosen to hear of a low purse hears of debt as well, and by the same ways. */
import { sql } from "kysely";
import type { Kysely } from "kysely";

const wishes = ["mail", "push"]
  .map(
    (channel) =>
      `update notice_wishes set ${channel} = ${channel} || '{debt}' where 'low' = any (${channel}) and 'debt' <> all (${channel});`,
  )
  .join("\n");

export const debtNotices = {
  async up(database: Kysely<unknown>): Promise<void> {
    await sql.raw(wishes).execute(database);
  },
};
