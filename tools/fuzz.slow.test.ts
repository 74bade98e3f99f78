import { randomInt } from "node:crypto";
import test from "ava";
import { fuzzParsers } from "./fuzz.js";

test("a few seconds of bytes that nobody has sent yet find no parser that throws, hangs or grows", async (t) => {
  const seed = randomInt(1_000_000);
  t.log(`seed ${seed}`);
  const told: string[] = [];
  t.deepEqual(await fuzzParsers({ seconds: 5, seed, keeps: false }, (text) => told.push(text)), [], `npm run tool -- fuzz --seed ${seed}`);
  t.true(told.length > 50);
});
