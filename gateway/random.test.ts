import test from "ava";
import { createRandom } from "./random.js";

test("bytes are handed out once, in the order in which they were drawn, and nothing of a page's end is stretched", (t) => {
  let drawn = 0;
  const random = createRandom((page) => {
    drawn++;
    page.forEach((_, i) => (page[i] = (drawn * 31 + i) % 251));
  });
  t.deepEqual([...random(3)], [31, 32, 33]);
  t.deepEqual([...random(2)], [34, 35]);
  t.is(random(4096 - 5).length, 4091);
  t.is(drawn, 1);
  t.deepEqual([...random(2)], [62, 63]);
  t.is(drawn, 2);
  t.is(random(5000).length, 5000);
  t.deepEqual([...random(1)], [64], "what is longer than a page is drawn beside it");
});

test("sixteen bytes never come twice", (t) => {
  const random = createRandom();
  const seen = new Set(Array.from({ length: 5000 }, () => Buffer.from(random(16)).toString("hex")));
  t.is(seen.size, 5000);
});
