/** `npm run tool -- openapi`: what a running cloud says of its doors for machines, into a file. */
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";

const USAGE = "Usage: npm run tool -- openapi --from <the cloud's address> [--to docs/openapi.json]";

export async function run(args: string[]): Promise<number> {
  const { values } = parseArgs({ args, options: { from: { type: "string" }, to: { type: "string", default: "docs/openapi.json" } } });
  if (!values.from || !URL.canParse(values.from)) {
    console.error(USAGE);
    return 2;
  }
  const answer = await fetch(new URL("/api/openapi.json", values.from)).catch(() => null);
  if (!answer?.ok) {
    console.error("No cloud answers at " + values.from + ".");
    return 1;
  }
  writeFileSync(values.to, await answer.text());
  console.log("written to " + values.to);
  return 0;
}
