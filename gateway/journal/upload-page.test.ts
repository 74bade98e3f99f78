import test from "ava";
import { encode, eventSchema } from "@trapeza/protocol";
import type { TerminalId } from "@trapeza/protocol";
import type { EntryRow } from "./row.js";
import { testEvent } from "./_journal.test.js";
import { pageOf } from "./upload-page.js";

/** Entries of operations by number; 0 for an event that belongs to none. */
function rowsOf(operations: readonly number[]): EntryRow[] {
  return operations.map((n, seq) => {
    const operation = n === 0 ? null : { terminal: 3 as TerminalId, incarnation: 1, n, part: 0 };
    const event = encode(eventSchema, { ...testEvent(seq), operation });
    return { seq, event, salt: new Uint8Array(16), leaf: new Uint8Array(32) };
  });
}

const lengthOf = (operations: readonly number[], maxCount: number, maxBytes = 1e6): number =>
  pageOf(rowsOf(operations), operations.length, maxBytes, maxCount).length;

test("an upload ends between two operations", (t) => {
  t.is(lengthOf([0, 1, 2, 2, 2, 3], 4), 2, "the second would have been cut");
  t.is(lengthOf([0, 1, 2, 2, 2, 3], 5), 5);
  t.is(lengthOf([0, 1, 2, 2, 2, 3], 9), 6);
  t.is(lengthOf([1, 0, 0, 0], 2), 2, "what belongs to no operation may stand alone");
  t.is(lengthOf([4, 4, 4, 4], 3), 3, "one that is larger than an upload is cut all the same");
  const [{ salt, event }] = rowsOf([1]);
  t.is(lengthOf([1, 2, 3], 9, 2 * (salt.length + event.length)), 2, "bytes are counted, too");
  t.is(lengthOf([1, 2], 9, 1), 1, "at least one");
});
