import test from "ava";
import { parseFaults } from "./fault.js";

test("faults are named in any order and come in one; a name that nobody knows is none", (t) => {
  t.deepEqual(parseFaults("none"), []);
  t.deepEqual(parseFaults("all"), ["cloud-away", "power-cut", "cable"]);
  t.deepEqual(parseFaults("cable, cloud-away"), ["cloud-away", "cable"]);
  t.is(parseFaults("cable,flood"), null);
  t.is(parseFaults("toString"), null);
});
