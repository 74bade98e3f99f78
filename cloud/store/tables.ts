/** The tables as kysely sees them, column for column as in migrations/; names in camel case by its plugin. */
import type { Kopecks, Purse } from "@trapeza/protocol";
import type { ColumnType, Generated } from "kysely";
import type { AnnouncementTables } from "../announcements/store-postgres.js";
import type { PartnerTables } from "../api/store-postgres.js";
import type { FiscalTables } from "../fiscal/store-postgres.js";
import type { LetterTables } from "../letters/store-postgres.js";
import type { NoticeTables } from "../notices/store-postgres.js";
import type { OrderState, PayAt, Way } from "../payments/order.js";
import type { PeopleTables } from "../people/store-postgres.js";
import type { RecipeTables } from "../recipe.js";
import type { StatementTables } from "../statements/store-postgres.js";

export interface Tables
  extends PartnerTables, PeopleTables, NoticeTables, LetterTables, AnnouncementTables, RecipeTables, StatementTables, FiscalTables {
  schools: { id: number; label: string };
  gateways: { school: number; epoch: number; id: string; key: Uint8Array; lastRequest: Generated<number>; size: Generated<number> };
  enrolments: { codeHash: string; school: number; expiresMs: number; epoch: number | null };
  salvage: { school: number; epoch: number; index: number; bytes: Uint8Array; leaf: Uint8Array };
  tails: { school: number; epoch: number; accepted: number; told: number };
  entries: { school: number; epoch: number; index: number; bytes: Uint8Array; leaf: Uint8Array };
  checkpoints: { school: number; epoch: number; size: number; root: Uint8Array; note: string };
  accountEntries: { school: number; account: number; epoch: number; index: number; businessDate: number };
  accountMoves: { school: number; account: number; epoch: number; toSchool: number; toAccount: number; askedOn: number };
  findings: { id: Generated<number>; school: number; epoch: number; index: number; what: string };
  directives: { school: number; number: number; bytes: Uint8Array; leaf: Uint8Array };
  ledgerTransactions: {
    id: Generated<number>;
    school: number;
    epoch: number | null;
    index: number | null;
    reference: string | null;
    kind: string;
    businessDate: number;
    atMs: number;
    terminal: number | null;
    incarnation: number | null;
    n: number | null;
    part: number | null;
  };
  directiveOutbox: { id: Generated<number>; school: number; reference: string; bytes: Uint8Array; number: number | null };
  paymentOrders: {
    number: Generated<number>;
    key: string;
    way: Way;
    payer: string | null;
    fee: Kopecks;
    total: Kopecks;
    returnUrl: string | null;
    email: string | null;
    remember: Generated<boolean>;
    binding: string | null;
    createdMs: number;
    state: Generated<OrderState>;
    providerId: string | null;
    /** Written as JSON text, read as an object. */
    payAt: ColumnType<PayAt | null, string | null | undefined, string | null>;
    expiresMs: number;
    sent: Generated<boolean>;
    settled: Generated<boolean>;
    refunded: ColumnType<Kopecks, Kopecks | undefined, Kopecks>;
    chargedBack: ColumnType<Kopecks, Kopecks | undefined, Kopecks>;
    why: Generated<string>;
    version: Generated<number>;
  };
  paymentLines: { school: number; order: number; line: number; account: number; purse: Purse; sum: Kopecks };
  paymentBindings: {
    way: Way;
    id: string;
    payer: string;
    bank: string;
    boundMs: number;
    endedMs: number | null;
    isReleased: Generated<boolean>;
  };
  paymentReceipts: { order: number; sentMs: number };
  paymentHistory: { order: number; version: number; state: OrderState; atMs: number };
  ledgerPostings: { transaction: number; line: number; school: number; account: string; amount: number };
}
