/** That nothing is written beside the trail: whatever the office changes goes through `office.change`, or stands here with its reason. */
import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import test from "ava";

const CLOUD = fileURLToPath(new URL("../../", import.meta.url));
const ROOMS = ["office", "settlement", "claims", "letters", "announcements", "reports", "web/office"];

/** What writes to the database by itself, and why it leaves no line of its own. */
const BESIDE_THE_TRAIL: { readonly [place: string]: string } = {
  "office/office.ts transaction": "the change itself, with its line of the trail",
  "office/first-staff.ts transaction": "the first of the staff; writes its line itself",
  "office/school-hand.ts transaction": "a hand beside the cloud's process; writes its line itself",
  "office/outbox.ts updateTable officeOutbox": "telling a school what was decided, and has its line",
  "office/outbox.ts deleteFrom officeOutbox": "the same",
  "office/staff.ts deleteFrom officeSessions": "logging in and out changes nothing",
  "office/staff.ts insertInto officeSessions": "the same",
  "office/staff.ts updateTable officeSessions": "wrong codes are counted",
  "office/staff.ts updateTable officeStaff": "a code opens once: its step is taken",
  "office/cards/desks.ts updateTable officeDesks": "counters of a card desk; what it made or refused has its line",
  "office/cards/batches.ts updateTable officeBatchCards": "how far a card on the reader is; made or refused has its line",
  "office/cards/till-portraits.ts updateTable officePhotographs":
    "a confirmed photograph drawn in the till's own form; confirming it has its line",
  "settlement/bank-desk.ts updateTable registryFiles": "a file whose rows are all credited; taking it has its line",
  "settlement/bank-desk.ts transaction": "a row of that file for which no account is left goes to suspense, as a question",
  "settlement/registry-desk.ts transaction": "the same of a provider's file",
  "settlement/registry-desk.ts updateTable registryQuestions": "a question that has mended itself; nobody did it",
  "letters/store-postgres.ts insertInto letters": "a family writes, not the office",
  "letters/store-postgres.ts updateTable letters": "the family has been told of an answer, which has its line",
  "announcements/store-postgres.ts insert into announcement_readings": "a family reads",
  "announcements/store-postgres.ts deleteFrom announcementPosts": "a family has been told",
  "announcements/store-postgres.ts updateTable announcementPosts": "a family could not be told, and is told later",
};

const WRITES = /\bdatabase\s*\.\s*(insertInto|updateTable|deleteFrom|transaction)\(\s*"?(\w*)/g;
const RAW = /sql(?:<[^>]*>)?`\s*(insert into|update|delete from) (\w+)[^`]*`\s*\.execute\((?:\w+\.)*database\)/g;

async function sources(folder: string): Promise<string[]> {
  const entries = await readdir(join(CLOUD, folder), { withFileTypes: true, recursive: true });
  const files = entries.filter((one) => one.isFile() && /(?<!\.test|\.d)\.tsx?$/.test(one.name));
  return files.map((one) => join(one.parentPath, one.name));
}

test("whatever the office writes leaves a line of the trail, or a reason stands here", async (t) => {
  const files = (await Promise.all(ROOMS.map(sources))).flat();
  t.true(files.length > 100);
  const found = new Set<string>();
  for (const file of files) {
    const text = await readFile(file, "utf8");
    for (const [, verb, table] of [...text.matchAll(WRITES), ...text.matchAll(RAW)])
      found.add((file.slice(CLOUD.length) + " " + verb + " " + table).trim());
  }
  t.deepEqual([...found].sort(), Object.keys(BESIDE_THE_TRAIL).sort());
});

test("no page of the office writes by itself", async (t) => {
  for (const file of await sources("web/office")) {
    const text = await readFile(file, "utf8");
    t.notRegex(text, /insertInto|updateTable|deleteFrom|putDirectives|\benqueueDirectives/, file);
  }
});
