import { parseArgs } from "node:util";
import { benchFirmware } from "./bench/firmware.js";
import { benchGateway } from "./bench/gateway.js";

/**
 * `bench firmware` measures the images and the wire, `bench gateway` the gateway beside the bare broker; `--json` prints the result as the last line,
 * `--keep` notes the images' memory in firmware/measured.json. 2 for a bench that there is none of.
 */
export async function run(args: string[]): Promise<number> {
  const { positionals, values } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      json: { type: "boolean", default: false },
      keep: { type: "boolean", default: false },
      terminals: { type: "string", default: "24" },
      seconds: { type: "string", default: "8" },
    },
  });
  const terminals = Number(values.terminals);
  const seconds = Number(values.seconds);
  if (!(Number.isInteger(terminals) && terminals >= 1 && terminals <= 200) || !(seconds >= 1 && seconds <= 3600)) {
    console.error("--terminals is a whole number from 1 to 200, --seconds a number from 1 to 3600.");
    return 2;
  }
  if (positionals[0] === "firmware") return benchFirmware(values.json, values.keep);
  if (positionals[0] === "gateway") return benchGateway(values.json, terminals, seconds);
  console.error("What is to be measured? There is: firmware, gateway.");
  return 2;
}
