import test from "ava";
import { FAULT_NAMES, parseFaults } from "./fault.js";

test("faults are named in any order and come in one; a name that nobody knows is none", (t) => {
  t.deepEqual(parseFaults("none"), []);
  t.deepEqual(parseFaults("all"), FAULT_NAMES);
  t.deepEqual(parseFaults("cable, cloud-away"), ["cloud-away", "cable"]);
  t.is(new Set(FAULT_NAMES).size, FAULT_NAMES.length);
  t.is(parseFaults("cable,flood"), null);
  t.is(parseFaults("toString"), null);
});
