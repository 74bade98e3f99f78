import test from "ava";
import { SECRET } from "./_school.test.js";
import { seededRandom } from "./journal/_journal.test.js";
import { openHandle, sealHandle } from "./sealed-handle.js";

test("a handle names its account to the school's gateways, from its own terminal only", (t) => {
  const random = seededRandom("handles");
  for (const account of [0, 1, 703, 262_143]) {
    const handle = sealHandle(SECRET, 2, account, random);
    if (handle === null) return t.fail(String(account));
    t.true(Number.isSafeInteger(handle) && handle < 2 ** 48);
    t.is(openHandle(SECRET, 2, handle), account);
    t.not(openHandle(SECRET, 3, handle), account);
    t.not(openHandle(seededRandom("another school's secret")(32), 2, handle), account);
  }
  t.is(sealHandle(SECRET, 2, 262_144, random), null);
});

test("handles of one account differ, and a damaged or invented one names nobody", (t) => {
  const random = seededRandom("handles");
  const handles = Array.from({ length: 50 }, () => sealHandle(SECRET, 2, 7, random) ?? 0);
  t.true(new Set(handles).size > 40);
  for (const handle of handles) for (let bit = 0; bit < 48; bit += 5) t.not(openHandle(SECRET, 2, flipped(handle, bit)), 7);
  for (const handle of [0, 1, 4_294_967_295, 2 ** 53 - 1]) t.is(openHandle(SECRET, 2, handle), null);
});

function flipped(handle: number, bit: number): number {
  const place = 2 ** bit;
  return Math.floor(handle / place) % 2 === 0 ? handle + place : handle - place;
}
