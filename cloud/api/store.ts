/** What is remembered of partners. A partner watches one school and is told its ledger's transactions in their order. */

export interface Partner {
  /** Small letters, digits and hyphens. */
  readonly id: string;
  readonly school: number;
  readonly url: string;
  /** Made by chance when it came: a name that is given again has another key. */
  readonly salt: string;
  /** What was posted up to this number is not for it. */
  readonly since: number;
  /** The last number that it has taken. */
  readonly delivered: number;
  /** Refusals since it took one. */
  readonly failures: number;
  /** Unix ms: not called before. */
  readonly restUntilMs: number;
}

/** A transaction of the ledger as partners hear of it: debit positive, whole kopecks. */
export interface Told {
  readonly school: number;
  /** Counts a school's transactions from the day on which somebody began to watch it, without gaps. */
  readonly number: number;
  /** Its place: `epoch/index` of the journal's entry, or the reference of what was posted by the cloud itself. */
  readonly transaction: string;
  readonly kind: string;
  /** Days since 1970-01-01. */
  readonly businessDate: number;
  readonly atMs: number;
  readonly postings: readonly { readonly account: string; readonly amount: number }[];
}

export interface PartnerStore {
  /** Told of what is posted from now on. Throws when the name is taken or there is no such school. */
  addPartner(partner: Pick<Partner, "id" | "school" | "url" | "salt">): Promise<void>;
  partners(): Promise<Partner[]>;
  /** `false`: there is none of this name. */
  removePartner(id: string): Promise<boolean>;
  /** After `after`, in their order. */
  toldIn(school: number, after: number, limit: number): Promise<Told[]>;
  /** Never back. */
  partnerTook(id: string, number: number): Promise<void>;
  partnerRefused(id: string, restUntilMs: number): Promise<void>;
}
