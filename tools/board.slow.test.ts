/** The technician's tools on a real Espruino, over the network it listens on. */
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "ava";
import { listened, openEspruino, whyNoEspruino } from "./_board.test.js";
import { saveEnrolment } from "./board/enrolment.js";
import { run as enrol } from "./enrol.js";
import { run as flash } from "./flash.js";
import { run as selftest } from "./selftest.js";

const onEspruino = whyNoEspruino === "" ? test.serial : test.serial.skip;
const named = (what: string): string => (whyNoEspruino === "" ? what : `${what} (${whyNoEspruino})`);
process.env.LANG = "en_GB.UTF-8";

onEspruino(named("it takes program, words and fonts, and finds them there the next time"), async (t) => {
  const { address, close } = await openEspruino();
  t.teardown(() => close());
  const flashing = () => listened(() => flash(["--tcp", address, "--kind", "settlement", "--no-start"]));
  const first = await flashing();
  t.is(first.code, 0, first.said);
  t.regex(first.said, /LINUX/);
  t.regex((await flashing()).said, /\.bootcde: there already/);
  const file = join(tmpdir(), `trapeza-enrolment-${process.pid}.json`);
  saveEnrolment(file, { terminal: 2, kind: "settlement", key: "5a".repeat(32), host: "10.0.0.2", port: 1883, school: 24 });
  const enrolled = await listened(() => enrol(["--from", file, "--tcp", address]));
  t.is(enrolled.code, 0, enrolled.said);
  // A desktop has no display and no devices; every question must be understood all the same.
  const examined = await listened(() => selftest(["--tcp", address]));
  t.is(examined.code, 1);
  t.regex(examined.said, /✓ enrolment +settlement terminal 2, gateway 10\.0\.0\.2:1883/);
  t.regex(examined.said, /✓ files +as built here/);
  t.regex(examined.said, /card reader +silent/);
  t.notRegex(examined.said, /SyntaxError|ReferenceError: "(heard|reached)"|Got /);
  t.log(examined.said);
});
