/** The office's tables as kysely sees them, column for column as in cloud/store/migrations/. */
import type { ColumnType, Generated } from "kysely";

/** Written as text, read as what it says. */
export type Json<T> = ColumnType<T, string, string>;

export interface StaffTable {
  login: string;
  name: string;
  role: string;
  school: number | null;
  class: number | null;
  password: string;
  totpSecret: Uint8Array;
  totpProven: Generated<boolean>;
  totpStep: Generated<number>;
  active: Generated<boolean>;
}

export interface OfficeTables {
  officeStaff: StaffTable;
  officeSessions: { tokenHash: string; login: string; expiresMs: number; proven: boolean; failures: Generated<number> };
  officeTrail: {
    id: Generated<number>;
    atMs: number;
    login: string;
    school: number | null;
    what: string;
    subject: string;
    before: Json<unknown>;
    after: Json<unknown>;
  };
  officeOutbox: { id: Generated<number>; school: number; directive: Uint8Array; since: number | null };
}
