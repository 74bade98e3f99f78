import test from "ava";
import type { Rows } from "@trapeza/protocol/chip";
import { besideSettlement } from "./settlement-beside.js";
import { beginSettlement, type Holder, type Named, type SettlementState } from "./settlement-state.js";
import { readyCommon, rowsOf } from "./stage.js";

const line = (name: string, quantity: number, price: number) => ({ dish: 1, name, quantity, priceKopecks: price }) as never;
const HOLDER = { kind: "Holder", name: "Petrov Ivan Ilyich", className: "5A" } as unknown as Holder;

function till(fields: Partial<SettlementState> = {}): SettlementState {
  return { ...beginSettlement(readyCommon()), cashier: "aabb", at: { kind: "order", notice: "" }, ...fields };
}

test("the queue reads the dishes as they are added, and the sum", (t) => {
  t.deepEqual(besideSettlement(till()), []);
  const order = [line("Tea", 1, 1500), line("Cutlet of minced chicken", 2, 2385), line("Bread", 1, 300), line("Soup", 1, 4180)];
  t.deepEqual(besideSettlement(till({ order })), [
    "Bread           3,00",
    "2xCutlet of mi 47,70",
    "Tea            15,00",
    "Итого         107,50",
  ]);
  for (const text of besideSettlement(till({ order }))) t.is(text.length, 20);
});

test("who has tapped reads a given name and an initial, then thanks", (t) => {
  const order = [line("Tea", 1, 1500)];
  t.deepEqual(besideSettlement(till({ order, holder: HOLDER, at: { kind: "confirm" } })), ["Ivan P.", "", "", "Итого          15,00"]);
  const sold = { kind: "sold", receipt: 1, total: 1500, printed: "waiting" } as never;
  t.deepEqual(besideSettlement(till({ at: sold })), ["", "Спасибо", "", "Итого          15,00"]);
});

test("every refusal reads the same, and names neither child nor dish nor reason", (t) => {
  const order = [line("Cake", 1, 6000)];
  const neutral = ["", "Подойди к учителю"];
  for (const reason of [5, 7, 14, 15, 19, 20, 31]) t.deepEqual(besideSettlement(till({ order, at: { kind: "refused", reason } })), neutral);
  t.deepEqual(besideSettlement(till({ order, holder: HOLDER, at: { kind: "banned", dish: "Cake" } })), neutral);
});

test("what the cashier looks up is not shown to the queue", (t) => {
  const list = rowsOf([{ id: 1, name: "Petrov Ivan" }]) as Rows<Named>;
  t.deepEqual(besideSettlement(till({ list, at: { kind: "pick", what: "pupil", of: 0, page: 0 } })), []);
  t.deepEqual(besideSettlement(till({ holder: HOLDER, purpose: "password", at: { kind: "confirm" } })), []);
});
