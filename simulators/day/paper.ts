/**
 * Papers against the journal: whoever holds a receipt can point at the event behind it. A receipt that no event explains is a promise of nobody.
 */
import { equalBytes, parsePaperCode, shortLeaf } from "@trapeza/protocol";
import type { Event } from "@trapeza/protocol";
import type { EntryRow } from "@trapeza/cloud";
import { receiptText, type Receipt } from "../devices/escpos.js";
import type { Tally } from "./tally.js";
import { KIOSK_SAYS, literal, SHARED, TILL_SAYS, WALL_SAYS } from "./words.js";

const { receipt: RECEIPT, voidReceipt: VOID, shiftOpen: SHIFT_TITLE } = TILL_SAYS;
const TOTAL = new RegExp(`^${literal(`${SHARED.total}, ${SHARED.roubles}`)}\\s+([\\d ]+,\\d\\d)$`);
const SOLD = new RegExp(`^\\s*${literal(RECEIPT)} \u2116\\d+-(\\d+)$`);
const VOIDED = new RegExp(`^\\s*${literal(VOID)} \u2116\\d+-(\\d+)$`);
const SHIFT = new RegExp(`^\\s*${literal(SHIFT_TITLE)} (\\d+): Z$`);
const VISIT = new RegExp(`^${literal(KIOSK_SAYS.receipt)}\\s+(\\d+)-(\\d+)$`);
/** An operation that was not answered yet when the paper came out. */
const CLAIM = new RegExp(`^\\s*(?:${literal(RECEIPT)} )?(\\d+-\\d+-\\d+)-\\d$`);
/** What a till's paper begins with. */
const TITLES = [
  SOLD,
  VOIDED,
  new RegExp(`^\\s*${literal(SHIFT_TITLE)} \\d+: [XZ]$`),
  new RegExp(`^\\s*${literal(RECEIPT)} \\d+-\\d+-\\d+-\\d$`),
];

/** A class's paper: its operation, and for how many pupils it happened. */
const CLASS_CODE = new RegExp(`^${literal(SHARED.claimCode)}\\s+(\\d+-\\d+-\\d+)-\\d$`);
const PUPILS = new RegExp(`^${literal(WALL_SAYS.pupils)}\\s+(\\d+)$`);

interface Seen {
  readonly lines: readonly string[];
  readonly codes: readonly string[];
}

/** A sentence for each paper that says what the journal, as the cloud holds it, does not. */
export function checkPaper(receipt: Receipt, tally: Tally, entries: readonly EntryRow[]): string[] {
  const seen = read(receipt);
  return [...checkCodes(seen, tally, entries), ...checkTitle(seen, tally)].map((what) => `paper "${titleOf(seen)}": ${what}`);
}

/** What was interrupted leaves a torn head in the printer, and the next paper follows it on the same strip: what stands last counts. */
function read(receipt: Receipt): Seen {
  const codes = receipt.lines.flatMap((line) => (line.kind === "qr" ? [Buffer.from(line.data).toString("latin1")] : []));
  const lines = receiptText(receipt).split("\n");
  const begins = lines.findLastIndex((line) => TITLES.some((title) => title.test(line)));
  return { lines: lines.slice(Math.max(0, begins)), codes };
}

/** It names an operation instead of a place in the journal. */
export function isUnanswered(receipt: Receipt): boolean {
  return read(receipt).codes.some((code) => parsePaperCode(code)?.claim);
}

function titleOf({ lines }: Seen): string {
  return (lines.find((line) => line.trim() !== "") ?? "").trim();
}

/** The last line that fits, with its parts. */
function find({ lines }: Seen, pattern: RegExp): RegExpExecArray | null {
  for (let i = lines.length - 1; i >= 0; i--) {
    const match = pattern.exec(lines[i]);
    if (match) return match;
  }
  return null;
}

/** Kopecks printed as the total, `null` for none. */
function totalOf(seen: Seen): number | null {
  const total = find(seen, TOTAL);
  return total ? Number(total[1].replace(/[^0-9]/g, "")) : null;
}

function checkCodes(seen: Seen, tally: Tally, entries: readonly EntryRow[]): string[] {
  return seen.codes.flatMap((code) => {
    const read = parsePaperCode(code);
    if (!read) return [`its code "${code}" is none of ours`];
    const { claim, proof } = read;
    const found: string[] = [];
    const name = claim ? `${claim.terminal}-${claim.incarnation}-${claim.n}` : "";
    if (claim && !tally.operations.has(name)) found.push(`no event came of operation ${name}`);
    if (!proof) return found;
    const { epoch, index, leaf } = proof;
    const entry = entries.find((one) => one.epoch === epoch && one.index === index);
    const event = tally.journals.get(epoch)?.[index];
    if (!entry || !event) return [...found, `there is no entry ${index}`];
    if (!equalBytes(shortLeaf(entry.leaf), leaf)) found.push(`entry ${index} has another leaf`);
    if (!claim && receiptOf(event) === null) found.push(`entry ${index} is a ${event.body.kind} and no sale`);
    return found;
  });
}

function receiptOf({ body }: Event): number | null {
  return body.kind === "BuffetSold" || body.kind === "CashSold" ? body.receipt : null;
}

function checkTitle(seen: Seen, tally: Tally): string[] {
  const total = totalOf(seen);
  const voided = find(seen, VOIDED);
  if (voided) {
    const event = tally.events.find(({ body }) => body.kind === "SaleVoided" && body.receipt === Number(voided[1]));
    if (event?.body.kind !== "SaleVoided") return [`receipt ${voided[1]} was never voided`];
    return event.body.amount === total ? [] : [`${total} on paper, ${event.body.amount} voided`];
  }
  const sold = find(seen, SOLD);
  if (sold) {
    const event = tally.events.find((one) => receiptOf(one) === Number(sold[1]));
    if (event?.body.kind !== "BuffetSold" && event?.body.kind !== "CashSold") return [`receipt ${sold[1]} was never sold`];
    return event.body.total === total ? [] : [`${total} on paper, ${event.body.total} sold`];
  }
  return checkOthers(seen, tally, total);
}

function checkOthers(seen: Seen, tally: Tally, total: number | null): string[] {
  const visit = find(seen, VISIT);
  if (visit) {
    const [terminal, id] = [Number(visit[1]), Number(visit[2])];
    const notes = tally.events.flatMap(({ body }) =>
      (body.kind === "TopUpCredited" || body.kind === "TopUpHeld") && body.terminal === terminal && body.visit === id ? [body.note] : [],
    );
    const sum = notes.reduce((all, note) => all + note, 0);
    // A visit that a power cut divided has two papers; none may promise more than the visit brought.
    return total !== null && total <= sum ? [] : [`${total} on paper, ${sum} in the journal`];
  }
  const offline = find(seen, CLAIM);
  if (offline) return tally.operations.has(offline[1]) ? [] : [`no event came of operation ${offline[1]}`];
  const meal = find(seen, CLASS_CODE);
  // Where it happened for nobody, there need be no event.
  if (meal) return tally.operations.has(meal[1]) || find(seen, PUPILS)?.[1] === "0" ? [] : [`no event came of operation ${meal[1]}`];
  const shift = find(seen, SHIFT);
  if (shift) {
    const closed = tally.events.some(({ body }) => body.kind === "ShiftClosed" && body.shift === Number(shift[1]));
    return closed ? [] : [`shift ${shift[1]} was never closed`];
  }
  return seen.codes.length > 0 ? [] : ["it says nothing that could be looked up"];
}
