/**
 * Looks at a cloud's data from outside, while it runs or while it does not: every entry against its leaf, every journal against its last signed checkpoint,
 * every figure against the rules, every purse against the ledger. Changes nothing.
 */
import { audit, createVerifierKey, journalOrigin, openCheckpoint } from "@trapeza/protocol";
import type { CloudConfig } from "./config.js";
import { sha256, verifySignature } from "./crypto.js";
import { differences } from "./ledger/equality.js";
import { createRecount } from "./ledger/recount.js";
import { openSchoolBook } from "./school-book.js";
import { withDatabase } from "./store/own.js";
import { openSnapshot } from "./store/postgres.js";
import type { GatewayRow, Store } from "./store/store.js";

export interface SchoolVerdict {
  readonly school: number;
  /** Entries of all epochs. */
  readonly entries: number;
  /** What is wrong, a sentence each; none while all is well. */
  readonly troubles: readonly string[];
}

/** Verdicts on all schools. A database of our own that does not run is started for as long as this takes. */
export async function verifyCloud(config: Pick<CloudConfig, "dataDir" | "databaseUrl" | "house">): Promise<SchoolVerdict[]> {
  return withDatabase(config, async (url) => {
    const store = await openSnapshot({ url, onError: () => undefined });
    try {
      const verdicts: SchoolVerdict[] = [];
      for (const { id } of await store.schools()) verdicts.push(await verifySchool(store, id, config.house));
      return verdicts;
    } finally {
      await store.close();
    }
  });
}

/** Verdict on one school's journals, in whatever store. */
export async function verifySchool(store: Store, school: number, house: string): Promise<SchoolVerdict> {
  const gateways = await store.gateways(school);
  const entries = gateways.reduce((sum, { size }) => sum + size, 0);
  const troubles: string[] = [];
  for (const gateway of gateways) troubles.push(...(await checkpointTroubles(store, gateway, house)));
  const noted = await store.findings(school);
  troubles.push(...noted.map(({ epoch, index, what }) => "epoch " + epoch + ", entry " + index + ": " + what));
  try {
    const skipped = new Set(noted.filter(({ what }) => what.endsWith(" is posted already")).map(({ epoch, index }) => epoch + "/" + index));
    const recount = createRecount(school, (epoch, index) => skipped.has(epoch + "/" + index));
    const known = new Set(noted.map(({ epoch, index, what }) => [epoch, index, what].join()));
    const { state } = await openSchoolBook(store, school, (before, event, epoch, tillCash) => {
      recount.look(before, event, epoch, tillCash);
      for (const what of audit(before, event)) {
        if (!known.has([epoch, event.seq, what].join())) troubles.push("epoch " + epoch + ", entry " + event.seq + ": " + what);
      }
    });
    troubles.push(...(await recount.troubles(store)));
    troubles.push(...differences(state, await store.balances(school)));
    for (const { account, last } of await store.staleBalances(school))
      troubles.push("ledger, period to day " + last + ": what is kept of " + account + " is not the sum of its postings");
  } catch (error) {
    troubles.push((error as Error).message);
  }
  return { school, entries, troubles };
}

async function checkpointTroubles(store: Store, { school, epoch, key, size }: GatewayRow, house: string): Promise<string[]> {
  const checkpoint = await store.lastCheckpoint(school, epoch);
  if (!checkpoint) return size === 0 ? [] : ["epoch " + epoch + ": " + size + " entries and no checkpoint"];
  const origin = journalOrigin(house, school, epoch);
  const opened = openCheckpoint(checkpoint.note, origin, createVerifierKey(sha256, origin, "ed25519", key), [], verifySignature);
  if (!opened.ok) return ["epoch " + epoch + ": its last checkpoint does not open: " + opened.reason];
  return opened.checkpoint.size === size
    ? []
    : ["epoch " + epoch + ": " + size + " entries under a checkpoint over " + opened.checkpoint.size];
}
