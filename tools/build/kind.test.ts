import vm from "node:vm";
import test from "ava";
import { shortKinds } from "./kind.js";

const TABLE = `var cases = { Refused: [1, 0], Sold: [2, 0] };
function tell(message) { return message.kind === "Sold" ? "sold" : message.kind === "Refused" ? "refused" : "?"; }
`;

test("kinds of messages are short in the table and wherever they are compared, and mean the same", (t) => {
  const code = shortKinds(
    `${TABLE}result = [tell({ kind: "Sold" }), Object.keys(cases).map(function (kind) { return tell({ kind: kind }); }).join()];`,
  );
  t.notRegex(code, /Refused|Sold/);
  t.deepEqual(Array.from(vm.runInNewContext(code) as string[]), ["sold", "refused,sold"]);
});

test("a text that is shown, or that the board knows, stays as it is", (t) => {
  const code = shortKinds(`${TABLE}print("Sold out"); serial.setup({ parity: "none" }); state = { kind: "timer" };`);
  t.regex(code, /"Sold out"/);
  t.regex(code, /parity: "none"/);
  t.notRegex(code, /"timer"/);
});
