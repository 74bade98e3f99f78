/** The technician's tools on a real Espruino, over the network it listens on. */
import test from "ava";
import { listened, openEspruino, whyNoEspruino } from "./_board.test.js";
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
  // A desktop has no display and no devices; every question must be understood all the same.
  const examined = await listened(() => selftest(["--tcp", address, "--kind", "settlement"]));
  t.is(examined.code, 1);
  t.regex(examined.said, /✓ files +as built here/);
  t.regex(examined.said, /card reader +silent/);
  t.notRegex(examined.said, /SyntaxError|ReferenceError: "(heard|reached)"|Got /);
  t.log(examined.said);
});
