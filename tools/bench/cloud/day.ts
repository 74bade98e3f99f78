/** A school's day as a gateway would upload it: lived once by the real rules, signed anew for every gateway of a bench. */
import { createHash, randomBytes } from "node:crypto";
import { createSigner, sha256 } from "@trapeza/gateway";
import {
  RULES_VERSION,
  apply,
  createSchool,
  createTree,
  decide,
  decideDirective,
  encode,
  encodeEntry,
  eventSchema,
  eventsUpload,
  journalOrigin,
  leafHash,
  requestToSign,
  signCheckpoint,
  SYNC_HEADERS,
  toBase64,
  toHex,
} from "@trapeza/protocol";
import type { BusinessDate, Event, EventBody, Kopecks, TerminalId } from "@trapeza/protocol";
import { CASHIER, DISH, HOUSE, PRICE, pupilCard, schoolOf, tillId } from "../gateway/school.js";

export const AUTHORITY = "cloud.bench";
const DAY_MS = 86_400_000;
const SALT_BYTES = 16;

export interface Day {
  /** Entries but the first, which names the school and its key. */
  readonly entries: readonly Uint8Array[];
  /** How many entries, the first included, stand before the first sale. */
  readonly morning: number;
}

/** The school opens, and then `sales` buns are sold to `pupils` in turn, each with a card. */
export function liveDay(pupils: number, sales: number): Day {
  const school = createSchool();
  const nowMs = Date.now();
  const date = Math.floor(nowMs / DAY_MS) as BusinessDate;
  const entries: Uint8Array[] = [];
  let n = 0;
  const write = (bodies: readonly EventBody[], terminal: TerminalId | null): void => {
    n++;
    bodies.forEach((body, part) => {
      const operation = terminal === null ? null : { terminal, incarnation: 1, n, part };
      const event = { seq: entries.length, atMs: nowMs + n, clock: "synchronized", date, operation, digest: null, body } as Event;
      apply(school, event);
      entries.push(entryOf(event));
    });
  };
  const till = tillId(0);
  const at = (terminal: TerminalId) => ({ terminal, date, atMs: nowMs + n + 1, clock: "synchronized" as const });
  write([started(1, new Uint8Array(32))], null);
  write([{ kind: "DayOpened", date, staff: null }], null);
  for (const directive of schoolOf(pupils, 1, date))
    write(decideDirective(school, school.directives + 1, directive, at(0 as TerminalId)), null);
  write(decide(school, { kind: "ShiftOpen", uid: CASHIER, declared: 0 as Kopecks }, at(till)).bodies, till);
  const morning = entries.length;
  for (let sold = 0; sold < sales; sold++) {
    const lines = [{ dish: DISH, quantity: 1 }];
    const payer = { by: "card", uid: pupilCard(sold % pupils) } as const;
    const request = { kind: "Sale", payer, lines, total: PRICE, menuVersion: school.menuVersion, override: null } as const;
    const decision = decide(school, request, at(till));
    if (decision.kind === "refused") throw new Error("a sale of the bench is refused: " + decision.reason);
    write(decision.bodies, till);
  }
  return { entries: entries.slice(1), morning };
}

function started(school: number, key: Uint8Array): EventBody {
  return { kind: "GatewayStarted", school, epoch: 1, key, previous: null, rulesVersion: RULES_VERSION };
}

function entryOf(event: Event): Uint8Array {
  return encodeEntry({ salt: new Uint8Array(randomBytes(SALT_BYTES)), event: encode(eventSchema, event) });
}

/** A request as it comes in at the cloud's door. */
export interface SignedUpload {
  readonly headers: { readonly [name: string]: string };
  readonly path: string;
  readonly body: Uint8Array;
  readonly events: number;
}

export interface BenchGateway {
  readonly id: string;
  readonly school: number;
  readonly key: Uint8Array;
  readonly morning: SignedUpload;
  readonly day: readonly SignedUpload[];
}

/** A gateway with a lived day in its journal. `upload` signs the entries from where the last one ended up to `to`. */
export interface SigningGateway extends Pick<BenchGateway, "id" | "school" | "key"> {
  /** How many entries it has, the first one included. */
  readonly size: number;
  readonly upload: (to: number) => SignedUpload;
}

/** The day's uploads of one school's gateway, `batch` events each, signed before anybody looks at the clock. */
export function gatewayOf(number: number, day: Day, batch: number): BenchGateway {
  const { upload, size, ...gateway } = signingGateway(number, day, AUTHORITY);
  const morning = upload(day.morning);
  const uploads: SignedUpload[] = [];
  for (let from = day.morning; from < size; from += batch) uploads.push(upload(Math.min(from + batch, size)));
  return { ...gateway, morning, day: uploads };
}

/** `authority`: host and port to which the requests go. */
export function signingGateway(number: number, day: Day, authority: string): SigningGateway {
  const id = "gateway-" + number;
  const origin = journalOrigin(HOUSE, number, 1);
  const seed = new Uint8Array(createHash("sha256").update(id).digest());
  const signer = createSigner(origin, seed);
  const { publicKey: key } = signer.key;
  const first = entryOf({ ...FIRST, body: started(number, key) } as unknown as Event);
  const entries = [first, ...day.entries];
  const tree = createTree(sha256);
  const path = "/gateways/" + id + "/events";
  let [request, from] = [0, 0];
  const upload = (to: number): SignedUpload => {
    for (const entry of entries.slice(from, to)) tree.append(leafHash(sha256, entry));
    const checkpoint = signCheckpoint({ origin, size: to, root: tree.root() }, signer);
    const body = encode(eventsUpload, { epoch: 1, from, entries: entries.slice(from, to), checkpoint });
    const identity = { gateway: id, epoch: 1, number: ++request };
    const covered = requestToSign("POST", authority, path, toHex(sha256(body)), identity);
    const headers = {
      [SYNC_HEADERS.gateway]: id,
      [SYNC_HEADERS.epoch]: "1",
      [SYNC_HEADERS.number]: String(request),
      [SYNC_HEADERS.signature]: toBase64(signer.sign(covered)),
    };
    const events = to - from;
    from = to;
    return { headers, path, body, events };
  };
  return { id, school: number, key, size: entries.length, upload };
}

const FIRST = { seq: 0, atMs: Date.now(), clock: "synchronized", date: 0, operation: null, digest: null };
