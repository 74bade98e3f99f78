/** The settlement's tables as kysely sees them, column for column as in cloud/store/migrations/. */
import type { Generated } from "kysely";

export interface SettlementTables {
  registryFiles: {
    id: Generated<number>;
    way: string;
    school: number | null;
    day: number;
    name: string;
    digest: string;
    login: string;
    atMs: number;
    followed: Generated<boolean>;
  };
  registryRows: {
    file: number;
    line: number;
    operation: string;
    name: string;
    account: string;
    sum: number | null;
    commission: number;
    text: string;
  };
  registryQuestions: {
    id: Generated<number>;
    file: number;
    line: number | null;
    kind: string;
    order: number | null;
    here: number | null;
    there: number | null;
    state: Generated<string>;
    note: Generated<string>;
    login: string | null;
    closedMs: number | null;
  };
}
