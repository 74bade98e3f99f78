/** The tables as kysely sees them, column for column as in migrations/; names in camel case by its plugin. */
import type { Generated } from "kysely";

export interface Tables {
  schools: { id: number; label: string };
  gateways: { school: number; epoch: number; id: string; key: Uint8Array; lastRequest: Generated<number>; size: Generated<number> };
  enrolments: { codeHash: string; school: number; expiresMs: number; epoch: number | null };
  salvage: { school: number; epoch: number; index: number; bytes: Uint8Array; leaf: Uint8Array };
  entries: { school: number; epoch: number; index: number; bytes: Uint8Array; leaf: Uint8Array };
  checkpoints: { school: number; epoch: number; size: number; root: Uint8Array; note: string };
  accountEntries: { school: number; account: number; epoch: number; index: number; businessDate: number };
  findings: { id: Generated<number>; school: number; epoch: number; index: number; what: string };
  directives: { school: number; number: number; bytes: Uint8Array; leaf: Uint8Array };
  ledgerTransactions: {
    id: Generated<number>;
    school: number;
    epoch: number;
    index: number;
    kind: string;
    businessDate: number;
    atMs: number;
    terminal: number | null;
    incarnation: number | null;
    n: number | null;
    part: number | null;
  };
  ledgerPostings: { transaction: number; line: number; school: number; account: string; amount: number };
  guardians: { phone: string; name: string; password: string };
  children: { phone: string; school: number; account: number };
  portalSessions: { tokenHash: string; phone: string; expiresMs: number };
}
