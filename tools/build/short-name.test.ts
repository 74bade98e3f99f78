import test from "ava";
import { shortNames } from "./short-name.js";

test("who is mentioned most has the shortest name; the board's names and kept ones are nobody's", (t) => {
  const many = Array.from({ length: 60 }, (_, i) => `var v${i} = { p${i}: 1 };`).join("\n");
  const { vars, props } = shortNames(
    `${many}\nvar often = 1; use(often, often, often); x.often; x.often; x.kind; x.kind; x.kind;`,
    new Set(["kind", "a"]),
  );
  t.is(vars.props.$often, "a");
  t.is(props.props.$often, "b");
  t.false("$kind" in props.props);
  t.false(Object.values(vars.props).includes("E"));
  t.is(new Set(Object.values(props.props)).size, Object.keys(props.props).length);
});
