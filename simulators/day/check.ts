/**
 * What must hold on every day, whatever happened: looked at while it runs, and once more in the evening when all that was under way has arrived. A violation
 * is a sentence with its moment; none of these laws knows which faults were on.
 */
import { checkInvariants, equalBytes } from "@trapeza/protocol";
import type { Event, School } from "@trapeza/protocol";
import { ledgerAccounts, type EntryRow } from "@trapeza/cloud";
import type { EscposTwin } from "../devices/escpos.js";
import type { World } from "../world.js";
import { checkPaper, isUnanswered } from "./paper.js";
import { noteComplaint, SEEN } from "./sometimes.js";
import { formatMoment } from "./stage.js";
import { countNew, createTally, type Tally } from "./tally.js";

export interface Checker {
  readonly tally: Tally;
  /** "2026-09-01 10:42:07 …", each broken law once. */
  readonly violations: readonly string[];
  violate(sentence: string): void;
  /** What must hold at every moment. */
  look(): Promise<void>;
  /** What must hold when every queue is empty. */
  close(): Promise<void>;
}

/** Words of the gateway that a fault explains; everything else that it warns of is somebody's mistake. */
const EXPECTED = [
  /no route to the cloud/,
  /no answer from the cloud/,
  /frame dropped/,
  /the disk takes nothing/,
  /the disk did not take them/,
  /two cards with the same bytes/,
  // Switched off for a weekend and without internet since: the rules want a supervisor's card. In the evening the day is open, or that is a violation.
  /the day was not opened/,
];
/** A terminal tells of itself every minute; one that has not done so for three is not there. */
const SILENT_MS = 180_000;

export function createChecker(
  world: World,
  schoolNumber: number,
  hasFaults: boolean,
  tell: (line: string) => void = () => undefined,
): Checker {
  const tally = createTally();
  const violations: string[] = [];
  const known = new Set<string>();
  let complaints = 0;
  let lines = 0;
  const papers = new Map<EscposTwin, number>();
  /** What was looked at last, and how many events had made it. */
  let seen: { readonly school: School; readonly events: number } | null = null;

  function violate(sentence: string): void {
    if (known.has(sentence)) return;
    known.add(sentence);
    violations.push(`${formatMoment(world.clock.now())} ${sentence}`);
    tell(`VIOLATION ${sentence}`);
  }
  async function look(): Promise<void> {
    const known = tally.events.length;
    countNew(tally, world, tell);
    tally.events.slice(known).flatMap(brokenBy).forEach(violate);
    const fresh = world.complaints.slice(complaints);
    complaints += fresh.length;
    for (const line of fresh) noteComplaint(tally.sometimes, line);
    fresh.filter((line) => !hasFaults || !EXPECTED.some((pattern) => pattern.test(line))).forEach(violate);
    if (seen?.school !== world.school || seen.events !== tally.events.length) checkInvariants(world.school).forEach(violate);
    seen = { school: world.school, events: tally.events.length };
    namesIn(world, lines).forEach(violate);
    lines = world.lines.length;
    for (const [note, { sure, inBox }] of notesOf(world, tally)) {
      if (sure > inBox) violate(`${sure} notes of ${note} kopecks are credited or held, ${inBox} lie in the cassettes`);
    }
    const findings = await world.cloud.store.findings(schoolNumber);
    for (const { index, what } of findings) violate(`the cloud's audit of entry ${index}: ${what}`);
  }

  return {
    ...{ tally, violations, violate, look },
    async close() {
      await look();
      const entries = await entriesOf(world, schoolNumber);
      const cash = [...notesOf(world, tally)].flatMap(([note, { sure, unsure, inBox }]) =>
        inBox > sure + unsure ? [`${inBox} notes of ${note} kopecks lie in the cassettes, only ${sure + unsure} are accounted for`] : [],
      );
      cash.forEach(violate);
      compareJournals(world, entries).forEach(violate);
      (await world.cloud.verifyLedger(schoolNumber)).forEach((what) => violate("ledger: " + what));
      unsentOf(world).forEach(violate);
      // What is here only is for another evening: then purses and papers are looked at.
      if (!world.internet) return;
      (await comparePurses(world, schoolNumber)).forEach(violate);
      checkNewPapers(world, tally, entries, papers, violate);
    },
  };
}

/** What no event may say, by its own words: the rules that made it are also those by which the cloud judges it. */
function brokenBy({ body }: Event): string[] {
  if (body.kind !== "BuffetSold" || body.flags.includes("overdrawn") || body.change.mainDelta >= 0) return [];
  return [`receipt ${body.receipt} took ${0 - body.change.mainDelta} kopecks from the main purse, which pays for meals only`];
}

interface Notes {
  readonly sure: number;
  readonly unsure: number;
  readonly inBox: number;
}

/** By note value: what the journal says of notes, and what really lies in the cassettes. */
function notesOf({ terminals, retired }: World, { sure, unsure }: Tally): Map<number, Notes> {
  const box = new Map<number, number>();
  for (const acceptor of [...terminals.values(), ...retired.map(({ terminal }) => terminal)].map((one) => one.acceptor)) {
    const truth = acceptor?.truth();
    for (const note of truth ? [...truth.cassette, ...truth.collected] : []) box.set(note, (box.get(note) ?? 0) + 1);
  }
  const values = new Set([...box.keys(), ...sure.keys(), ...unsure.keys()]);
  return new Map(
    [...values].map((note) => [note, { sure: sure.get(note) ?? 0, unsure: unsure.get(note) ?? 0, inBox: box.get(note) ?? 0 }]),
  );
}

/** Of every epoch, oldest first. */
async function entriesOf({ cloud, journal }: World, schoolNumber: number): Promise<EntryRow[]> {
  const epochs = Array.from({ length: journal.epoch }, (_, before) => before + 1);
  return (await Promise.all(epochs.map((epoch) => cloud.store.entries(schoolNumber, epoch, 0, Number.POSITIVE_INFINITY)))).flat();
}

/** Without internet the cloud's entries are the first of the school's. */
function compareJournals({ journal, internet }: World, all: readonly EntryRow[]): string[] {
  const entries = all.filter(({ epoch }) => epoch === journal.epoch);
  const own = journal.entries(0, journal.size, Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY);
  const at = entries.findIndex(({ bytes }, index) => index >= own.length || !equalBytes(bytes, own[index]));
  if (at >= 0) return [`entry ${at} differs between journal and cloud`];
  if (!internet) return [];
  if (entries.length !== journal.size) return [`the journal has ${journal.size} entries, the cloud ${entries.length}`];
  return journal.cosigned?.size === journal.size
    ? []
    : [`the cloud has cosigned ${journal.cosigned?.size ?? 0} of ${journal.size} entries`];
}

/** What nobody may read in a log: whose child it is. */
function namesIn({ school, lines }: World, from: number): string[] {
  const fresh = lines.slice(from).filter((line) => /[А-ЯЁа-яё]/.test(line));
  if (fresh.length === 0) return [];
  const names = new Set([...school.accounts.values(), ...school.staff.values()].map(({ name }) => name.split(" ")[0]));
  return fresh.filter((line) => [...names].some((name) => line.includes(name))).map((line) => `a name stands in the log: ${line}`);
}

/** The gateway's memory decides who may eat; the ledger is what families are shown. The cloud compares its own replay, this the gateway itself. */
async function comparePurses({ cloud, school }: World, schoolNumber: number): Promise<string[]> {
  const balances = await cloud.store.balances(schoolNumber);
  return [...school.accounts.values()].flatMap(({ id, main, additional }) => {
    const posted = [ledgerAccounts.holderMain(id), ledgerAccounts.holderAdditional(id)].map((name) => 0 - (balances.get(name) ?? 0));
    if (posted[0] === main && posted[1] === additional) return [];
    return [`account ${id}: the gateway has ${main} and ${additional}, the ledger ${posted.join(" and ")}`];
  });
}

function unsentOf({ terminals, statuses, clock }: World): string[] {
  return [...terminals.keys()].flatMap((terminal) => {
    const status = statuses.get(terminal);
    if (!status || clock.now() - status.atMs > SILENT_MS) return [`terminal ${terminal} has not been heard of for minutes`];
    return status.unsent === 0 ? [] : [`terminal ${terminal} still has ${status.unsent} operations to send`];
  });
}

/** `checked`: how many papers of each printer have been looked at. */
function checkNewPapers(
  { terminals, retired }: World,
  tally: Tally,
  entries: readonly EntryRow[],
  checked: Map<EscposTwin, number>,
  violate: (sentence: string) => void,
): void {
  const all = [...[...terminals].map(([id, terminal]) => ({ id, terminal })), ...retired];
  for (const { id, terminal } of all) {
    const { printer } = terminal;
    for (const receipt of printer.receipts.slice(checked.get(printer) ?? 0)) {
      if (isUnanswered(receipt)) tally.sometimes[SEEN.withoutAnswer]++;
      for (const what of checkPaper(receipt, tally, entries)) violate(`terminal ${id}, ${what}`);
    }
    checked.set(printer, printer.receipts.length);
  }
}
