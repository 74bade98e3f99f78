/** The technician's tools on a real Espruino, over the network it listens on. */
import test from "ava";
import { listened, openEspruino, whyNoEspruino } from "./_board.test.js";
import { run as flash } from "./flash.js";

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
});
