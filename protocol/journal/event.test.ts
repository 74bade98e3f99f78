import test from "ava";
import { decodeWhole, encode } from "../wire/schema.js";
import { kopecks, terminalId } from "../wire/units.js";
import type { BusinessDate, Sequence } from "../wire/units.js";
import { directiveSchema } from "./directive.js";
import type { Directive } from "./directive.js";
import { eventSchema, isHeldInBox } from "./event.js";
import type { Event, EventBody } from "./event.js";
import { utf8Text } from "./text.js";

const change = {
  account: 703,
  accountSeq: 41,
  mainDelta: kopecks(-9852),
  additionalDelta: kopecks(0),
  main: kopecks(-9852),
  additional: kopecks(0),
  repaid: [{ caterer: null, amount: kopecks(5) }],
};
const parts = { main: kopecks(0), additional: kopecks(0), debt: kopecks(9852), subsidy: kopecks(0), fund: kopecks(0) };
const served: EventBody = {
  kind: "MealServed",
  account: 703,
  class: 5,
  meal: 2,
  mealName: "Обед",
  date: 20777 as BusinessDate,
  category: 1,
  caterer: 1,
  program: 7,
  parts,
  basis: "admitted",
  staff: 12,
  ordered: true,
  flags: ["over_debt_limit"],
  change,
};

function eventOf(body: EventBody): Event {
  const operation = { terminal: terminalId(3), incarnation: 1, n: 9, part: 27 };
  return {
    seq: 100000 as Sequence,
    atMs: 1795000000000,
    clock: "set",
    date: 20777 as BusinessDate,
    operation,
    digest: new Uint8Array(8),
    body,
  };
}

test("an event is read as it was written, and cut anywhere it is malformed", (t) => {
  const wire = encode(eventSchema, eventOf(served));
  t.deepEqual(decodeWhole(eventSchema, wire), { ok: true, value: eventOf(served) });
  for (let end = 0; end < wire.length; end++) t.false(decodeWhole(eventSchema, wire.subarray(0, end)).ok, "cut at " + end);
});

test("a flipped bit anywhere in an event is malformed or another event, never the same one", (t) => {
  const wire = encode(eventSchema, eventOf(served));
  for (let at = 0; at < wire.length; at++) {
    for (let bit = 0; bit < 8; bit++) {
      const flipped = wire.slice();
      flipped[at] ^= 1 << bit;
      const read = decodeWhole(eventSchema, flipped);
      if (read.ok) t.notDeepEqual(read.value, eventOf(served), at + ":" + bit);
    }
  }
});

test("a class's lunch of 64 pupils is 64 events of about a hundred bytes", (t) => {
  t.true(encode(eventSchema, eventOf(served)).length < 100);
});

test("a directive travels inside the event that answers it", (t) => {
  const directive: Directive = {
    kind: "TopUp",
    account: 1,
    main: kopecks(100),
    additional: kopecks(0),
    source: "payment",
    reference: "заказ 17",
  };
  const answer = { outcome: "held", reason: 12, changes: [], outside: kopecks(100), flags: [] } as const;
  const body: EventBody = { kind: "DirectiveApplied", number: 17, directive, ...answer, changes: [], flags: [] };
  t.deepEqual(decodeWhole(eventSchema, encode(eventSchema, eventOf(body))), { ok: true, value: eventOf(body) });
  t.deepEqual(decodeWhole(directiveSchema, encode(directiveSchema, directive)), { ok: true, value: directive });
});

test("text is UTF-8: letters of any script, at most so many bytes, and nothing that is not UTF-8", (t) => {
  const text = utf8Text(12);
  t.deepEqual(decodeWhole(text, encode(text, "Ёлка🙂")), { ok: true, value: "Ёлка🙂" });
  t.throws(() => encode(text, "Ёлочка🙂"));
  t.false(decodeWhole(text, Uint8Array.of(2, 0xc3, 0x28)).ok);
  t.false(decodeWhole(text, Uint8Array.of(13, ...new Uint8Array(13).fill(65))).ok);
  t.deepEqual(decodeWhole(text, Uint8Array.of(3, 0xef, 0xbb, 0xbf)), { ok: true, value: "\ufeff" });
});

test("a held note is in the box, unless it is only claimed to be", (t) => {
  t.true(isHeldInBox("unknown_account"));
  t.false(isHeldInBox("not_proven"));
  t.false(isHeldInBox("too_fast"));
});
