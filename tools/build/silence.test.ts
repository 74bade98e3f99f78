import test from "ava";
import { withoutReasons } from "./silence.js";

test("what an error says is left out, that it is one stays", (t) => {
  t.is(
    withoutReasons('if (!raw) throw new Error("not hex: " + text); fail(reader, "truncated"); show(screen, "truncated");'),
    'if (!raw) throw new Error(""); fail(reader, ""); show(screen, "truncated");',
  );
});
