/**
 * The door of the office: login and password, then the code of a second factor. A session that has given only the password opens nothing but the page
 * that asks for the code.
 */
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from "node:crypto";
import { toHex } from "@trapeza/protocol";
import { sha256 } from "../crypto.js";
import { hashPassword, passwordMatches } from "../people/password.js";
import type { Actor, Role } from "./roles.js";
import type { OfficeDatabase, OfficeTransaction } from "./store/open.js";
import { TOTP_SECRET_BYTES, matchingStep } from "./totp.js";

const TOKEN_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
/** Time to fetch the telephone with the authenticator. */
const UNPROVEN_MS = 15 * 60 * 1000;
/** A working day. */
export const OFFICE_SESSION_MS = 12 * 3600 * 1000;
const MOST_FAILURES = 5;
const FAILURE_WINDOW_MS = 15 * 60 * 1000;

export interface StaffRow extends Actor {
  readonly active: boolean;
  readonly totpProven: boolean;
}

export interface NewStaff extends Actor {
  readonly password: string;
  /** The authenticator's secret when it is known already; otherwise one is made and shown at the first login. */
  readonly secret?: Uint8Array;
}

export type Opened = { readonly kind: "in"; readonly token: string } | { readonly kind: "wrong" } | { readonly kind: "wait" };

/** Who a token belongs to. `secret` is shown once: while the second factor is not proven yet. */
export interface Visitor {
  readonly actor: Actor;
  readonly proven: boolean;
  readonly secret: Uint8Array | null;
}

export interface StaffDesk {
  /** `from`: where the request came from. Failures are counted for both together, so nobody locks a colleague out from afar. */
  readonly logIn: (login: string, password: string, from: string) => Promise<Opened>;
  /** A new token for one that has only given the password; the old one is worth nothing any more. */
  readonly prove: (token: string, code: string) => Promise<Opened>;
  readonly whoIs: (token: string | undefined) => Promise<Visitor | null>;
  readonly logOut: (token: string | undefined) => Promise<void>;
  readonly all: () => Promise<StaffRow[]>;
  /** Within a change: adds a person or replaces one with a new password. */
  readonly put: (transaction: OfficeTransaction, staff: NewStaff) => Promise<void>;
  /** Ends all that a person had open; the second factor is asked for anew when `forget`. */
  readonly close: (transaction: OfficeTransaction, login: string, what: { active: boolean; forget: boolean }) => Promise<void>;
}

export interface StaffOptions {
  readonly database: OfficeDatabase;
  readonly now: () => number;
  /** The cloud's secret: what opens no authenticator when only the database leaks. */
  readonly seed: Uint8Array;
}

interface Desk {
  readonly database: OfficeDatabase;
  readonly now: () => number;
  /** What seals the authenticators' secrets. */
  readonly key: Buffer;
}

export function createStaffDesk({ database, now, seed }: StaffOptions): StaffDesk {
  const key = Buffer.from(hkdfSync("sha256", seed, "", "office totp", 32));
  return { ...doorOf({ database, now, key }), ...registerOf({ database, now, key }) };
}

function doorOf({ database, now, key }: Desk): Pick<StaffDesk, "logIn" | "prove" | "whoIs" | "logOut"> {
  const failures = new Map<string, number[]>();
  const recent = (who: string) => (failures.get(who) ?? []).filter((at) => at > now() - FAILURE_WINDOW_MS);
  const found = (login: string) =>
    database.selectFrom("officeStaff").selectAll().where("login", "=", login).where("active", "=", true).executeTakeFirst();
  const open = async (login: string, proven: boolean): Promise<Opened> => {
    const token = randomBytes(TOKEN_BYTES).toString("base64url");
    const expiresMs = now() + (proven ? OFFICE_SESSION_MS : UNPROVEN_MS);
    await database.deleteFrom("officeSessions").where("expiresMs", "<=", now()).execute();
    await database
      .insertInto("officeSessions")
      .values({ tokenHash: hashOf(token), login, expiresMs, proven })
      .execute();
    return { kind: "in", token };
  };
  const session = async (token: string | undefined) => {
    if (!token) return null;
    const row = await database.selectFrom("officeSessions").selectAll().where("tokenHash", "=", hashOf(token)).executeTakeFirst();
    return row && row.expiresMs > now() ? row : null;
  };
  const logOut = async (token: string | undefined) => {
    if (token) await database.deleteFrom("officeSessions").where("tokenHash", "=", hashOf(token)).execute();
  };
  return {
    logOut,
    async logIn(login, password, from) {
      const who = login + " " + from;
      if (recent(who).length >= MOST_FAILURES) return { kind: "wait" };
      // Counted before it is looked at, so that guesses made at the same time do not slip past the count.
      failures.set(who, [...recent(who), now()]);
      const row = await found(login);
      if (!(await passwordMatches(password, row?.password ?? null))) return { kind: "wrong" };
      failures.delete(who);
      return open(login, false);
    },
    async prove(token, code) {
      const row = await session(token);
      const staff = row && (await found(row.login));
      if (!row || !staff || row.failures >= MOST_FAILURES) return { kind: "wait" };
      const step = matchingStep(unseal(key, staff.totpSecret), code, now(), staff.totpStep);
      if (step !== null && (await takeStep(database, row.login, step))) {
        await logOut(token);
        return open(row.login, true);
      }
      const failed = database.updateTable("officeSessions").set((e) => ({ failures: e("failures", "+", 1) }));
      await failed.where("tokenHash", "=", row.tokenHash).execute();
      return { kind: "wrong" };
    },
    async whoIs(token) {
      const row = await session(token);
      const staff = row && (await found(row.login));
      if (!row || !staff) return null;
      return { actor: actorOf(staff), proven: row.proven, secret: staff.totpProven ? null : unseal(key, staff.totpSecret) };
    },
  };
}

/** In one statement: of two requests with one code only the first moves the step. */
async function takeStep(database: OfficeDatabase, login: string, step: number): Promise<boolean> {
  const taking = database.updateTable("officeStaff").set({ totpStep: step, totpProven: true });
  const taken = await taking.where("login", "=", login).where("totpStep", "<", step).executeTakeFirst();
  return taken.numUpdatedRows === 1n;
}

function registerOf({ database, now, key }: Desk): Pick<StaffDesk, "all" | "put" | "close"> {
  return {
    async all() {
      const rows = await database.selectFrom("officeStaff").selectAll().orderBy("login").execute();
      return rows.map((row) => ({ ...actorOf(row), active: row.active, totpProven: row.totpProven }));
    },
    async put(transaction, { login, name, role, school, class: schoolClass, own, password, secret }) {
      const fresh = { name, role, school, class: schoolClass, own, password: await hashPassword(password), active: true, closedMs: null };
      const totpSecret = seal(key, secret ?? randomBytes(TOTP_SECRET_BYTES));
      await transaction
        .insertInto("officeStaff")
        .values({ login, ...fresh, totpSecret })
        .onConflict((conflict) => conflict.column("login").doUpdateSet(fresh))
        .execute();
    },
    async close(transaction, login, { active, forget }) {
      const anew = forget ? { totpSecret: seal(key, randomBytes(TOTP_SECRET_BYTES)), totpProven: false, totpStep: -1 } : {};
      await transaction
        .updateTable("officeStaff")
        .set({ active, closedMs: active ? null : now(), ...anew })
        .where("login", "=", login)
        .execute();
      await transaction.deleteFrom("officeSessions").where("login", "=", login).execute();
    },
  };
}

const hashOf = (token: string) => toHex(sha256(Buffer.from(token)));

function actorOf(row: Omit<Actor, "role"> & { readonly role: string }): Actor {
  const { login, name, role, school, own } = row;
  return { login, name, role: role as Role, school, class: row.class, own };
}

/** AES-256-GCM: nonce (12) ‖ what is hidden ‖ tag (16). */
function seal(key: Buffer, secret: Uint8Array): Uint8Array {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv("aes-256-gcm", key, nonce);
  const hidden = Buffer.concat([cipher.update(secret), cipher.final()]);
  return Buffer.concat([nonce, hidden, cipher.getAuthTag()]);
}

/** Throws when the database holds what this cloud has not sealed. */
function unseal(key: Buffer, sealed: Uint8Array): Uint8Array {
  const decipher = createDecipheriv("aes-256-gcm", key, sealed.subarray(0, NONCE_BYTES));
  decipher.setAuthTag(sealed.subarray(sealed.length - TAG_BYTES));
  return Buffer.concat([decipher.update(sealed.subarray(NONCE_BYTES, sealed.length - TAG_BYTES)), decipher.final()]);
}
