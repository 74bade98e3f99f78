/** The same in PostgreSQL. */
import { sql } from "kysely";
import type { Kysely } from "kysely";
import { RIGHTS } from "./shares.js";
import type { InvitationRow, Right, Share, ShareStore, Sight } from "./shares.js";

export interface ShareTables {
  sharedChildren: { phone: string; school: number; account: number; givenBy: string; rights: Right[] };
  invitations: { tokenHash: string; school: number; account: number; givenBy: string; rights: Right[]; expiresMs: number };
}

const INVITATION = ["tokenHash", "school", "account", "givenBy", "rights", "expiresMs"] as const;

/** Whether the school has ended what bound this row's phone to its child; that goes before whatever is proved, and before the school's own list. */
export const isEnded = (row: string, phone = "phone") => sql<boolean>`exists (select from office_ended_links e
  where e.school = ${sql.ref(row + ".school")} and e.account = ${sql.ref(row + ".account")} and e.phone = ${sql.ref(row + "." + phone)})`;

/** Whether the child of row `s` is this person's own: what they have said of it goes before the school's list. */
const owns = (phone: "phone" | "given_by") => sql<boolean>`(coalesce(
  (select not c.hidden from children c where c.phone = s.${sql.ref(phone)} and c.school = s.school and c.account = s.account),
  exists (select from office_guardians p where p.phone = s.${sql.ref(phone)} and p.school = s.school and p.account = s.account))
  and not ${isEnded("s", phone)})`;

/** Rights that hold: asked row by row, so that the index on whom they are for is used. */
export const SHARED = sql`(
  select s.phone, s.school, s.account, s.rights, s.given_by from shared_children s where ${owns("given_by")} and not ${owns("phone")} and not ${isEnded("s")}
)`;

export function sharePart(database: Kysely<ShareTables>): ShareStore {
  return { ...sightPart(database), ...invitationPart(database) };
}

type SightPart = Pick<ShareStore, "sights" | "sharesOf" | "setRights" | "dropShare">;

function sightPart(database: Kysely<ShareTables>): SightPart {
  return {
    async sights(phone) {
      const { rows } = await sql<Sight & { rights: Right[] | null }>`
        select school, account, null::text[] as rights, true as is_own from children c where phone = ${phone} and not hidden and not ${isEnded("c")}
        union all
        select p.school, p.account, null, true from office_guardians p where p.phone = ${phone}
          and not exists (select from children c where c.phone = p.phone and c.school = p.school and c.account = p.account)
          and not ${isEnded("p")}
        union all
        select school, account, rights, false from ${SHARED} as shared where phone = ${phone}
        order by school, account`.execute(database);
      return rows.map(({ school, account, rights, isOwn }) => ({ school, account, rights: rights ?? RIGHTS, isOwn }));
    },
    async sharesOf({ school, account }) {
      const { rows } = await sql<Share>`
        select g.phone, g.name, s.rights from ${SHARED} as s join guardians g on g.phone = s.phone
        where s.school = ${school} and s.account = ${account} order by g.phone`.execute(database);
      return rows;
    },
    async setRights(phone, { school, account }, rights) {
      const changed = database.updateTable("sharedChildren").set({ rights: [...rights] });
      await changed.where("phone", "=", phone).where("school", "=", school).where("account", "=", account).execute();
    },
    async dropShare(phone, { school, account }) {
      const dropped = database.deleteFrom("sharedChildren").where("phone", "=", phone);
      await dropped.where("school", "=", school).where("account", "=", account).execute();
    },
  };
}

type InvitationPart = Omit<ShareStore, keyof SightPart>;

function invitationPart(database: Kysely<ShareTables>): InvitationPart {
  const all = () => database.selectFrom("invitations").select(INVITATION);
  return {
    async putInvitation(row: InvitationRow) {
      await database
        .insertInto("invitations")
        .values({ ...row, rights: [...row.rights] })
        .execute();
    },
    invitation: async (tokenHash) => (await all().where("tokenHash", "=", tokenHash).executeTakeFirst()) ?? null,
    invitationsOf: ({ school, account }) =>
      all().where("school", "=", school).where("account", "=", account).orderBy("expiresMs").orderBy("tokenHash").execute(),
    async dropInvitation(tokenHash) {
      await database.deleteFrom("invitations").where("tokenHash", "=", tokenHash).execute();
    },
    takeInvitation: (tokenHash, phone) =>
      database.transaction().execute(async (transaction) => {
        const taken = await transaction
          .deleteFrom("invitations")
          .where("tokenHash", "=", tokenHash)
          .returning(INVITATION)
          .executeTakeFirst();
        if (!taken) return false;
        const { school, account, givenBy, rights } = taken;
        const shut =
          await sql`select from office_ended_links where school = ${school} and account = ${account} and phone = ${phone}`.execute(
            transaction,
          );
        if (shut.rows.length > 0) return false;
        await transaction
          .insertInto("sharedChildren")
          .values({ phone, school, account, givenBy, rights })
          .onConflict((conflict) => conflict.columns(["phone", "school", "account"]).doUpdateSet({ givenBy, rights }))
          .execute();
        return true;
      }),
    async dropOldInvitations(nowMs) {
      await database.deleteFrom("invitations").where("expiresMs", "<=", nowMs).execute();
    },
  };
}
