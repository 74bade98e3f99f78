/** The school's half: the journal file, its signatures and the rules. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { createSigner, describeBad, EDITION, keptInheritance, readGatewayConfig, sha256, verifyJournalFile } from "@trapeza/gateway";
import type { ExpectedHead, FirstBad, GatewayConfig, Inheritance, VerifiedJournal } from "@trapeza/gateway";
import {
  apply,
  audit,
  checkInvariants,
  createSchool,
  createVerifierKey,
  decodeEntry,
  decodeWhole,
  encodeSchool,
  equalBytes,
  eventSchema,
  journalOrigin,
  toHex,
} from "@trapeza/protocol";
import type { Event, School, VerifierKey } from "@trapeza/protocol";
import { count } from "./check.js";
import type { CheckList } from "./check.js";

/** Who signs what in this school; read from the gateway's own settings. */
export interface Identity {
  readonly config: GatewayConfig;
  readonly journal: string;
  readonly origin: string;
  readonly key: VerifierKey;
  readonly cosigner: VerifierKey | null;
}

/** Throws a sentence when the folder is no gateway's. */
export function identityOf(folder: string): Identity {
  const settings = join(folder, "settings.json");
  if (!existsSync(settings)) throw new Error(`There is no gateway in ${folder}: ${settings} is missing. Has the demo run?`);
  const config = readGatewayConfig(settings);
  const origin = journalOrigin(config.house, config.school, config.epoch);
  const cloud = config.cloud?.key;
  return {
    ...{ config, origin, journal: join(folder, "journal.sqlite") },
    key: createSigner(origin, config.gatewaySeed).key,
    cosigner: cloud ? createVerifierKey(sha256, cloud.name, "cosignature", cloud.publicKey) : null,
  };
}

/** Where the copy of an event can be had that nobody has damaged. */
export type Witness = (seq: number) => Promise<Uint8Array | null>;

export interface CheckedJournal {
  readonly verified: VerifiedJournal;
  readonly firstBad: FirstBad | null;
}

/** Checks the journal and says so line by line. `heads`: what else the journal must lead to. */
export async function checkJournal(
  list: CheckList,
  identity: Identity,
  heads: readonly ExpectedHead[],
  witness: Witness,
): Promise<CheckedJournal> {
  const { origin, key, cosigner } = identity;
  let verified: VerifiedJournal | null = null;
  const earlier = await checkEarlier(list, identity);
  await list.run("bytes", async () => {
    verified = verifyJournalFile(identity.journal, { origin, key, cosigner, heads, lines: earlier?.lines });
    const { bytes, logBytes, pages, firstBad, unfinished } = verified;
    if (firstBad) return { good: false, says: sentence(describeBad(firstBad)), details: await nameEvent(firstBad, verified, witness) };
    const rest = unfinished > 0 ? `; ${count(unfinished, "byte")} of a commit that is not finished` : "";
    const log = logBytes > 0 ? ` and ${count(logBytes, "byte")} of its log` : "";
    return {
      good: true,
      says: `Every one of the journal's ${count(bytes, "byte")} on ${count(pages, "page")}${log} is accounted for${rest}.`,
    };
  });
  const read = verified as VerifiedJournal | null;
  if (!read) throw new Error("the journal could not be read");
  if (read.firstBad) return { verified: read, firstBad: read.firstBad };
  await list.run("sequence", () => sequence(read));
  await list.run("signatures", () => signatures(read, heads));
  await list.run("answers", () => ({
    good: true,
    says: `All ${count(read.answers, "answer")} are what was said, and no operation is without one.`,
  }));
  let badRules: FirstBad | null = null;
  let snapshots: { readonly others: readonly string[]; readonly count: number } | null = null;
  await list.run("rules", async () => {
    const replayed = replay(read, earlier?.school ?? createSchool());
    badRules = replayed.firstBad;
    if (badRules) return { good: false, says: sentence(describeBad(badRules)), details: await nameEvent(badRules, read, witness) };
    const { accounts, broken, others } = replayed;
    snapshots = { others, count: read.snapshots.length };
    if (broken.length > 0)
      return { good: false, says: "The rules played again leave the school in a state that breaks its laws.", details: broken };
    return {
      good: true,
      says: `The rules, played again, give every figure of every event; all laws hold for ${count(accounts, "account")}.`,
    };
  });
  const found = snapshots as { readonly others: readonly string[]; readonly count: number } | null;
  if (found && found.count > 0)
    await list.run("snapshots", () => ({
      good: found.others.length === 0,
      says:
        found.others.length > 0
          ? "A snapshot holds another state than the events before it come to; the gateway must not start from it."
          : `What ${count(found.count, "snapshot")} of the journal ${found.count === 1 ? "holds" : "hold"} is what the events come to, to the byte.`,
      details: found.others,
    }));
  return { verified: read, firstBad: badRules };
}

/** The epochs before this gateway's, and the school as they left it; `null` in a school's first epoch. */
async function checkEarlier(list: CheckList, { config, cosigner }: Identity): Promise<Earlier | null> {
  if (config.epoch === 1 || !cosigner) return null;
  const school = createSchool();
  const differences: string[] = [];
  let events = 0;
  let inheritance: Inheritance | null = null;
  await list.run("epochs", () => {
    inheritance = keptInheritance(config.dataDir, config.epoch, { ...config, cosigner }, (event) => {
      for (const what of audit(school, event)) differences.push(sentence(`epoch ${school.epoch}, event ${event.seq}: ${what}`));
      apply(school, event);
      events++;
    });
    const epochs = count(config.epoch - 1, "earlier epoch");
    if (differences.length > 0) return { good: false, says: `The rules give something else than ${epochs} say.`, details: differences };
    return {
      good: true,
      says: `${count(events, "event")} of ${epochs} are as their gateways signed and the cloud cosigned them, and as the rules give them.`,
    };
  });
  const taken = inheritance as Inheritance | null;
  return taken ? { school, lines: taken.lines() } : null;
}

interface Earlier {
  readonly school: School;
  readonly lines: ReturnType<Inheritance["lines"]>;
}

function sequence({ size, root }: VerifiedJournal) {
  return {
    good: true,
    says: `${count(size, "event")} follow one another without a gap, under the Merkle root ${toHex(root).slice(0, 16)}….`,
  };
}

function signatures({ checkpoints, troubles }: VerifiedJournal, heads: readonly ExpectedHead[]) {
  if (troubles.length > 0) return { good: false, says: "Something is wrong beside the journal.", details: troubles.map(sentence) };
  const { signed, cosigned } = checkpoints;
  if (!signed) return { good: false, says: "No checkpoint was ever signed, so nothing shows that the journal is whole." };
  const by = cosigned ? `the one over ${count(cosigned.size, "event")} is cosigned by the cloud` : "the cloud has cosigned none yet";
  const also = heads.length > 0 ? "; the cloud's own last one agrees" : "";
  return {
    good: true,
    says: `The checkpoint over ${count(signed.size, "event")} is signed by the gateway, ${by}; the journal leads to both${also}.`,
  };
}

/** Folds every event and asks the rules for a second opinion before each. `school`: as the epochs before left it. */
function replay(
  journal: VerifiedJournal,
  school: School,
): { firstBad: FirstBad | null; accounts: number; broken: string[]; others: string[] } {
  const others: string[] = [];
  for (let seq = 0; seq < journal.size; seq++) {
    const bad = (what: string) => ({ firstBad: { seq, upTo: seq, what }, accounts: 0, broken: [], others });
    const event = eventIn(journal.entryAt(seq));
    if (!event) return bad("it is no event");
    const differences = audit(school, event);
    if (differences.length > 0) return bad("the rules give something else: " + differences.join("; "));
    try {
      apply(school, event);
    } catch (error) {
      return bad("it does not follow from the events before: " + (error as Error).message);
    }
    const at = journal.snapshots.find(({ size, edition }) => size === seq + 1 && edition === EDITION);
    if (at && !equalBytes(sha256(encodeSchool(school)), at.sections.state.hash)) others.push(`The snapshot of ${count(at.size, "event")}.`);
  }
  return { firstBad: null, accounts: school.accounts.size, broken: checkInvariants(school), others };
}

export function eventIn(entry: Uint8Array | null): Event | null {
  const opened = entry && decodeEntry(entry);
  const event = opened?.ok ? decodeWhole(eventSchema, opened.value.event) : null;
  return event?.ok ? (event.value as Event) : null;
}

/** The first bad event by kind and receipt: as the cloud knows it, or else as far as it can still be read. */
async function nameEvent({ seq }: FirstBad, journal: VerifiedJournal, witness: Witness): Promise<string[]> {
  const copy = eventIn(await witness(seq));
  const own = copy ? null : eventIn(journal.entryAt(seq));
  const event = copy ?? own;
  if (!event) return [`First bad event: ${seq}. It can be read neither here nor at the cloud.`];
  const source = copy ? "by the cloud's copy" : "as far as it can be read";
  return [`First bad event: ${seq}, ${event.body.kind}${receiptOf(event)}, ${source}.`];
}

function receiptOf({ body }: Event): string {
  return "receipt" in body && typeof body.receipt === "number" ? `, receipt №${body.receipt}` : ", no receipt";
}

function sentence(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1) + ".";
}
