import test from "ava";
import { measureGateway } from "./gateway.js";

test("the gateway is measured beside the bare broker: everything that is sold is counted, and nothing is refused", async (t) => {
  const { result, efforts } = await measureGateway(3, 1);
  for (const name of ["bare", "durable", "gateway"] as const) {
    const { perSecond, p50Ms, p99Ms } = result[name];
    t.true(perSecond > 0, name);
    t.true(p50Ms > 0 && p50Ms <= p99Ms, name);
    t.true(efforts[name].tillsMicros > 0, name);
  }
  t.is(result.ratioToBare, Math.round((result.gateway.perSecond / result.bare.perSecond) * 1000) / 1000);
  t.is(result.ratioToDurable, Math.round((result.gateway.perSecond / result.durable.perSecond) * 1000) / 1000);
  t.true(result.p99MsAt200 > 0);
  t.like(result, { terminals: 3, seconds: 1 });
});
