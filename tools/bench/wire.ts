import { fromByteText, packDown, packUp } from "@trapeza/protocol";
import type { AccountNumber, ByteText, CardUid, Down, Kopecks, Packed, Up } from "@trapeza/protocol";
import { cborBytes, jsonBytes, protobufBytes, Raw, type Content } from "./size.js";

export interface WireRow {
  readonly message: string;
  readonly bytes: number;
  readonly json: number;
  readonly cbor: number;
  readonly protobuf: number;
}

const rub = (roubles: number): Kopecks => (roubles * 100) as Kopecks;
const uid = "04a1b2c3d4e5f6" as CardUid;
const when = { date: 20777, sinceMs: 84000, known: true };
/** Drawn from four bytes of chance. */
const handle = 2 ** 47 + 3405691582;
const leaf = Uint8Array.from({ length: 16 }, (_, i) => i * 7);
const proof = { epoch: 1, index: 48213, leaf };
const dishes = [1151, 2210, 3105, 3120, 4002].map((dish, i) => ({ dish, quantity: 1 + (i % 2) }));
const account = "0242013137" as AccountNumber;
/** Texts travel as windows-1251, a byte a letter; elsewhere they would be UTF-8. */
const name = "\xd0\xf3\xf1\xeb\xe0\xed \xc0." as ByteText;

const up: readonly (readonly [what: string, message: Up])[] = [
  ["tap at the till", { kind: "Tap", uid, total: rub(184), sun: null }],
  ["sale of five dishes", { kind: "Sale", n: 1204, when, handle, lines: dishes, total: rub(184), menuVersion: 12, override: "none" }],
  ["note", { kind: "NoteStacked", n: 311, when, payee: { kind: "card", uid }, purse: "additional", note: rub(100), visit: 57 }],
];

const down: readonly (readonly [what: string, message: Down])[] = [
  [
    "reply to a tap",
    {
      kind: "Reply",
      re: 9,
      result: {
        ...{ kind: "Holder", handle, holder: "pupil", name, className: "1\xc0" as ByteText, cardNumber: "24000042" as ByteText, account },
        ...{ main: rub(1080), additional: rub(122), verdict: 0, ticketKey: new Uint8Array(6), suspect: false, banned: [], box: [] },
      },
    },
  ],
  [
    "reply to a sale",
    {
      ...{ kind: "Reply", re: 10 },
      result: { kind: "Sold", receipt: 412, total: rub(184), main: rub(1080), additional: rub(-62), atMs: 1795150800000, proof },
    },
  ],
  [
    "reply to a note",
    {
      ...{ kind: "Reply", re: 11 },
      result: {
        ...{ kind: "Credited", account, repaid: rub(0), balances: { main: rub(1080), additional: rub(222) }, held: false },
        ...{ atMs: 1795150800000, proof },
      },
    },
  ],
];

/** The message as somebody without a schema of ours would hold it; `as` spells windows-1251 in Unicode. */
function contentOf(value: unknown): Content {
  if (value instanceof Uint8Array) return new Raw(value.length);
  if (value === uid) return new Raw(uid.length / 2);
  if (typeof value === "string") return fromByteText(value as ByteText);
  if (Array.isArray(value)) return value.map(contentOf);
  if (typeof value === "object" && value !== null)
    return Object.fromEntries(Object.entries(value).map(([field, inner]) => [field, contentOf(inner)]));
  return value as Content;
}

/** Words that protobuf would hold as an enum; its first one, which is left out, is what most messages say. */
const ENUMS: { readonly [field: string]: number } = { kind: 1, holder: 1, purse: 1, override: 0 };

/** For protobuf a kind is a field's number (one of) and a word an enum: a byte each, as here. */
function withoutWords(content: Content, field = ""): Content {
  if (field in ENUMS) return ENUMS[field];
  if (Array.isArray(content)) return content.map((one) => withoutWords(one as Content));
  if (typeof content === "object" && content !== null && !(content instanceof Raw))
    return Object.fromEntries(Object.entries(content).map(([name, inner]) => [name, withoutWords(inner as Content, name)]));
  return content;
}

function row(message: string, packed: Packed, value: unknown): WireRow {
  const content = contentOf(value);
  return {
    message,
    bytes: 1 + packed.body.length,
    json: jsonBytes(content),
    cbor: cborBytes(content),
    protobuf: protobufBytes(withoutWords(content)),
  };
}

/** Bytes of the most frequent messages before sealing, which adds the same to each. */
export function measureWire(): WireRow[] {
  return [
    ...up.map(([what, message]) => row(what, packUp(message), message)),
    ...down.map(([what, message]) => row(what, packDown(message), message)),
  ];
}
