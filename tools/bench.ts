import { parseArgs } from "node:util";
import { benchAll } from "./bench/all.js";
import { benchCatchUp } from "./bench/catchup.js";
import { benchCloud } from "./bench/cloud.js";
import { benchFirmware } from "./bench/firmware.js";
import { benchGateway } from "./bench/gateway.js";
import { benchJournal } from "./bench/journal.js";
import { benchPortal } from "./bench/portal.js";
import { benchSeptember } from "./bench/september.js";

/** What lies in memory twice, signed and as rows. */
const MOST_SALES = 20_000;
const SALES_AN_UPLOAD = 400;

/**
 * `bench firmware` measures the images and the wire, `bench gateway` the gateway beside the bare broker, `bench catchup` the morning after a month without
 * internet, `bench journal` the start on a journal of years; `bench cloud` the intake beside a bare insert, `bench september` a thousand schools at once,
 * `bench portal` a parent's page beside a bare route; `bench all` all of them but the firmware's. `--json` prints the result as the last line, `--keep`
 * notes the images' memory in firmware/measured.json, with `--stack BYTES` of the interpreter's stack, too. 2 for a bench that there is none of.
 */
export async function run(args: string[]): Promise<number> {
  const { positionals, values } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      json: { type: "boolean", default: false },
      keep: { type: "boolean", default: false },
      stack: { type: "string", default: "0" },
      terminals: { type: "string", default: "24" },
      seconds: { type: "string", default: "8" },
      operations: { type: "string", default: "100000" },
      days: { type: "string", default: "30" },
      events: { type: "string", default: "1000000" },
      accounts: { type: "string", default: "2000" },
      gateways: { type: "string", default: "1000" },
      rate: { type: "string", default: "580" },
      minutes: { type: "string", default: "20" },
    },
  });
  const terminals = Number(values.terminals);
  const seconds = Number(values.seconds);
  if (!(Number.isInteger(terminals) && terminals >= 1 && terminals <= 200) || !(seconds >= 1 && seconds <= 3600)) {
    console.error("--terminals is a whole number from 1 to 200, --seconds a number from 1 to 3600.");
    return 2;
  }
  if (positionals[0] === "all") return benchAll(values.json);
  if (positionals[0] === "firmware") {
    const stackBytes = Number(values.stack);
    if (Number.isInteger(stackBytes) && stackBytes >= 0) return benchFirmware(values.json, values.keep, stackBytes);
    console.error("--stack is the stack that ESPRUINO_BIN was made with, in bytes.");
    return 2;
  }
  if (positionals[0] === "gateway") return benchGateway(values.json, terminals, seconds);
  if (positionals[0] === "portal") return benchPortal(values.json, seconds);
  if (positionals[0] === "september") {
    const [gateways, salesPerSecond, minutes] = [Number(values.gateways), Number(values.rate), Number(values.minutes)];
    if (Number.isInteger(gateways) && gateways >= 1 && gateways <= 5000 && salesPerSecond > 0 && minutes > 0 && minutes <= 600)
      return benchSeptember(values.json, { gateways, salesPerSecond, seconds: minutes * 60 });
    console.error("--gateways is a whole number from 1 to 5000, --rate a number above 0, --minutes one up to 600.");
    return 2;
  }
  if (positionals[0] === "journal") {
    const [events, accounts] = [Number(values.events), Number(values.accounts)];
    if (Number.isInteger(events) && events >= 20_000 && Number.isInteger(accounts) && accounts >= 1 && accounts <= 10_000)
      return benchJournal(values.json, events, accounts);
    console.error("--events is a whole number from 20000, --accounts one from 1 to 10000.");
    return 2;
  }
  const operations = Number(values.operations);
  const days = Number(values.days);
  if (!(Number.isInteger(operations) && operations >= 1 && operations <= 10_000_000) || !(days > 0 && days <= 365)) {
    console.error("--operations is a whole number from 1 to 10000000, --days a number up to 365.");
    return 2;
  }
  if (positionals[0] === "cloud") return benchCloud(values.json, { events: Math.min(operations, MOST_SALES), batch: SALES_AN_UPLOAD });
  if (positionals[0] === "catchup") return benchCatchUp(values.json, operations, days);
  console.error("What is to be measured? There is: all, firmware, gateway, cloud, september, portal, catchup, journal.");
  return 2;
}
