import test from "ava";
import type { GatewayStatus } from "../status/status.js";
import { expositionOf } from "./exposition.js";
import { pointsOf } from "./influx.js";
import { EDGES_MS, Meter } from "./meter.js";
import { openJournal } from "../journal/journal.js";
import { plain, testOptions } from "../journal/_journal.test.js";
import { samplesOf } from "./sample.js";

const STATUS: GatewayStatus = {
  ...{ language: "ru", school: 24, zoneMinutes: 180, epoch: 1, nowMs: 0, date: "", directives: 9, alarms: ["one"] },
  journal: { size: 2302, cosigned: 2300, unsent: 2, unsentSinceMs: 0 },
  terminals: [
    {
      ...{ terminal: 2, enrolment: 1, kind: "settlement", place: "Касса", connected: true, seenMs: 0, firmware: "", cashBox: null },
      health: { paper: "out", reader: "ok", acceptor: "none", unsent: 3, freeMemory: 700, update: 0, atMs: 0 },
    },
  ],
};

test("an answer is measured from its frame's arrival to the end of its batch", (t) => {
  const time = { ms: 0 };
  const meter = new Meter(() => time.ms);
  meter.frame(true);
  time.ms = 3;
  meter.frame(true);
  meter.frame(false);
  meter.flush(() => {
    time.ms = 8;
    return 1;
  });
  const first = meter.read();
  t.is(first.answer.count, 1);
  t.is(first.answer.sumMs, 8);
  t.is(first.answer.counts[EDGES_MS.indexOf(10)], 1);
  t.is(first.batch.sumMs, 5);
  t.deepEqual([first.framesTaken, first.framesDropped, first.deepestQueue], [2, 1, 2]);
  time.ms = 1000;
  meter.flush(() => 0);
  const second = meter.read();
  t.is(second.answer.sumMs, 8 + 997);
  t.is(second.deepestQueue, 1);
});

test("a commit is measured by itself, one that fails too; a batch that writes nothing is none", (t) => {
  const time = { ms: 0 };
  const meter = new Meter(() => time.ms);
  const journal = openJournal(testOptions(":memory:", { timed: (write) => meter.commit(() => void (write(), (time.ms += 4))) }));
  journal.commit([plain(0, 3)]);
  journal.commit([{ events: [], conclude: () => [] }]);
  t.throws(() =>
    meter.commit(() => {
      time.ms += 30;
      throw new Error("no disk");
    }),
  );
  t.like(meter.read().commit, { count: 2, sumMs: 34 });
});

test("figures as Prometheus reads them: buckets add up, seconds, a device that a terminal lacks has no figure", (t) => {
  const time = { ms: 0 };
  const meter = new Meter(() => time.ms);
  for (const took of [1, 4, 9000]) {
    meter.frame(true);
    meter.flush(() => {
      time.ms += took;
      return 0;
    });
  }
  const text = expositionOf(samplesOf(STATUS, meter.read(), 1000));
  t.regex(text, /# TYPE trapeza_gateway_answer_seconds histogram\n/);
  t.regex(text, /answer_seconds_bucket\{le="0.001"\} 1\n/);
  t.regex(text, /answer_seconds_bucket\{le="5"\} 2\n/);
  t.regex(text, /answer_seconds_bucket\{le="\+Inf"\} 3\n/);
  t.regex(text, /answer_seconds_sum 9.005\n/);
  t.regex(text, /trapeza_terminal_device_up\{terminal="2",kind="settlement",device="paper"\} 0\n/);
  t.regex(text, /trapeza_terminal_device_up\{terminal="2",kind="settlement",device="reader"\} 1\n/);
  t.notRegex(text, /acceptor|Касса|cassette/);
  t.regex(text, /trapeza_gateway_alarms 2\n/, "what the page shows: a link's complaint, and the paper");
  const cashBox = { notes: 12, kopecks: 123_400, capacity: 600 };
  const kiosk = { ...STATUS, terminals: STATUS.terminals.map((one) => ({ ...one, cashBox })) };
  t.regex(expositionOf(samplesOf(kiosk, meter.read(), 1000)), /trapeza_terminal_cassette_notes\{terminal="2",kind="settlement"\} 12\n/);
  t.is(text.match(/# HELP trapeza_gateway_answer_seconds /g)?.length, 1);
});

test("InfluxDB gets each figure but the buckets, with the school as a tag", (t) => {
  const points = pointsOf(samplesOf(STATUS, new Meter(() => 0).read(), 1000), 24, 5000);
  t.false(points.some(({ measurement }) => measurement?.endsWith("_bucket")));
  t.like(
    points.find(({ measurement }) => measurement === "trapeza_gateway_events_unsent"),
    { tags: { school: "24" }, fields: { value: 2 } },
  );
});
