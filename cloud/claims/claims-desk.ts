/**
 * Claims: somebody says that a payment went wrong, and the operator finds it by what the receipt says (P3.3.5). A payment is decided once: the database keeps
 * one living claim for each journal entry, and the trail, the postings and what the school is told stand in the same transaction as the verdict.
 *
 * Above {@link TWO_PERSONS} a verdict of one person waits for another one's.
 */
import { parseClaim, formatClaim } from "@trapeza/protocol";
import type { AccountNumber, BusinessDate } from "@trapeza/protocol";
import { claimsSuspense } from "../ledger/accounts.js";
import type { Office } from "../office/office.js";
import type { Who } from "../office/people/import-desk.js";
import type { OfficeTransaction } from "../office/store/open.js";
import { decodeEvent, findHome } from "../school-book.js";
import { post } from "../settlement/books.js";
import { disputeIn, sumOf, workOf } from "./dispute.js";
import type { Dispute, Verdict } from "./dispute.js";

/** In kopecks: 1 000 roubles is the largest note that a kiosk takes. */
export const TWO_PERSONS = 100_000;

export type ClaimState = "open" | "proposed" | "done" | "refused";

export interface Claim {
  readonly id: number;
  readonly epoch: number;
  readonly index: number;
  /** Who came and what they say. */
  readonly said: string;
  readonly receivedOn: BusinessDate;
  readonly login: string;
  readonly state: ClaimState;
  /** Proposed or decided; `null` while it is being looked into. */
  readonly verdict: Verdict | null;
  readonly reason: string;
  readonly proposedBy: string | null;
  readonly decidedBy: string | null;
}

export interface Opinion {
  readonly said: string;
  /** `null`: not decided yet. */
  readonly verdict: Verdict | null;
  readonly reason: string;
}

export async function claimsOf({ database }: Office, school: number): Promise<Claim[]> {
  const rows = await database.selectFrom("officeClaims").selectAll().where("school", "=", school).orderBy("id", "desc").execute();
  return rows.map((row) => ({ ...row, receivedOn: row.receivedOn as BusinessDate, state: row.state as ClaimState }));
}

/** The payment in a journal entry; `null` when there is no such entry or it brought no money. */
export async function disputeAt({ cloud }: Office, school: number, epoch: number, index: number): Promise<Dispute | null> {
  const [row] = await cloud.store.entries(school, epoch, index, 1);
  const event = row ? decodeEvent(row.bytes) : null;
  return event && disputeIn(event, epoch, (await suspended(cloud.store, school)).has(epoch + "/" + index));
}

/** Journal entries whose money the ledger put into suspense. */
async function suspended(store: Office["cloud"]["store"], school: number): Promise<Set<string>> {
  const postings = await store.postings(school, claimsSuspense);
  return new Set(postings.filter(({ amount }) => amount < 0).map(({ transaction }) => transaction));
}

/** By the code on the paper: what was credited, and what was held. */
export async function disputeByCode(office: Office, school: number, text: string): Promise<Dispute | null> {
  const named = parseClaim(text);
  if (!named) return null;
  const { library, store } = office.cloud;
  const code = formatClaim(named.terminal, named.incarnation, named.n);
  const held = (await library.book(school)).held.byCode(code);
  const entry = held ?? (await store.entryOf(school, named));
  return entry && disputeAt(office, school, entry.epoch, entry.index);
}

/** Payments to an account on these days: what a receipt without a readable code says. `sum` null: any. */
export async function disputesOf(
  { cloud }: Office,
  school: number,
  account: number,
  { from, to, sum }: { from: BusinessDate; to: BusinessDate; sum: number | null },
): Promise<Dispute[]> {
  const entries = await cloud.store.entriesOf(school, account, from, to);
  const found = entries.flatMap(({ bytes, epoch }) => {
    const event = decodeEvent(bytes);
    const dispute = event && disputeIn(event, epoch, false);
    return dispute && dispute.account === account && (sum === null || sumOf(dispute) === sum) ? [dispute] : [];
  });
  return found;
}

/** What waits for somebody to say whose it is, and the ledger's balance of it: bank files leave money there, too. */
export async function suspenseOf({ cloud }: Office, school: number): Promise<{ disputes: Dispute[]; balance: number }> {
  const [book, inSuspense, balances] = await Promise.all([
    cloud.library.book(school),
    suspended(cloud.store, school),
    cloud.store.balances(school, [claimsSuspense]),
  ]);
  const disputes = book.held.all().flatMap(({ event, epoch, index }) => {
    const dispute = disputeIn(event, epoch, inSuspense.has(epoch + "/" + index));
    return dispute && dispute.where !== "elsewhere" ? [dispute] : [];
  });
  return { disputes, balance: -(balances.get(claimsSuspense) ?? 0) };
}

export function payeeOf({ cloud }: Office, number: AccountNumber): { school: number; account: number } | null {
  return findHome(cloud.library, number);
}

const subjectOf = ({ epoch, index }: Pick<Claim, "epoch" | "index">) => "payment " + epoch + "/" + index;
const referenceOf = (id: number) => "claim/" + id;

/** `taken`: the payment has a claim that stands. `impossible`: this verdict cannot be carried out on where the money is. */
export type Told = "open" | "proposed" | "done" | "refused" | "taken" | "impossible";

/** Writes down a claim with what is thought of it so far, or adds to the open one. */
export async function tellClaim(office: Office, { login, school }: Who, dispute: Dispute, opinion: Opinion): Promise<Told> {
  const { epoch, index } = dispute;
  const own = (await claimsOf(office, school)).filter((claim) => claim.epoch === epoch && claim.index === index);
  const living = own.find(({ state }) => state !== "refused") ?? null;
  if (living && living.state !== "open" && !(await isTurnedDown(office, living))) return "taken";
  if (opinion.verdict && !workOf(dispute, school, opinion.verdict, "")) return "impossible";
  const state = stateOf(dispute, opinion);
  const { verdict, reason, said } = opinion;
  const row = {
    ...{ said, state, verdict: JSON.stringify(verdict), reason },
    proposedBy: verdict ? login : null,
    decidedBy: state === "done" || state === "refused" ? login : null,
  };
  const receivedOn = await office.today(school);
  return office.change({ login, school, what: "claim." + state, subject: subjectOf(dispute) }, async (transaction) => {
    if (living && living.state !== "open") await markTurnedDown(transaction, living.id);
    const id =
      living?.state === "open"
        ? await keep(transaction, living.id, "open", row)
        : await add(transaction, { school, epoch, index, receivedOn, login, ...row });
    const before = living ? { state: living.state } : { state: null };
    const told = state === "done" ? await carryOut(office, transaction, school, { id, dispute, verdict: verdict! }) : {};
    return { before, after: { claim: id, state, said, verdict, reason }, ...told, value: state };
  });
}

function stateOf(dispute: Dispute, { verdict }: Opinion): ClaimState {
  if (verdict === null) return "open";
  if (sumOf(dispute) > TWO_PERSONS) return "proposed";
  return verdict.kind === "refuse" ? "refused" : "done";
}

/** The second person's word on a proposed verdict. `null`: there is none such, or it is one's own. */
export async function secondClaim(office: Office, { login, school }: Who, id: number, agrees: boolean): Promise<Told | null> {
  const claim = (await claimsOf(office, school)).find((one) => one.id === id);
  if (claim?.state !== "proposed" || claim.verdict === null || claim.proposedBy === login) return null;
  const dispute = await disputeAt(office, school, claim.epoch, claim.index);
  if (!dispute) return null;
  const { verdict } = claim;
  const state: ClaimState = !agrees ? "open" : verdict.kind === "refuse" ? "refused" : "done";
  return office.change({ login, school, what: "claim." + state, subject: subjectOf(claim) }, async (transaction) => {
    const row = agrees ? { state, decidedBy: login } : { state, verdict: "null", proposedBy: null };
    await keep(transaction, id, "proposed", row);
    const told = state === "done" ? await carryOut(office, transaction, school, { id, dispute, verdict }) : {};
    const before = { claim: id, state: claim.state, proposedBy: claim.proposedBy };
    return { before, after: { claim: id, state, verdict }, ...told, value: state };
  });
}

type Row = Partial<Pick<Claim, "said" | "reason" | "state" | "proposedBy" | "decidedBy">> & { readonly verdict?: string };

/** Of two who decide at once, the second finds the claim not as he read it, and everything that he did with it is undone. */
async function keep(transaction: OfficeTransaction, id: number, read: ClaimState, row: Row): Promise<number> {
  const kept = transaction.updateTable("officeClaims").set(row).where("id", "=", id).where("state", "=", read);
  const { numUpdatedRows } = await kept.executeTakeFirst();
  if (numUpdatedRows !== 1n) throw new Error("claim " + id + " has been decided by somebody else");
  return id;
}

type NewRow = Required<Row> & Pick<Claim, "epoch" | "index" | "receivedOn" | "login"> & { readonly school: number };

async function add(transaction: OfficeTransaction, row: NewRow): Promise<number> {
  return (await transaction.insertInto("officeClaims").values(row).returning("id").executeTakeFirstOrThrow()).id;
}

/** Its school has answered that it cannot be done (the right account is closed by now): the payment may be decided anew. */
async function isTurnedDown({ cloud }: Office, { id, verdict, state }: Claim): Promise<boolean> {
  if (state !== "done" || verdict?.kind !== "credit") return false;
  return (await cloud.library.book(verdict.school)).applied.outcomeOf(referenceOf(id)) === "refused";
}

async function markTurnedDown(transaction: OfficeTransaction, id: number): Promise<void> {
  await keep(transaction, id, "done", { state: "refused" });
}

/** What became of a verdict at the school that was told; `null`: it has not answered yet. */
export async function outcomeOf({ cloud }: Office, { id, verdict }: Claim): Promise<"applied" | "refused" | "held" | null> {
  if (verdict?.kind !== "credit") return null;
  return (await cloud.library.book(verdict.school)).applied.outcomeOf(referenceOf(id));
}

interface Deed {
  readonly id: number;
  readonly dispute: Dispute;
  readonly verdict: Verdict;
}

/** Posts what is posted at once, under the claim's own reference: a second time the database refuses. Returns who is to be told what. */
async function carryOut(office: Office, transaction: OfficeTransaction, school: number, { id, dispute, verdict }: Deed) {
  const work = workOf(dispute, school, verdict, referenceOf(id));
  if (!work) throw new Error("a verdict that cannot be carried out was accepted");
  if (work.postings.length > 0) {
    const [date, atMs] = [await office.today(school), office.now()];
    await post(transaction, school, { reference: referenceOf(id), kind: "ClaimFound", date, atMs, postings: work.postings });
  }
  return { hears: work.school, directives: work.directives };
}
