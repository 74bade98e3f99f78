/** The cloud's half: the same events, and a ledger in which every purse is what the rules say. */
import { openDatabase, openSnapshot, verifySchool } from "@trapeza/cloud";
import type { EntryRow, Store } from "@trapeza/cloud";
import type { ExpectedHead, VerifiedJournal } from "@trapeza/gateway";
import { equalBytes } from "@trapeza/protocol";
import { count } from "./check.js";
import type { CheckList } from "./check.js";
import type { Identity } from "./journal.js";

/** One moment of the cloud's database. */
export interface OpenedCloud {
  readonly store: Store;
  readonly close: () => Promise<void>;
}

const ENTRIES_A_PAGE = 2000;
const TRANSACTIONS_A_PAGE = 2000;

/** Opens the database of a cloud, running or not; one of our own that does not run is started for as long as this takes. Rejects with a sentence. */
export async function openCloudData(folder: string, databaseUrl: string | null): Promise<OpenedCloud> {
  const database = await openDatabase({ dataDir: folder, databaseUrl });
  try {
    const store = await openSnapshot({ url: database.url, onError: () => undefined });
    // The first question fixes the moment: the journal, read after it, is then never behind the cloud.
    await store.schools();
    return {
      store,
      close: async () => {
        await store.close();
        await database.close();
      },
    };
  } catch (error) {
    await database.close();
    throw error;
  }
}

/** The head that the cloud has in its own database, for the journal to lead to. */
export async function cloudHeads({ store }: OpenedCloud, { config }: Identity): Promise<ExpectedHead[]> {
  const checkpoint = await store.lastCheckpoint(config.school, config.epoch);
  return checkpoint ? [{ by: "stored by the cloud", size: checkpoint.size, root: checkpoint.root }] : [];
}

export async function entryAtCloud({ store }: OpenedCloud, { config }: Identity, seq: number): Promise<Uint8Array | null> {
  const [row] = await store.entries(config.school, config.epoch, seq, 1);
  return row?.index === seq ? row.bytes : null;
}

/** Checks the cloud's copy and its ledger. `journal`: the school's own, when it is good. */
export async function checkCloud(list: CheckList, opened: OpenedCloud, identity: Identity, journal: VerifiedJournal | null): Promise<void> {
  const { config } = identity;
  const { store } = opened;
  await list.run("registry", async () => {
    const row = (await store.gateways(config.school)).find(({ epoch }) => epoch === config.epoch);
    if (!row) return { good: false, says: `The cloud knows no gateway of school ${config.school} in epoch ${config.epoch}.` };
    return equalBytes(row.key, identity.key.publicKey)
      ? { good: true, says: `The cloud has the gateway registered as ${row.id}, with the key that signs the journal.` }
      : { good: false, says: `The cloud has gateway ${row.id} registered with another key than the one that signs the journal.` };
  });
  if (journal) await list.run("copy", () => compareCopies(store, identity, journal));
  await list.run("ledger", async () => {
    const { entries, troubles } = await verifySchool(store, config.school, config.house);
    if (troubles.length > 0) return { good: false, says: "The cloud's journal, the rules and the ledger do not agree.", details: troubles };
    return { good: true, says: `In the ledger each purse holds what the rules give after the cloud's ${count(entries, "event")}.` };
  });
  await list.run("balance", () => balanced(store, config.school));
}

async function compareCopies(store: Store, { config }: Identity, journal: VerifiedJournal) {
  let compared = 0;
  for (;;) {
    const rows: EntryRow[] = await store.entries(config.school, config.epoch, compared, ENTRIES_A_PAGE);
    for (const { index, bytes } of rows) {
      const own = journal.entryAt(index);
      if (index !== compared) return { good: false, says: `The cloud has no event ${compared}.` };
      if (!own || !equalBytes(own, bytes)) return { good: false, says: `Event ${index} is another one at the cloud than in the school.` };
      compared++;
    }
    if (rows.length < ENTRIES_A_PAGE) break;
  }
  const waiting = journal.size - compared;
  const rest = waiting > 0 ? `; ${count(waiting, "newer one")} on the way` : "";
  return { good: true, says: `The cloud holds the journal's first ${count(compared, "event")}, byte for byte${rest}.` };
}

/** Every transaction of the school, page by page. */
async function balanced(store: Store, school: number) {
  const open: string[] = [];
  let [postings, transactions] = [0, 0];
  for (let after = 0; ;) {
    const page = await store.transactions(school, after, TRANSACTIONS_A_PAGE);
    for (const one of page) {
      const sum = one.postings.reduce<number>((total, { amount }) => total + amount, 0);
      if (sum !== 0) open.push(`Transaction ${one.transaction} is ${sum} kopecks out of balance.`);
      postings += one.postings.length;
    }
    transactions += page.length;
    if (page.length < TRANSACTIONS_A_PAGE) break;
    after = page[page.length - 1]?.id ?? after;
  }
  if (open.length > 0) return { good: false, says: "The ledger is out of balance.", details: open };
  return { good: true, says: `${count(postings, "posting")} in ${count(transactions, "transaction")} come to nothing in each of them.` };
}
