import test from "ava";
import { createRandom } from "./random.js";

test("the same seed draws the same numbers, another seed others", (t) => {
  const draw = (seed: number): number[] => {
    const random = createRandom(seed);
    return Array.from({ length: 8 }, () => random.next());
  };
  t.deepEqual(draw(7), draw(7));
  t.notDeepEqual(draw(7), draw(8));
});

test("what a fork draws does not depend on what its parent has drawn", (t) => {
  const early = createRandom(7);
  const late = createRandom(7);
  late.next();
  late.next();
  t.is(early.fork("people").next(), late.fork("people").next());
  t.not(early.fork("people").next(), early.fork("faults").next());
});

test("below() reaches every value about equally often", (t) => {
  const random = createRandom(1);
  const counts = new Array<number>(10).fill(0);
  for (let i = 0; i < 10000; i++) counts[random.below(10)]++;
  for (const count of counts) t.true(count > 850 && count < 1150, counts.join(" "));
});

test("shuffle keeps every item, between() keeps its bounds", (t) => {
  const random = createRandom(3);
  const items = [1, 2, 3, 4, 5, 6, 7];
  t.deepEqual([...random.shuffle(items)].sort(), items);
  for (let i = 0; i < 200; i++) {
    const value = random.between(-2, 2);
    t.true(value >= -2 && value <= 2);
  }
});
