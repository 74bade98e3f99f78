/** `npm run tool -- verify`: an auditor's look at a school's data, while it runs or while it does not. Changes nothing. */
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { CheckList, count } from "./verify/check.js";
import { checkJournal, identityOf } from "./verify/journal.js";
import type { CheckedJournal, Identity } from "./verify/journal.js";
import { checkCloud, cloudHeads, entryAtCloud, openCloudData } from "./verify/ledger.js";
import type { OpenedCloud } from "./verify/ledger.js";

/**
 * Checks the journal (every byte, order, Merkle root, signatures, answers, rules) and the cloud (same events, ledger equality). `--data`: the demo's folder;
 * `--gateway`: the folder of another gateway than the one in it; `--journal-only` leaves the cloud out; `--json` prints one object at the end. Exit code 0
 * when all is well, 1 with the first bad event named when not.
 */
export async function run(args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: {
      data: { type: "string", default: "data" },
      gateway: { type: "string" },
      json: { type: "boolean", default: false },
      "journal-only": { type: "boolean", default: false },
    },
  });
  const folder = resolve(values.data);
  const print = values.json ? () => undefined : (line: string) => console.log(line);
  let identity: Identity;
  try {
    identity = identityOf(values.gateway === undefined ? join(folder, "gateway") : resolve(values.gateway));
  } catch (error) {
    console.error((error as Error).message);
    return 1;
  }
  print(`${identity.origin}, in ${folder}`);
  const list = new CheckList(print);
  const checked = await checkAll(list, identity, folder, values["journal-only"]);
  const { verified, firstBad } = checked;
  if (values.json) {
    console.log(JSON.stringify({ good: list.good, origin: identity.origin, events: verified.size, firstBad, checks: list.checks }));
  } else {
    const failed = list.checks.filter(({ good }) => !good).length;
    print(list.good ? `All is well: ${count(list.checks.length, "check")}.` : `${count(failed, "check")} of ${list.checks.length} failed.`);
  }
  return list.good ? 0 : 1;
}

async function checkAll(list: CheckList, identity: Identity, folder: string, journalOnly: boolean): Promise<CheckedJournal> {
  let cloud: OpenedCloud | null = null;
  let reason = "";
  if (!journalOnly) {
    try {
      cloud = await openCloudData(join(folder, "cloud"), process.env.DATABASE_URL ?? null);
    } catch (error) {
      reason = (error as Error).message;
    }
  }
  try {
    const heads = cloud ? await cloudHeads(cloud, identity) : [];
    const witness = async (seq: number) => (cloud ? entryAtCloud(cloud, identity, seq) : null);
    const checked = await checkJournal(list, identity, heads, witness);
    if (cloud) await checkCloud(list, cloud, identity, checked.verified.firstBad ? null : checked.verified);
    else if (!journalOnly) {
      const says = `The ledger was not checked, its database cannot be reached: ${reason}; --journal-only leaves it out.`;
      await list.run("ledger", () => ({ good: false, says }));
    }
    return checked;
  } finally {
    await cloud?.close();
  }
}
