import test from "ava";
import { deadlyNode } from "./node-edition.js";

test("a gateway starts on every Node but those that would end it, and names what to use", (t) => {
  for (const version of ["20.12.0", "22.23.3", "24.0.0", "24.18.1"]) t.is(deadlyNode(version), null, version);
  for (const version of ["24.19.0", "24.21.0", "25.0.0", "26.10.0"])
    t.regex(deadlyNode(version) ?? "", /^Node 2\d\.\d+\.0 .* use Node 20 or 22\.$/);
});
