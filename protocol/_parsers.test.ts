/** All parsers of this package by name, with good bytes for each: robust.test.ts damages these, `npm run tool -- fuzz` goes on from them. */
import { existsSync, readFileSync } from "node:fs";
import { decryptBlock, encryptBlock } from "./cards/_aes.test.js";
import { cipher, sha256 } from "./wire/_cipher.test.js";
import * as door from "./index.js";
import { ccnet, escpos, ev2, fromHex, hd44780, id003, keypad, latinBytes, latinText, pn532, xpt2046 } from "./index.js";

const vectors = (name: string) => JSON.parse(readFileSync(new URL(`../vectors/${name}.json`, import.meta.url), "utf8"));
export const bytes = (hex: string): Uint8Array => fromHex(hex.replace(/ /g, "")) as Uint8Array;
const { hello, welcome, terminalKey, messages } = vectors("wire") as {
  hello: { frame: string };
  welcome: { frame: string };
  terminalKey: string;
  messages: { direction: "up" | "down"; counter: number; body: string; frame: string }[];
};
const entries = (vectors("journal").entries as { entry: string; event: { body: { kind: string } } }[]).filter(
  ({ event }, at, all) => all.findIndex((other) => other.event.body.kind === event.body.kind) === at,
);
export const events = entries.map(({ entry }) => bytes(entry).subarray(door.SALT_BYTES));
const { published, ours } = vectors("checkpoint");
const card = vectors("cards").sun[0];

const handshakeKey = door.helloKey(sha256, bytes(terminalKey));
const keys = door.sessionKeys(sha256, bytes(terminalKey), bytes(hello.frame), bytes(welcome.frame));
export const channels = {
  up: { sha256, cipher, direction: "up", encryption: keys.upEncryption, tag: keys.upTag } as const,
  down: { sha256, cipher, direction: "down", encryption: keys.downEncryption, tag: keys.downTag } as const,
};
export const framesOf = (direction: "up" | "down"): Uint8Array[] =>
  messages.filter((one) => one.direction === direction).map((one) => bytes(one.frame));
export const bodiesOf = (direction: "up" | "down"): Uint8Array[] =>
  messages.filter((one) => one.direction === direction).map(({ frame, body }) => door.concat([bytes(frame).subarray(0, 1), bytes(body)]));
const packed = (raw: Uint8Array) => ({ kind: (raw[0] ?? 0) & 63, body: raw.subarray(1) });
const texts = (list: readonly string[]): Uint8Array[] => list.map(latinBytes);
const notes: string[] = ours.checkpoints.map((one: { cosigned: string }) => one.cosigned);
const proof = door.formatReceiptProof({
  entry: bytes(entries[0].entry),
  index: 5,
  inclusion: [new Uint8Array(32), new Uint8Array(32).fill(7)],
  checkpoint: notes[0],
  consistency: { size: 3, path: [new Uint8Array(32).fill(9)] },
});
const release = door.makeRelease(
  sha256,
  { kind: "payment", version: "1.2.3", securityVersion: 1, minimalProtocol: 1, line: "id003" },
  { image: latinBytes("E.setBootCode()"), words: new Uint8Array(9) },
  null,
);
/** A public key of LMS_SHA256_M32_H5 with LMOTS_SHA256_N32_W4, and a signature of its kind. */
const lmsKey = door.concat([bytes("0000000500000003"), new Uint8Array(48).fill(1)]);
const lmsSignature = door.concat([bytes("0000000000000003"), new Uint8Array(32 + 67 * 32), bytes("00000005"), new Uint8Array(160)]);

/** The first opening of AN12196 §6.6, up to the tag's own proof. */
const ev2Opening = {
  key: new Uint8Array(16),
  ours: bytes("13c5db8a5930439fc3def9a4c675360f"),
  theirs: bytes("b9e2fc789b64bf237cccaa20ec7e6e48"),
};

function verifierKey(text: string): door.VerifierKey {
  const key = door.parseVerifierKey(sha256, text);
  if (!key.ok) throw new Error(key.malformed.what);
  return key.value;
}

export interface Parser {
  readonly parse: (raw: Uint8Array) => unknown;
  readonly samples: readonly Uint8Array[];
}

const scanned =
  <S>(create: () => S, scan: (scanner: S, chunk: Uint8Array) => unknown) =>
  (raw: Uint8Array): unknown => {
    const scanner = create();
    return [scan(scanner, raw.subarray(0, 5)), scan(scanner, raw.subarray(5)), scanner];
  };

const bills = [{ billType: 4, valueKopecks: 10_000, currency: "RUS" }];
const packets: door.Packet[] = [
  {
    kind: "connect",
    clientId: "7",
    keepAlive: 30,
    user: "7",
    password: new Uint8Array(24),
    will: { topic: "t/7/w", payload: new Uint8Array(3) },
  },
  { kind: "connack", code: 0 },
  { kind: "publish", topic: "t/7/u", payload: new Uint8Array(200) },
  { kind: "subscribe", id: 1, topic: "t/7/d" },
  { kind: "suback", id: 1, code: 0 },
  { kind: "pingreq" },
];

/** By name of the export, as the package spells it; devices with their own before. */
export const PARSERS: Readonly<Record<string, Parser>> = {
  decodePortrait: { parse: door.decodePortrait, samples: [door.encodePortrait({ width: 4, height: 3, rows: new Uint8Array(6) })] },
  peek: { parse: door.peek, samples: framesOf("up") },
  openFrame: {
    parse: (raw) => [door.openFrame(channels.up, door.isClearUp, raw), door.openFrame(channels.down, door.isClearDown, raw)],
    samples: [...framesOf("up").slice(0, 6), ...framesOf("down").slice(0, 6)],
  },
  openHandshake: {
    parse: (raw) => door.openHandshake(sha256, handshakeKey, "up", raw),
    samples: [bytes(hello.frame), bytes(welcome.frame)],
  },
  unpackUp: { parse: (raw) => door.unpackUp(packed(raw)), samples: bodiesOf("up") },
  unpackDown: { parse: (raw) => door.unpackDown(packed(raw)), samples: bodiesOf("down") },
  hearDown: { parse: (raw) => door.hearDown(packed(raw)), samples: bodiesOf("down") },
  numberIn: { parse: (raw) => door.numberIn(packed(raw)), samples: bodiesOf("up") },
  scanPacket: { parse: door.scanPacket, samples: packets.map(door.encodePacket) },
  parseTopic: { parse: (raw) => door.parseTopic(latinText(raw)), samples: texts(["t/7/u", "t/65535/d"]) },
  parseEnrolmentCode: {
    parse: (raw) => door.parseEnrolmentCode(latinText(raw)),
    samples: texts([door.formatEnrolmentCode(new Uint8Array(door.CODE_SIGNS))]),
  },
  parseClaim: { parse: (raw) => door.parseClaim(latinText(raw)), samples: texts([door.formatClaim(2, 1, 45)]) },
  parsePaperCode: {
    parse: (raw) => door.parsePaperCode(latinText(raw)),
    samples: texts([
      door.formatPaperCode("24-000001", { epoch: 1, index: 900, leaf: new Uint8Array(16) }),
      door.formatPaperCode("24 " + door.formatClaim(2, 1, 45), null),
    ]),
  },
  parseDate: { parse: (raw) => door.parseDate(latinText(raw)), samples: texts(["2026-11-20"]) },
  fromHex: { parse: (raw) => fromHex(latinText(raw)), samples: texts(["04a1b2c3"]) },
  fromBase64: { parse: (raw) => door.fromBase64(latinText(raw)), samples: texts(["AAEC", "AAE=", "AA=="]) },
  fromByteText: { parse: (raw) => door.fromByteText(latinText(raw)), samples: [Uint8Array.from({ length: 128 }, (_, i) => i + 128)] },
  decodeEntry: { parse: door.decodeEntry, samples: entries.map(({ entry }) => bytes(entry)) },
  decodeNote: { parse: door.decodeNote, samples: [door.encodeNote(notes[0])] },
  parseNote: { parse: (raw) => door.parseNote(latinText(raw)), samples: texts([...notes, published[0].note]) },
  parseVerifierKey: { parse: (raw) => door.parseVerifierKey(sha256, latinText(raw)), samples: texts([published[0].key, ours.keys.log]) },
  parseCheckpointText: {
    parse: (raw) => door.parseCheckpointText(latinText(raw)),
    samples: texts(ours.checkpoints.map((one: { text: string }) => one.text)),
  },
  readCheckpoint: { parse: (raw) => door.readCheckpoint(latinText(raw), ours.origin), samples: texts(notes) },
  openCheckpoint: {
    parse: (raw) =>
      door.openCheckpoint(latinText(raw), ours.origin, verifierKey(ours.keys.log), [verifierKey(ours.keys.cloud)], () => true),
    samples: texts(notes.slice(0, 1)),
  },
  openNote: { parse: (raw) => door.openNote(latinText(raw), [verifierKey(ours.keys.log)], () => true), samples: texts(notes.slice(0, 1)) },
  decodeManifest: { parse: door.decodeManifest, samples: [release.bytes.subarray(0, 256)] },
  readRelease: { parse: (raw) => door.readRelease(sha256, raw), samples: [release.bytes] },
  beginLms: {
    parse: (raw) => {
      const check = door.beginLms(sha256, lmsKey, (at, length) => raw.subarray(at, at + length), new Uint8Array(3));
      return check && [door.stepLms(check, 40), check];
    },
    samples: [lmsSignature],
  },
  parseReceiptProof: { parse: (raw) => door.parseReceiptProof(latinText(raw)), samples: texts([proof]) },
  verifySun: {
    parse: (raw) =>
      door.verifySun(
        { encryptBlock, decryptBlock },
        { metaKey: bytes(card.metaKey), fileKeyFor: () => bytes(card.fileKey) },
        { picc: raw.subarray(0, 16), data: raw.subarray(24), mac: raw.subarray(16, 24) },
      ),
    samples: [bytes(card.picc + card.mac)],
  },
  openTicket: {
    parse: (raw) => door.openTicket(encryptBlock, new Uint8Array(16), Uint8Array.of(1, 2, 3, 4), raw),
    samples: [door.sealTicket(encryptBlock, new Uint8Array(16), Uint8Array.of(1, 2, 3, 4), { epoch: 1, counter: 77 })],
  },
  decodeSchool: { parse: door.decodeSchool, samples: [door.encodeSchool(door.createSchool())] },
  "ccnet.scan": {
    parse: scanned(ccnet.createScanner, ccnet.scan),
    samples: [door.concat([ccnet.command(ccnet.POLL), ccnet.encodeFrame(ccnet.encodeStatus({ kind: "stacked", billType: 4 }))])],
  },
  "ccnet.decodeStatus": { parse: ccnet.decodeStatus, samples: [ccnet.encodeStatus({ kind: "escrow", billType: 4 })] },
  "ccnet.decodeBillTable": { parse: ccnet.decodeBillTable, samples: [ccnet.encodeBillTable(bills)] },
  "id003.scan": {
    parse: scanned(id003.createScanner, id003.scan),
    samples: [door.concat([id003.command(id003.STATUS_REQUEST), id003.encodeFrame(id003.encodeStatus({ kind: "vend_valid" }))])],
  },
  "id003.decodeStatus": { parse: id003.decodeStatus, samples: [id003.encodeStatus({ kind: "vend_valid" })] },
  "id003.decodeCurrency": {
    parse: id003.decodeCurrency,
    samples: [id003.encodeCurrency([{ billType: 0x62, valueKopecks: 10_000, country: 1 }])],
  },
  "pn532.scan": {
    parse: scanned(pn532.createScanner, pn532.scan),
    samples: [door.concat([pn532.ACK, pn532.listPassiveTarget(), pn532.NACK])],
  },
  "pn532.decodeFirmwareVersion": { parse: pn532.decodeFirmwareVersion, samples: [bytes("0332010607")] },
  "pn532.decodeTarget": { parse: pn532.decodeTarget, samples: [bytes("4b0101000408047a1b2c3d"), bytes("4b010100442007042e8ca9b1c2d3")] },
  "pn532.decodeExchange": { parse: pn532.decodeExchange, samples: [bytes("410000112233445566778899aabbccddeeff")] },
  "pn532.isRandomUid": { parse: (raw) => pn532.isRandomUid(latinText(raw)), samples: texts(["08a1b2c3"]) },
  "pn532.sunIn": { parse: pn532.sunIn, samples: texts([`https://t.example/?p=${card.picc}&m=${card.mac}`]) },
  "escpos.scan": {
    parse: escpos.scan,
    samples: [
      door.concat([escpos.initialise(), escpos.bold(true), escpos.encodeText("abc", 0), escpos.qr(new Uint8Array(20), 4), escpos.cut()]),
    ],
  },
  "escpos.isStatusByte": { parse: (raw) => [...raw].map(escpos.isStatusByte), samples: [bytes("12161a12")] },
  "escpos.decodeOfflineCause": { parse: (raw) => [...raw].map(escpos.decodeOfflineCause), samples: [bytes("12")] },
  "escpos.isPaperByte": { parse: (raw) => [...raw].map(escpos.isPaperByte), samples: [bytes("0c")] },
  "escpos.decodePaperInTurn": { parse: (raw) => [...raw].map(escpos.decodePaperInTurn), samples: [bytes("0c")] },
  "escpos.decodePaper": { parse: (raw) => [...raw].map(escpos.decodePaper), samples: [bytes("12")] },
  "ev2.openSession": {
    parse: (raw) => [
      ev2.openSession({ encryptBlock, decryptBlock }, ev2Opening.key, ev2Opening, raw),
      ev2.proveKey({ encryptBlock, decryptBlock }, ev2Opening.key, ev2Opening.ours, raw),
    ],
    samples: [bytes("3fa64db5446d1f34cd6ea311167f5e4985b89690c04a05f17fa7ab2f08120663")],
  },
  "hd44780.characterOf": {
    parse: (raw) => [...raw].map((byte) => [hd44780.characterOf(byte), hd44780.codeOf(byte)]),
    samples: [Uint8Array.from({ length: 256 }, (_, i) => i)],
  },
  "keypad.columnsOf": { parse: (raw) => [...raw].map(keypad.columnsOf), samples: [bytes("f0e0d0b070")] },
  "xpt2046.decodeReading": { parse: xpt2046.decodeReading, samples: [xpt2046.encodeReading(2000)] },
};

/** Bytes and things that a value is made of. */
export function weightOf(value: unknown): number {
  if (value instanceof Uint8Array || typeof value === "string") return 1 + value.length;
  if (value instanceof Map) return 1 + weightOf([...value.values()]);
  if (typeof value !== "object" || value === null) return 1;
  return Object.values(value).reduce((sum: number, one) => sum + weightOf(one), 1);
}

/** What a parser may make of nothing (a school's tables, two tree hashes) and of each byte. */
export const FREE_WEIGHT = 6000;
export const WEIGHT_A_BYTE = 40;

/** What is wrong with a parser's answer to these bytes, in words with the bytes in them; `null` when nothing is. */
export function faultOf({ parse }: Parser, raw: Uint8Array): string | null {
  let weight = 0;
  try {
    weight = weightOf(parse(raw));
  } catch (error) {
    return `${String(error)} at ${door.toHex(raw.subarray(0, 80))}`;
  }
  return weight > FREE_WEIGHT + WEIGHT_A_BYTE * raw.length
    ? `${raw.length} bytes became ${weight}: ${door.toHex(raw.subarray(0, 80))}`
    : null;
}

/** Bytes that once led a parser somewhere new, a line of hexadecimal digits each; nothing for a parser for which none were kept. */
export function corpusOf(name: string): Uint8Array[] {
  const file = new URL(`../corpus/${name}.txt`, import.meta.url);
  return existsSync(file) ? readFileSync(file, "utf8").split("\n").filter(Boolean).map(bytes) : [];
}
