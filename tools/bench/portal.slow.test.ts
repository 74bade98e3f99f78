import test from "ava";
import { measurePortal } from "./portal.js";

test("the portal's bench opens every child's page beside a bare route that is asked the same", async (t) => {
  const { bare, page, ratio } = await measurePortal(2);
  t.true(bare.perSecond > 0 && page.perSecond > 0);
  t.true(bare.p99Ms > 0 && page.p99Ms > 0);
  t.is(ratio, Math.round((page.perSecond / bare.perSecond) * 1000) / 1000);
});
