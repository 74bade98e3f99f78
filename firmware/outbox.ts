/**
 * What a terminal must not forget: its counters, the note that is on its way into the cassette, and every operation until the cloud has it.
 *
 * Sectors of raw flash are used in a ring. Each begins with the whole state, so the newest one alone says where things stand; operations that are still
 * needed are carried over from the oldest sector before that one is emptied. The order of writes, and what a cut leaves behind, is tested at every
 * single write (outbox.test.ts).
 */
import { copyOf, decode, encode, equalBytes } from "@trapeza/protocol/chip";
import type { Proof, Sha256 } from "@trapeza/protocol/chip";
import type { Flash } from "./board.js";
import { assign, emptyState, operationSchema, stateSchema } from "./outbox-state.js";
import type { Changing, Intent, State, StoredOperation } from "./outbox-state.js";
import {
  beginSector,
  markRecord,
  placeOf,
  readGeneration,
  readRecord,
  recordBytes,
  scanSector,
  sectorOf,
  writeRecord,
  SECTOR_HEAD,
} from "./sector.js";
import type { Place, StoredRecord } from "./sector.js";

export interface Outbox {
  readonly flash: Flash;
  readonly sha256: Sha256;
  readonly state: Changing;
  /** Places of the operations `firstN`, `firstN` + 1, …; bytes they take. */
  places: Place[];
  firstN: number;
  /** Where the latest of each thing lies that outlives every restart: {@link keep}. */
  readonly kept: Place[];
  /** The first note of a visit that has no paper yet, 0 when there is none: safe or not, it is kept, for the paper must name it after a restart. */
  unpapered: number;
  sector: number;
  offset: number;
  generation: number;
}

const STATE = 1;
const OPERATION = 2;
const KEPT = 3;
/** Of {@link keep}: what the gateway last said of school and operator; the touch panel's calibration. */
export const POLICY = 0;
export const TOUCH = 1;
/** Beyond this many the oldest answered ones are forgotten: the chip has a few thousand variables in all. */
const MOST_PLACES = 400;
/** Room in flash kept for carrying over: two sectors are never counted on. */
const SPARE_SECTORS = 3;
/** Every state takes the same room, so that a full sector's operations always fit behind the state of the sector they are carried into. */
const STATE_BYTES = 128;
const NOWHERE = -1;
const ANSWERED = new Uint8Array([0, 0, 0, 0]);

/**
 * Notes where operation `n` lies. Copies of one operation are equal; the newest place wins, because the older sector is emptied first.
 * Copies are read after operations with higher numbers, so the list may have to grow at its front.
 */
function locate(outbox: Outbox, n: number, place: Place): void {
  const { places } = outbox;
  if (places.length === 0) outbox.firstN = n;
  for (; outbox.firstN > n; outbox.firstN--) places.unshift(NOWHERE);
  while (outbox.firstN + places.length <= n) places.push(NOWHERE);
  places[n - outbox.firstN] = place;
}

function replay(outbox: Outbox, stored: StoredRecord): void {
  if (stored.kind === STATE) {
    const state = decode(stateSchema, stored.payload);
    if (!state.ok) return;
    // What stands before a new name belongs to the old one: carried over it would push the numbers up, and the gateway would wait for ever for those between.
    if (state.value.incarnation !== outbox.state.incarnation) outbox.places = [];
    assign(outbox.state, state.value);
    return;
  }
  if (stored.kind === KEPT) {
    outbox.kept[stored.payload[0]] = stored.place;
    return;
  }
  const found = decode(operationSchema, stored.payload);
  if (!found.ok) return;
  const { n, closes } = found.value;
  locate(outbox, n, stored.place);
  const state = outbox.state;
  if (n > state.lastN) state.lastN = n;
  if (stored.mark[0] === 0 && n > state.answeredUpTo) state.answeredUpTo = n;
  if (state.open && state.open.intent === closes) state.open = null;
}

/** Drops from memory what nobody needs any more: answered, and safe in the cloud or crowded out. */
function forget(outbox: Outbox): void {
  const { state } = outbox;
  const needless = Math.min(state.safeUpTo, state.answeredUpTo);
  let gone = 0;
  while (gone < outbox.places.length) {
    const n = outbox.firstN + gone;
    const crowded = outbox.places.length - gone > MOST_PLACES && n <= state.answeredUpTo;
    if (n > needless && !crowded && outbox.places[gone] !== NOWHERE) break;
    gone++;
  }
  if (gone === 0) return;
  outbox.places.splice(0, gone);
  outbox.firstN += gone;
}

function stateBytes(outbox: Outbox): Uint8Array {
  const out = new Uint8Array(STATE_BYTES);
  out.set(encode(stateSchema, outbox.state));
  return out;
}

function put(outbox: Outbox, kind: number, payload: Uint8Array): Place {
  const place = placeOf(outbox.flash, outbox.sector, outbox.offset);
  writeRecord(outbox.flash, outbox.sha256, place, kind, payload);
  outbox.offset += recordBytes(payload.length);
  return place;
}

function liesIn(outbox: Outbox, place: Place, sector: number): boolean {
  return place !== NOWHERE && sectorOf(outbox.flash, place) === sector;
}

/** Something in this sector may not be lost with it. */
function isNeeded(outbox: Outbox, sector: number): boolean {
  const all = outbox.places.concat(outbox.kept);
  for (let i = 0; i < all.length; i++) if (liesIn(outbox, all[i], sector)) return true;
  return false;
}

/** Copies what is still needed out of a sector. Ends half-way at a cut; the next start begins it again, and copies of copies do no harm. */
function carryOver(outbox: Outbox, victim: number): void {
  forget(outbox);
  for (let i = 0; i < outbox.places.length; i++) {
    if (!liesIn(outbox, outbox.places[i], victim)) continue;
    const stored = readRecord(outbox.flash, outbox.sha256, outbox.places[i]);
    if (!stored) continue;
    const place = put(outbox, OPERATION, stored.payload);
    if (stored.mark[0] === 0) markRecord(outbox.flash, place, ANSWERED);
    outbox.places[i] = place;
  }
  for (let i = 0; i < outbox.kept.length; i++) {
    const stored = liesIn(outbox, outbox.kept[i], victim) ? readRecord(outbox.flash, outbox.sha256, outbox.kept[i]) : null;
    if (stored) outbox.kept[i] = put(outbox, KEPT, stored.payload);
  }
}

/** The next sector of the ring; nothing that is needed lies in it. */
function advance(outbox: Outbox): void {
  const { flash } = outbox;
  const target = (outbox.sector + 1) % flash.sectors;
  outbox.generation++;
  beginSector(flash, outbox.sha256, target, outbox.generation);
  outbox.sector = target;
  outbox.offset = SECTOR_HEAD;
  put(outbox, STATE, stateBytes(outbox));
  carryOver(outbox, (target + 1) % flash.sectors);
}

/** {@link NOWHERE} when every sector is full of what may not be forgotten; {@link hasRoom} keeps callers from ever coming so far. */
function append(outbox: Outbox, kind: number, payload: Uint8Array): Place {
  const room = outbox.flash.sectorBytes - recordBytes(payload.length);
  for (let i = 0; i < outbox.flash.sectors && outbox.offset > room; i++) advance(outbox);
  return outbox.offset > room ? NOWHERE : put(outbox, kind, payload);
}

function saveState(outbox: Outbox): void {
  append(outbox, STATE, stateBytes(outbox));
}

interface Found {
  readonly sector: number;
  readonly generation: number;
}

function sectorsInOrder(flash: Flash, sha256: Sha256): Found[] {
  const found: Found[] = [];
  for (let sector = 0; sector < flash.sectors; sector++) {
    const generation = readGeneration(flash, sha256, sector);
    if (generation > 0) found.push({ sector, generation });
  }
  return found.sort(function (a, b) {
    return a.generation - b.generation;
  });
}

function readAll(flash: Flash, sha256: Sha256, order: ReadonlyArray<Found>): Outbox {
  const outbox: Outbox = {
    flash,
    sha256,
    state: emptyState(),
    places: [],
    firstN: 1,
    kept: [NOWHERE, NOWHERE],
    unpapered: 0,
    sector: flash.sectors - 1,
    offset: flash.sectorBytes,
    generation: 0,
  };
  for (let i = 0; i < order.length; i++) {
    outbox.sector = order[i].sector;
    outbox.generation = order[i].generation;
    outbox.offset = scanSector(flash, sha256, outbox.sector, function (stored) {
      replay(outbox, stored);
    });
  }
  forget(outbox);
  return outbox;
}

/** Reads the flash, whatever was going on when the power went, and begins a new boot epoch, durably. */
export function openOutbox(flash: Flash, sha256: Sha256): Outbox {
  const order = sectorsInOrder(flash, sha256);
  let outbox = readAll(flash, sha256, order);
  const next = (outbox.sector + 1) % flash.sectors;
  const uncarried = isNeeded(outbox, next);
  if (uncarried && outbox.offset === flash.sectorBytes) {
    // The cut tore a copy: nothing more may be written here, and the next sector must not be emptied yet. This one holds copies only, so it is the one
    // to begin again.
    const generation = outbox.generation;
    outbox = readAll(flash, sha256, order.slice(0, order.length - 1));
    outbox.generation = generation;
    outbox.offset = flash.sectorBytes;
  } else if (uncarried) carryOver(outbox, next);
  outbox.state.bootEpoch++;
  saveState(outbox);
  return outbox;
}

/** What a gateway allows holds until the next one speaks, over every restart. */
export function allow(outbox: Outbox, service: State["service"]): void {
  if (outbox.state.service === service) return;
  outbox.state.service = service;
  saveState(outbox);
}

/** Remembers `bytes` as the latest of its kind ({@link POLICY}, {@link TOUCH}), durably; what is remembered already costs no write. */
export function keep(outbox: Outbox, what: number, bytes: Uint8Array): void {
  const before = kept(outbox, what);
  if (before && equalBytes(before, bytes)) return;
  const payload = new Uint8Array(bytes.length + 1);
  payload[0] = what;
  payload.set(bytes, 1);
  const place = append(outbox, KEPT, payload);
  if (place !== NOWHERE) outbox.kept[what] = place;
}

/** The latest of its kind, `null` when there is none. */
export function kept(outbox: Outbox, what: number): Uint8Array | null {
  const found = outbox.kept[what] === NOWHERE ? null : readRecord(outbox.flash, outbox.sha256, outbox.kept[what]);
  return found ? copyOf(found.payload, 1, found.payload.length) : null;
}

/** How many operations the gateway has not answered. */
export function unsent(outbox: Outbox): number {
  return outbox.state.lastN - outbox.state.answeredUpTo;
}

/** `true` when one more visit of notes can be kept, whatever happens to gateway and cloud. Without room no cash is taken. */
export function hasRoom(outbox: Outbox): boolean {
  const used = unsent(outbox) * recordBytes(128);
  return used < (outbox.flash.sectors - SPARE_SECTORS - 1) * outbox.flash.sectorBytes && unsent(outbox) < MOST_PLACES;
}

/** Durable before STACK is sent. */
export function openIntent(outbox: Outbox, note: Omit<Intent, "intent">): Intent {
  const { state } = outbox;
  state.lastIntent++;
  const open: Intent = { intent: state.lastIntent, payee: note.payee, purse: note.purse, note: note.note, visit: note.visit };
  state.open = open;
  saveState(outbox);
  return open;
}

/** The note went back: nothing happened. */
export function closeIntent(outbox: Outbox): void {
  if (!outbox.state.open) return;
  outbox.state.open = null;
  saveState(outbox);
}

/** The number that the next operation will have. */
export function nextN(outbox: Outbox): number {
  return outbox.state.lastN + 1;
}

/**
 * Stores an operation under {@link nextN}, durably. `closes`: the intent that it settles, in the same write (0: none), so that no cut can leave a note
 * both credited and open, or neither. Answers 0 when there is no room.
 */
export function store(outbox: Outbox, kind: number, body: Uint8Array, closes: number): number {
  const { state } = outbox;
  const n = state.lastN + 1;
  const place = append(outbox, OPERATION, encode(operationSchema, { n, closes, kind, body }));
  if (place === NOWHERE) return 0;
  state.lastN = n;
  if (state.open && state.open.intent === closes) state.open = null;
  locate(outbox, n, place);
  forget(outbox);
  return n;
}

/** The stored operation `n`, `null` when it is not (or no longer) here. */
export function stored(outbox: Outbox, n: number): StoredOperation | null {
  if (n < outbox.firstN || n >= outbox.firstN + outbox.places.length) return null;
  const place = outbox.places[n - outbox.firstN];
  const found = place === NOWHERE ? null : readRecord(outbox.flash, outbox.sha256, place);
  if (!found) return null;
  const operation = decode(operationSchema, found.payload);
  return operation.ok && operation.value.n === n ? operation.value : null;
}

/** The gateway has answered operation `n`; durable before a person is told. The next Hello says how long the journal was: a shorter one is an old copy. */
export function answered(outbox: Outbox, n: number, proof: Proof | null): void {
  const { state } = outbox;
  if (proof && proof.epoch === state.heardEpoch && proof.index >= state.heardSize) state.heardSize = proof.index + 1;
  if (n <= state.answeredUpTo || n > state.lastN) return;
  const place = n >= outbox.firstN && n < outbox.firstN + outbox.places.length ? outbox.places[n - outbox.firstN] : NOWHERE;
  if (place !== NOWHERE) markRecord(outbox.flash, place, ANSWERED);
  state.answeredUpTo = n;
}

/** The cloud has everything up to `n`. Not worth a write: the next one carries it. */
export function safe(outbox: Outbox, n: number): void {
  const upTo = outbox.unpapered > 0 ? Math.min(n, outbox.unpapered - 1) : n;
  if (upTo > outbox.state.safeUpTo) outbox.state.safeUpTo = upTo;
  forget(outbox);
}

/**
 * What a Welcome said. `false`: the gateway knows us under another name while operations are unsent; a technician must decide. What the gateway has and we
 * have no answer to is asked once more: a till would wait for it for ever, and a child who has paid would go without a receipt.
 */
export function adopt(outbox: Outbox, incarnation: number, haveUpTo: number, resumeToken: Uint8Array, epoch: number): boolean {
  const { state } = outbox;
  if (incarnation !== state.incarnation) {
    if (unsent(outbox) > 0 && state.incarnation !== 0) return false;
    state.incarnation = incarnation;
    state.lastN = haveUpTo;
    state.safeUpTo = haveUpTo;
    state.answeredUpTo = haveUpTo;
    outbox.places = [];
  } else state.answeredUpTo = Math.min(haveUpTo, state.answeredUpTo);
  state.resumeToken = copyOf(resumeToken, 0, 8);
  if (epoch > state.heardEpoch) {
    state.heardEpoch = epoch;
    state.heardSize = 0;
  }
  saveState(outbox);
  return true;
}
