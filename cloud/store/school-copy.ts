/**
 * One school taken out of a cloud and into an empty one, of another operator if need be: its journals with checkpoints that the old cloud cosigns once more,
 * people, cards, orders, papers and the ledger. Rows are JSON objects; what binds them together is a manifest under the old cloud's signature.
 */
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import {
  cosignCheckpoint,
  createVerifierKey,
  formatNote,
  formatVerifierKey,
  fromHex,
  journalOrigin,
  openCheckpoint,
  parseNote,
  parseVerifierKey,
  toHex,
} from "@trapeza/protocol";
import type { VerifierKey } from "@trapeza/protocol";
import { createCloudSigner, sha256, verifySignature } from "../crypto.js";
import { verifySchool } from "../verify.js";
import { BackupTrouble, checkFiles, fileOf, hashOf, load, makeTables, shapeOf, within } from "./backup.js";
import type { BackupManifest } from "./backup.js";
import type { RoamingClient } from "./place.js";
import { openSnapshot } from "./postgres.js";
import { tablesInOrder, writeRows } from "./table-rows.js";

const [MANIFEST, SIGNATURE] = ["manifest.json", "manifest.sig"];
/** No checkpoint begins with this line, so what is signed here can be taken for nothing else. */
const SIGNED_AS = "trapeza school copy 1\n";

export interface SchoolManifest extends BackupManifest {
  readonly school: number;
  /** Each epoch's last checkpoint, signed by its gateway and cosigned by the cloud that it leaves. `gateway`: that gateway's public key, hex. */
  readonly heads: readonly { readonly epoch: number; readonly size: number; readonly gateway: string; readonly checkpoint: string }[];
  /** The ledger's sums, debit positive, in kopecks. */
  readonly balances: { readonly [account: string]: number };
}

const phonesOf = (school: number) => `(
  select phone from children where school = ${school} union select phone from letters where school = ${school} and phone is not null
  union select phone from announcement_readings where school = ${school} union select phone from announcement_posts where school = ${school}
  union select phone from monthly_statements where school = ${school} union select phone from notices where school = ${school}
  union select given_by from invitations where school = ${school}
  union select phone from shared_children where school = ${school} union select given_by from shared_children where school = ${school})`;
const ordersOf = (school: number) => `(select "order" from payment_lines where school = ${school})`;
const filesOf = (school: number) => `(select id from registry_files where school = ${school})`;

/** Rows that go along although no column of theirs names the school, or that others lean on. */
const LINKED: { readonly [table: string]: (school: number) => string } = {
  schools: (school) => `id = ${school}`,
  guardians: (school) => `phone in ${phonesOf(school)}`,
  notice_wishes: (school) => `phone in ${phonesOf(school)}`,
  notice_rests: (school) => `phone in ${phonesOf(school)}`,
  payment_orders: (school) => `number in ${ordersOf(school)}`,
  payment_receipts: (school) => `"order" in ${ordersOf(school)}`,
  payment_history: (school) => `"order" in ${ordersOf(school)}`,
  registry_rows: (school) => `file in ${filesOf(school)}`,
  registry_questions: (school) => `file in ${filesOf(school)}`,
  office_import_rows: (school) => `import in (select id from office_imports where school = ${school})`,
  office_enclosures: (school) => `application in (select id from office_applications where school = ${school})`,
  office_programs: () => "true",
  office_staff: (school) => `school = ${school} or login in (select answered_by from letters where school = ${school})`,
};
/** What is of the old cloud and of no use at another: sessions, codes, browsers' addresses under its key, its card desks, ways to its other schools. */
export const LEFT_BEHIND: readonly string[] = [
  ...[
    "portal_sessions",
    "office_sessions",
    "challenges",
    "used_codes",
    "push_addresses",
    "office_desks",
    "office_batches",
    "office_batch_cards",
    "enrolments",
    "account_moves",
  ],
  // What a provider vouches for, it vouches for to that operator.
  "identities",
  // What a payer has bound is bound to that operator's bank.
  "payment_bindings",
  // Partners have agreed with that operator, and have heard what they have heard.
  ...["partners", "partner_schools", "partner_outbox"],
  // Which money wants receipts is that operator's own business; the receipts go along.
  "fiscal_kinds",
];

export interface SchoolCopy {
  readonly url: string;
  readonly folder: string;
  readonly house: string;
  readonly school: number;
  /** Of the cloud that the school leaves. */
  readonly seed: Uint8Array;
  readonly now: () => number;
}

/** Reads one moment; the cloud may go on working. Throws {@link BackupTrouble}. */
export async function exportSchool({ url, folder, house, school, seed, now }: SchoolCopy): Promise<SchoolManifest> {
  const signer = createCloudSigner(house, seed);
  const part = folder + ".part";
  await rm(part, { recursive: true, force: true });
  await mkdir(part, { recursive: true, mode: 0o700 });
  const manifest = await within(url, "begin isolation level repeatable read read only", async (client) => {
    const known = await client.query("select 1 from schools where id = $1", [school]);
    if (known.rows.length === 0) throw new BackupTrouble("there is no school " + school + " in this cloud");
    const named = new Set(await tablesWithSchool(client));
    const tables = [];
    for (const table of (await tablesInOrder(client)).filter((name) => !LEFT_BEHIND.includes(name))) {
      const where = LINKED[table]?.(school) ?? (named.has(table) ? `school = ${school}` : null);
      if (where === null) throw new BackupTrouble("nobody has said which rows of " + table + " are a school's");
      const path = join(part, fileOf(table));
      tables.push({ name: table, rows: await writeRows(client, { table, path, writing: "named" }, where), sha256: await hashOf(path) });
    }
    const heads = (await headsOf(client, school)).map(({ checkpoint, ...head }) => {
      const note = parseNote(checkpoint);
      if (!note.ok) throw new BackupTrouble("epoch " + head.epoch + ": its checkpoint is damaged");
      return { ...head, checkpoint: formatNote(cosignCheckpoint(note.value, signer.cosigner, Math.floor(now() / 1000))) };
    });
    const key = formatVerifierKey(signer.directives.key);
    const made = { house, key, madeAt: new Date(now()).toISOString(), ...(await shapeOf(client)), tables };
    return { ...made, school, heads, balances: await balancesOf(client, school) };
  });
  const text = JSON.stringify(manifest, null, 2) + "\n";
  await writeFile(join(part, MANIFEST), text, { mode: 0o600 });
  await writeFile(join(part, SIGNATURE), toHex(signer.directives.sign(Buffer.from(SIGNED_AS + text))) + "\n", { mode: 0o600 });
  await rename(part, folder);
  return manifest;
}

/** The manifest, if the cloud with this key has signed it and every file is what it says. Throws {@link BackupTrouble}. */
export async function readSchoolCopy(folder: string, key: string): Promise<SchoolManifest> {
  const [text, signature] = await Promise.all([MANIFEST, SIGNATURE].map((name) => readFile(join(folder, name), "utf8").catch(() => null)));
  if (text === null || signature === null) throw new BackupTrouble(folder + " is no copy of a school, or not a whole one");
  const known = parseVerifierKey(sha256, key);
  if (!known.ok) throw new BackupTrouble("the key of the old cloud is not of the form name+id+key");
  const bytes = fromHex(signature.trim());
  if (!bytes || !verifySignature(known.value.publicKey, Buffer.from(SIGNED_AS + text), bytes))
    throw new BackupTrouble("the manifest is not signed by the cloud with this key");
  const manifest = JSON.parse(text) as SchoolManifest;
  await checkFiles(folder, manifest.tables);
  for (const head of manifest.heads) checkHead(manifest, head, known.value);
  return manifest;
}

/** Signed by its gateway and cosigned by the cloud that let it go. */
function checkHead(
  { house, school }: SchoolManifest,
  { epoch, gateway, checkpoint, size }: SchoolManifest["heads"][number],
  cloud: VerifierKey,
) {
  const origin = journalOrigin(house, school, epoch);
  const key = createVerifierKey(sha256, origin, "ed25519", fromHex(gateway) as Uint8Array);
  const witness = createVerifierKey(sha256, house, "cosignature", cloud.publicKey);
  const opened = openCheckpoint(checkpoint, origin, key, [witness], verifySignature);
  if (!opened.ok) throw new BackupTrouble("epoch " + epoch + ": its last checkpoint does not open: " + opened.reason);
  if (opened.checkpoint.size !== size || !opened.attestations.some((one) => one.key.keyId === witness.keyId))
    throw new BackupTrouble("epoch " + epoch + ": its last checkpoint is not the one that the old cloud cosigned");
}

/**
 * Brings the school into an empty database and looks at everything as an auditor would: signatures, order, rules, sums, and the figures to the kopeck. Nobody
 * of the old office can log in; guardians can. Throws {@link BackupTrouble}; what it has brought in by then is not to be started on.
 */
export async function importSchool(url: string, folder: string, key: string): Promise<SchoolManifest> {
  const manifest = await readSchoolCopy(folder, key);
  const { school, house } = manifest;
  await makeTables(url, manifest.migrations);
  await within(url, "begin", async (client) => {
    await load(client, folder, manifest, "named");
    await client.query("update office_staff set active = false");
    const [heads, balances] = [await headsOf(client, school), await balancesOf(client, school)];
    const same = manifest.heads.every(({ epoch, size, gateway }, i) =>
      isSame([epoch, size, gateway], heads[i] && [heads[i].epoch, heads[i].size, heads[i].gateway]),
    );
    if (!same || heads.length !== manifest.heads.length) throw new BackupTrouble("the journals are not those of the manifest");
    if (!isSame(balances, manifest.balances)) throw new BackupTrouble("the ledger does not come to the manifest's sums");
  });
  const store = await openSnapshot({ url, onError: () => undefined });
  try {
    const { troubles } = await verifySchool(store, school, house);
    if (troubles.length > 0) throw new BackupTrouble("the school does not stand up to an audit: " + troubles.slice(0, 3).join("; "));
  } finally {
    await store.close();
  }
  return manifest;
}

const isSame = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);

async function tablesWithSchool(client: RoamingClient): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(`
    select c.relname::text as name from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'school' and not a.attisdropped
    where c.relkind = 'r' and c.relnamespace = current_schema()::regnamespace`);
  return rows.map(({ name }) => name);
}

async function headsOf(client: RoamingClient, school: number): Promise<SchoolManifest["heads"]> {
  const { rows } = await client.query<{ epoch: number; size: string; gateway: string; checkpoint: string }>(
    `select distinct on (c.epoch) c.epoch, c.size, encode(g.key, 'hex') as gateway, c.note as checkpoint
     from checkpoints c join gateways g on (g.school, g.epoch) = (c.school, c.epoch) where c.school = $1 order by c.epoch, c.size desc`,
    [school],
  );
  return rows.map((row) => ({ ...row, size: Number(row.size) }));
}

async function balancesOf(client: RoamingClient, school: number): Promise<SchoolManifest["balances"]> {
  const { rows } = await client.query<{ account: string; total: string }>(
    "select account, sum(amount) as total from ledger_postings where school = $1 group by account order by account",
    [school],
  );
  return Object.fromEntries(rows.map(({ account, total }) => [account, Number(total)]));
}
