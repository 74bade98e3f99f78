import { randomBytes } from "node:crypto";
import { cpSync, readFileSync } from "node:fs";
import { join } from "node:path";
import test from "ava";
import { issueCode } from "@trapeza/cloud";
import { createSigner, openJournal, parseGatewayConfig } from "@trapeza/gateway";
import { apply, createSchool, journalOrigin, recordFact } from "@trapeza/protocol";
import type { Event, Kopecks, Sequence, TerminalId } from "@trapeza/protocol";
import { handInTail } from "./hand-in.js";
import { replaceGateway } from "./replace.js";
import { openSmallSchool, waitFor, type SmallSchool } from "./_school.test.js";
import { reviewTails } from "./tails.js";
import { ENGLISH } from "./words.en.js";

const words = ENGLISH;
const random = (bytes: number): Uint8Array => new Uint8Array(randomBytes(bytes));
const codeFor = ({ cloud, number }: SmallSchool): Promise<string> => issueCode(cloud.store, number, Date.now(), random);
const KIOSK = 1 as TerminalId;

/** The gateway credits a note to the first account, and dies before the cloud hears of it. Returns whose it was. */
function creditAlone({ gateway }: SmallSchool): { readonly id: number; readonly name: string } {
  const config = parseGatewayConfig(JSON.parse(readFileSync(join(gateway, "settings.json"), "utf8")));
  const origin = journalOrigin(config.house, config.school, 1);
  const school = createSchool();
  const journal = openJournal({
    ...{
      path: join(gateway, "journal.sqlite"),
      origin,
      epoch: 1,
      signer: createSigner(origin, config.gatewaySeed),
      cosigner: null,
      random,
    },
    fold: (event) => apply(school, event),
    die: (reason) => {
      throw reason;
    },
  });
  const [account] = school.accounts.values();
  const atMs = Date.UTC(2026, 10, 30, 7, 42);
  const context = { terminal: KIOSK, date: school.date, atMs, clock: "synchronized" as const };
  const payee = { kind: "number", number: account.number } as const;
  const bodies = recordFact(
    school,
    { kind: "NoteStacked", payee, purse: "main", note: 10_000 as Kopecks, visit: 1, happenedMs: null },
    context,
  );
  const key = { terminal: KIOSK, incarnation: 1, n: 1, digest: random(8) };
  const events = bodies.map((body, part): Event => {
    const operation = { terminal: KIOSK, incarnation: 1, n: 1, part };
    return { seq: (journal.size + part) as Sequence, atMs, clock: "synchronized", date: school.date, operation, digest: key.digest, body };
  });
  journal.commit([{ events, conclude: () => null, operation: { key, answerIn: () => random(20) } }]);
  journal.close();
  return account;
}

test("what only a dead gateway's disk knows is handed in, shown with names and sums, and booked once when somebody has accepted it", async (t) => {
  const school = await openSmallSchool();
  const { cloud, folder, gateway, number } = school;
  const review = async (accept?: string): Promise<string[]> => {
    const lines: string[] = [];
    await reviewTails({ store: cloud.store, school: number, words, accept, print: (line) => lines.push(line) });
    return lines;
  };
  const { id, name } = creditAlone(school);
  await t.throwsAsync(handInTail({ from: gateway, words }), { message: words.notReplaced });
  const to = join(folder, "second");
  await replaceGateway({ from: gateway, to, code: await codeFor(school), words, print: () => undefined });
  const disk = join(folder, "disk");
  cpSync(gateway, disk, { recursive: true });
  t.is(await handInTail({ from: disk, words }), 1);
  t.is(await handInTail({ from: disk, words }), 1, "a second time");
  t.is((await cloud.store.salvage(number, 1)).length, 1);

  const living = await school.start(to);
  const purse = async (): Promise<number> => Number((await cloud.library.book(number)).state.accounts.get(id)?.main);
  const before = await purse();
  const shown = await review();
  t.regex(shown[1] ?? "", new RegExp(`\\d\\d:42, terminal 1, note credited, 100,00.₽, ${name}`));
  const size = Number(/--accept 1:(\d+)/.exec(shown[2] ?? "")?.[1]);
  await t.throwsAsync(review(`1:${size - 1}`), { message: words.otherTail(`1:${size - 1}`) });
  t.is(await purse(), before, "seen is not accepted");
  await review(`1:${size}`);
  t.deepEqual(await review(), [words.noTails]);
  await cloud.enqueueDirectives(number, [{ kind: "SetClass", id: 900, name: "11Ю" }]);
  await waitFor(() => living.status().journal.cosigned > 3);
  t.is(await purse(), before + 10_000);
  t.is(await handInTail({ from: disk, words }), 1, "and a third");
  t.deepEqual(await review(), [words.noTails]);
  t.deepEqual(await cloud.verifyLedger(number), []);
  await school.close();
});
