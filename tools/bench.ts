import { parseArgs } from "node:util";
import { benchFirmware } from "./bench/firmware.js";

/**
 * `bench firmware` measures the images and the wire; `--json` prints the result as the last line, `--keep` notes the memory in firmware/measured.json.
 * 2 for a bench that there is none of.
 */
export async function run(args: string[]): Promise<number> {
  const { positionals, values } = parseArgs({
    args,
    allowPositionals: true,
    options: { json: { type: "boolean", default: false }, keep: { type: "boolean", default: false } },
  });
  if (positionals[0] === "firmware") return benchFirmware(values.json, values.keep);
  console.error("What is to be measured? There is: firmware.");
  return 2;
}
