/** The office's tables as kysely sees them, column for column as in cloud/store/migrations/. */
import type { ColumnType, Generated } from "kysely";
import type { AnnouncementTables } from "../../announcements/store-postgres.js";
import type { BatchState, BatchStep, Chip } from "../cards/batch.js";
import type { Verdict } from "../../claims/dispute.js";
import type { RowDone } from "../people/import-carry-out.js";
import type { PlannedRow } from "../people/import-plan.js";
import type { FiscalTables } from "../../fiscal/store-postgres.js";
import type { LetterTables } from "../../letters/store-postgres.js";
import type { RecipeTables } from "../../recipe.js";
import type { SettlementTables } from "../../settlement/tables.js";

/** Written as text, read as what it says. */
export type Json<T> = ColumnType<T, string, string>;

export interface StaffTable {
  login: string;
  name: string;
  role: string;
  school: number | null;
  class: number | null;
  own: number | null;
  password: string;
  totpSecret: Uint8Array;
  totpProven: Generated<boolean>;
  totpStep: Generated<number>;
  active: Generated<boolean>;
  closedMs: Generated<number | null>;
}

export interface PeopleTables {
  officeEmployees: { school: number; staff: number; leftOn: number; erasedMs: number | null };
  officePupils: { school: number; account: number; born: number | null; leftOn: number | null; erasedMs: number | null };
  officeGuardians: { school: number; account: number; phone: string; name: string };
  officeEndedLinks: { school: number; account: number; phone: string; reason: string; endedMs: number; endedBy: string };
  officeImports: { id: Generated<number>; school: number; atMs: number; login: string; file: string; state: string };
  officeImportRows: { import: number; line: number; kind: string; planned: Json<PlannedRow>; done: Json<RowDone | null> };
}

export interface MenuTables extends RecipeTables {
  officeCycle: { school: number; meal: number; day: number; dishes: Json<string[]> };
  officePrograms: { id: number; name: string };
}

export interface CardTables {
  officePhotographs: {
    school: number;
    holder: "pupil" | "staff";
    number: number;
    jpeg: Uint8Array;
    takenMs: number;
    takenBy: string;
    state: Generated<"waiting" | "right" | "wrong">;
    judgedMs: number | null;
    judgedBy: string | null;
    remark: string | null;
    grey: Uint8Array | null;
    greyHash: Uint8Array | null;
  };
  officePhotoDays: { school: number; agreedOn: number; agreedBy: string };
  officeDesks: {
    id: Generated<number>;
    name: string;
    keyHash: string;
    active: Generated<boolean>;
    heardMs: number | null;
    made: Generated<number>;
    refused: Generated<number>;
  };
  officeBatches: {
    id: Generated<number>;
    school: number;
    desk: number;
    chip: Chip;
    state: Generated<BatchState>;
    begunMs: number;
    begunBy: string;
  };
  officeBatchCards: {
    batch: number;
    application: number;
    step: Generated<BatchStep>;
    stepMs: number | null;
    uid: string | null;
    refusal: string | null;
    refused: Generated<number>;
  };
  officeBundles: {
    id: Generated<number>;
    school: number;
    sentOn: number;
    sheets: number;
    registeredOn: number | null;
    journal: number | null;
    registeredBy: string | null;
  };
  officeActs: { id: Generated<number>; school: number; madeOn: number; findings: string };
  officeEnclosures: { bundle: number; application: number };
  officeHandedIn: {
    id: Generated<number>;
    school: number;
    uid: string;
    card: string;
    account: number | null;
    staff: number | null;
    handedOn: number;
    handedTo: string;
    takenOn: number | null;
    takenBy: string | null;
  };
  officeApplications: {
    id: Generated<number>;
    school: number;
    account: number | null;
    staff: number | null;
    card: string | null;
    replaces: string | null;
    kind: string;
    cause: string | null;
    finding: string | null;
    payer: string | null;
    applicant: string;
    isParent: boolean;
    phone: string;
    mail: string;
    papers: Json<string[]>;
    state: string;
    receivedOn: number;
    stateOn: number;
    reason: string | null;
    paid: string | null;
    uid: string | null;
    bundle: number | null;
    act: number | null;
  };
}

export interface ClaimTables {
  officeClaims: {
    id: Generated<number>;
    school: number;
    epoch: number;
    index: number;
    said: string;
    receivedOn: number;
    login: string;
    state: string;
    verdict: Json<Verdict | null>;
    reason: string;
    proposedBy: string | null;
    decidedBy: string | null;
  };
}

export interface OfficeTables
  extends PeopleTables, MenuTables, CardTables, ClaimTables, SettlementTables, LetterTables, AnnouncementTables, FiscalTables {
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
