/** The same in PostgreSQL. */
import { sql } from "kysely";
import type { Generated, Kysely } from "kysely";
import { SHARED, isEnded, sharePart } from "./shares-postgres.js";
import type { ShareTables } from "./shares-postgres.js";
import type { ChildLink, PeopleStore } from "./store.js";

export interface PeopleTables extends ShareTables {
  guardians: {
    phone: string;
    name: string;
    password: string;
    email: Generated<string | null>;
    isConfirmed: Generated<boolean>;
    language: Generated<"ru" | "en">;
  };
  children: { phone: string; school: number; account: number; hidden: Generated<boolean> };
  /** The office's list: whom the school knows as a child's guardians. */
  officeGuardians: { school: number; account: number; phone: string; name: string };
  /** Whom the school no longer takes for a guardian. */
  officeEndedLinks: { school: number; account: number; phone: string };
  identities: { issuer: string; subject: string; phone: string; boundMs: number };
  portalSessions: { tokenHash: string; phone: string; expiresMs: number; createdMs: number; agent: string };
  challenges: {
    tokenHash: string;
    kind: "register" | "email" | "restore";
    expiresMs: number;
    codeHash: string;
    payload: string;
    tries: number;
  };
  usedCodes: { digest: string; atMs: number };
}

const UNIQUE_VIOLATION = "23505";
const GUARDIAN = ["phone", "name", "password"] as const;
const SESSION = ["phone", "createdMs", "expiresMs", "agent"] as const;

/** Whose child it is: a guardian's own links, and those of the school's list about which the guardian has said nothing; none that the school has ended. */
export const OWN = sql<ChildLink & { phone: string }>`(
  select phone, school, account from children c where not hidden and not ${isEnded("c")}
  union
  select p.phone, p.school, p.account from office_guardians p
  where not exists (select from children c where c.phone = p.phone and c.school = p.school and c.account = p.account)
    and not ${isEnded("p")}
)`;

/** Who sees whom: their own, and what others let them see. */
export const VISIBLE = sql<ChildLink & { phone: string }>`(
  select phone, school, account from ${OWN} as own
  union
  select phone, school, account from ${SHARED} as shared where 'see' = any (rights)
)`;

export function peoplePart(database: Kysely<PeopleTables>): PeopleStore {
  return {
    ...sharePart(database),
    ...guardianPart(database),
    ...childPart(database),
    ...identityPart(database),
    ...sessionPart(database),
    ...challengePart(database),
  };
}

type GuardianPart = Pick<
  PeopleStore,
  "putGuardian" | "guardian" | "addGuardian" | "contact" | "setContact" | "guardiansWith" | "eraseGuardian"
>;

function guardianPart(database: Kysely<PeopleTables>): GuardianPart {
  return {
    putGuardian: ({ phone, name, password }, children) =>
      database.transaction().execute(async (transaction) => {
        await transaction
          .insertInto("guardians")
          .values({ phone, name, password })
          .onConflict((conflict) => conflict.column("phone").doUpdateSet({ name, password }))
          .execute();
        if (children.length === 0) return;
        await transaction
          .insertInto("children")
          .values(children.map(({ school, account }) => ({ phone, school, account })))
          .onConflict((conflict) => conflict.doNothing())
          .execute();
      }),
    guardian: async (phone) =>
      (await database.selectFrom("guardians").select(GUARDIAN).where("phone", "=", phone).executeTakeFirst()) ?? null,
    async addGuardian({ phone, name, password }, { email, isConfirmed, language }) {
      const added = await database
        .insertInto("guardians")
        .values({ phone, name, password, email, isConfirmed, language })
        .onConflict((conflict) => conflict.doNothing())
        .executeTakeFirst();
      return added.numInsertedOrUpdatedRows === 1n;
    },
    contact: async (phone) =>
      (await database.selectFrom("guardians").select(["email", "isConfirmed", "language"]).where("phone", "=", phone).executeTakeFirst()) ??
      null,
    async setContact(phone, { email, isConfirmed, language }) {
      await database.updateTable("guardians").set({ email, isConfirmed, language }).where("phone", "=", phone).execute();
    },
    guardiansWith: (email) =>
      database
        .selectFrom("guardians")
        .select(GUARDIAN)
        .where(sql<string>`lower(email)`, "=", email.toLowerCase())
        .where("isConfirmed", "=", true)
        .orderBy("phone")
        .execute(),
    // Links and sessions go with their guardian by the database's own rule.
    async eraseGuardian(phone) {
      await database.deleteFrom("guardians").where("phone", "=", phone).execute();
    },
  };
}

type ChildPart = Pick<PeopleStore, "children" | "link" | "unlink" | "guardiansOf" | "setSchoolPhones" | "schoolPhones">;

function childPart(database: Kysely<PeopleTables>): ChildPart {
  const setLink = async (phone: string, { school, account }: ChildLink, hidden: boolean) => {
    await database
      .insertInto("children")
      .values({ phone, school, account, hidden })
      .onConflict((conflict) => conflict.columns(["phone", "school", "account"]).doUpdateSet({ hidden }))
      .execute();
  };
  const own = OWN.as<"own">("own");
  const visible = VISIBLE.as<"visible">("visible");
  return {
    children: (phone) =>
      database.selectFrom(own).select(["school", "account"]).where("phone", "=", phone).orderBy("school").orderBy("account").execute(),
    async link(phone, child) {
      const ended = database.selectFrom("officeEndedLinks").select("phone").where("phone", "=", phone);
      if (await ended.where("school", "=", child.school).where("account", "=", child.account).executeTakeFirst()) return false;
      await setLink(phone, child, false);
      return true;
    },
    unlink: (phone, child) => setLink(phone, child, true),
    guardiansOf: ({ school, account }) =>
      database
        .selectFrom(visible)
        .innerJoin("guardians", "guardians.phone", "visible.phone")
        .select(["guardians.phone", "guardians.name", "guardians.password"])
        .where("visible.school", "=", school)
        .where("visible.account", "=", account)
        .orderBy("guardians.phone")
        .execute(),
    setSchoolPhones: ({ school, account }, phones) =>
      database.transaction().execute(async (transaction) => {
        await transaction.deleteFrom("officeGuardians").where("school", "=", school).where("account", "=", account).execute();
        const rows = [...new Set(phones)].map((phone) => ({ school, account, phone, name: "" }));
        if (rows.length > 0) await transaction.insertInto("officeGuardians").values(rows).execute();
      }),
    async schoolPhones({ school, account }) {
      const found = database.selectFrom("officeGuardians").select("phone").where("school", "=", school).where("account", "=", account);
      return (await found.orderBy("phone").execute()).map(({ phone }) => phone);
    },
  };
}

type IdentityPart = Pick<PeopleStore, "identified" | "putIdentity" | "identitySince" | "dropIdentity">;

function identityPart(database: Kysely<PeopleTables>): IdentityPart {
  const rows = database.selectFrom("identities");
  return {
    identified: async ({ issuer, subject }) =>
      (await rows.select("phone").where("issuer", "=", issuer).where("subject", "=", subject).executeTakeFirst())?.phone ?? null,
    async putIdentity(phone, identity, boundMs) {
      const put = database
        .insertInto("identities")
        .values({ ...identity, phone, boundMs })
        .onConflict((conflict) => conflict.column("phone").doUpdateSet({ ...identity, boundMs }));
      return put.execute().then(
        () => true,
        (error: { code?: string }) => {
          if (error.code !== UNIQUE_VIOLATION) throw error;
          return false;
        },
      );
    },
    identitySince: async (phone) => (await rows.select("boundMs").where("phone", "=", phone).executeTakeFirst())?.boundMs ?? null,
    async dropIdentity(phone) {
      await database.deleteFrom("identities").where("phone", "=", phone).execute();
    },
  };
}

type SessionPart = Pick<PeopleStore, "putSession" | "session" | "sessions" | "dropSession" | "dropSessions">;

function sessionPart(database: Kysely<PeopleTables>): SessionPart {
  return {
    async putSession(tokenHash, session) {
      await database
        .insertInto("portalSessions")
        .values({ tokenHash, ...session })
        .execute();
    },
    session: async (tokenHash) =>
      (await database.selectFrom("portalSessions").select(SESSION).where("tokenHash", "=", tokenHash).executeTakeFirst()) ?? null,
    sessions: (phone) =>
      database
        .selectFrom("portalSessions")
        .select([...SESSION, "tokenHash"])
        .where("phone", "=", phone)
        .orderBy("createdMs", "desc")
        .execute(),
    async dropSession(tokenHash) {
      await database.deleteFrom("portalSessions").where("tokenHash", "=", tokenHash).execute();
    },
    async dropSessions(phone, except) {
      await database
        .deleteFrom("portalSessions")
        .where("phone", "=", phone)
        .where("tokenHash", "<>", except ?? "")
        .execute();
    },
  };
}

type ChallengePart = Pick<PeopleStore, "putChallenge" | "tryChallenge" | "takeChallenge" | "dropExpired" | "useCode">;

function challengePart(database: Kysely<PeopleTables>): ChallengePart {
  return {
    async putChallenge({ tokenHash, kind, expiresMs, codeHash, payload }, tries) {
      await database.insertInto("challenges").values({ tokenHash, kind, expiresMs, codeHash, payload, tries }).execute();
    },
    // Counted down before the code is looked at: guesses made at the same time use up a try each.
    tryChallenge: async (tokenHash) =>
      (await database
        .updateTable("challenges")
        .set((e) => ({ tries: e("tries", "-", 1) }))
        .where("tokenHash", "=", tokenHash)
        .where("tries", ">", 0)
        .returning(["tokenHash", "kind", "expiresMs", "codeHash", "payload"])
        .executeTakeFirst()) ?? null,
    async takeChallenge(tokenHash) {
      const taken = await database.deleteFrom("challenges").where("tokenHash", "=", tokenHash).executeTakeFirst();
      return taken.numDeletedRows === 1n;
    },
    async dropExpired(nowMs) {
      await database.deleteFrom("challenges").where("expiresMs", "<=", nowMs).execute();
      await database.deleteFrom("portalSessions").where("expiresMs", "<=", nowMs).execute();
    },
    async useCode(digest, atMs) {
      const used = await database
        .insertInto("usedCodes")
        .values({ digest, atMs })
        .onConflict((conflict) => conflict.doNothing())
        .executeTakeFirst();
      return used.numInsertedOrUpdatedRows === 1n;
    },
  };
}
