import test from "ava";
import { decodeWhole, encode } from "../wire/schema.js";
import { latinText } from "../wire/bytes.js";
import { SYNC_TROUBLES, directivesAnswer, eventsAnswer, eventsUpload, requestToSign } from "./sync.js";
import type { EventsAnswer } from "./sync.js";

const note = "school.example/1\n2\nAAAA\n\n- key BBBB\n";

test("an upload is read as it was written, and cut anywhere it is malformed", (t) => {
  const upload = { epoch: 3, from: 70000, entries: [Uint8Array.of(1, 2, 3), new Uint8Array(200)], checkpoint: note };
  const wire = encode(eventsUpload, upload);
  t.deepEqual(decodeWhole(eventsUpload, wire), { ok: true, value: upload });
  for (let end = 0; end < wire.length; end++) t.false(decodeWhole(eventsUpload, wire.subarray(0, end)).ok, "cut at " + end);
});

test("directives are read as they were written, an empty page too", (t) => {
  for (const entries of [[], [Uint8Array.of(9)]]) {
    const page = { from: 12, entries, checkpoint: note };
    t.deepEqual(decodeWhole(directivesAnswer, encode(directivesAnswer, page)), { ok: true, value: page });
  }
});

test("every trouble has a spelling", (t) => {
  const answers: EventsAnswer[] = SYNC_TROUBLES.map((trouble) => ({ kind: "NotStored", trouble, size: 5, at: 5, what: "because" }));
  for (const answer of [...answers, { kind: "Stored" as const, checkpoint: note }]) {
    t.deepEqual(decodeWhole(eventsAnswer, encode(eventsAnswer, answer)), { ok: true, value: answer });
  }
});

test("what a request's signature covers changes with each of its parts", (t) => {
  const sign = (parts: string[], number: number) =>
    latinText(requestToSign(parts[0], parts[1], parts[2], parts[3], { gateway: parts[4], epoch: 1, number }));
  const parts = ["POST", "cloud.example", "/gateways/7/events", "00", "7"];
  const all = [
    sign(parts, 1),
    sign(parts, 2),
    ...parts.map((_, i) =>
      sign(
        parts.map((part, j) => (i === j ? part + "x" : part)),
        1,
      ),
    ),
  ];
  t.is(new Set(all).size, all.length);
});
