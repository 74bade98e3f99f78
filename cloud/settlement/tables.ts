/** The settlement's tables as kysely sees them, column for column as in cloud/store/migrations/. */
import type { ColumnType, Generated } from "kysely";
import type { Requisites } from "./requisites.js";

/** Written as text, read as what it says. */
type Json<T> = ColumnType<T, string, string>;

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
  settlementParties: { school: number; party: number } & { [field in keyof Requisites]: string };
  payouts: {
    school: number;
    id: Generated<number>;
    reference: string;
    madeOn: number;
    purpose: string;
    sum: number;
    payee: Json<Requisites>;
    returnedOn: number | null;
  };
  decades: {
    school: number;
    caterer: number;
    first: number;
    last: number;
    meals: number;
    buffet: number;
    payout: number;
    login: string;
    atMs: number;
  };
  officeSuspenseProposals: { question: number; school: number; kind: "is" | "returned"; text: string; login: string };
  subsidyClaims: {
    school: number;
    id: Generated<number>;
    program: number;
    last: number;
    madeOn: number;
    login: string;
    receivedOn: number | null;
  };
  subsidyLines: { school: number; claim: number; caterer: number; portions: number; amount: number };
  refunds: {
    school: number;
    id: Generated<number>;
    account: number;
    applicant: string;
    payee: Json<Requisites>;
    costs: number;
    askedOn: number;
    dueOn: number;
    payout: number | null;
    ended: string | null;
  };
}
