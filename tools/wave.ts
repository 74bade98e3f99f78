/** `npm run tool -- wave`: lets a release into a school by waves, through the doors of a running gateway. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { programLines, readGatewayConfig, refusalLine, WrongSetting } from "@trapeza/gateway";
import type { GatewayConfig, GatewayStatus, WaveRefusal } from "@trapeza/gateway";

const USAGE = `wave show                                    how the releases get on
wave start --program <program>               begins with the one in releases/<program>.release of the gateway's folder
     [--first <terminal>] [--percents "5 25 100"] [--rest <minutes>] [--silent <minutes>]
wave pause | resume | next | back --program <program>   next: not waiting any longer; back: stop, and to the release before
Each with --gateway <the gateway's folder, or its settings>; data/gateway unless told.`;

const OPTIONS = {
  gateway: { type: "string", default: "data/gateway" },
  program: { type: "string" },
  first: { type: "string" },
  percents: { type: "string" },
  rest: { type: "string" },
  silent: { type: "string" },
} as const;

interface Door {
  readonly address: string;
  readonly headers: { readonly authorization: string };
}

function doorOf({ httpHost, httpPort, statusPassword }: GatewayConfig): Door {
  const authorization = `Basic ${Buffer.from(`wave:${statusPassword}`).toString("base64")}`;
  return { address: `http://${httpHost}:${httpPort}`, headers: { authorization } };
}

async function statusAt({ address, headers }: Door): Promise<GatewayStatus> {
  return (await (await fetch(`${address}/status.json`, { headers })).json()) as GatewayStatus;
}

function say(status: GatewayStatus): number {
  const lines = programLines(status);
  console.log(lines.length === 0 ? "No release is there to be given out." : lines.join("\n"));
  return 0;
}

/** 0 when it is done, 1 with a sentence when the gateway refuses or is not there, 2 for words that make no sense. */
export async function run(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({ args, options: OPTIONS, allowPositionals: true });
  const { gateway, ...fields } = values;
  const [deed] = positionals;
  if (!deed || (deed !== "show" && values.program === undefined)) {
    console.error(USAGE);
    return 2;
  }
  const file = existsSync(join(gateway, "settings.json")) ? join(gateway, "settings.json") : gateway;
  try {
    const door = doorOf(readGatewayConfig(file));
    if (deed === "show") return say(await statusAt(door));
    const body = new URLSearchParams({ deed, ...fields });
    const { status, headers } = await fetch(`${door.address}/waves`, { method: "POST", redirect: "manual", headers: door.headers, body });
    if (status === 303) return say(await statusAt(door));
    const refused = headers.get("x-refused") as WaveRefusal | null;
    console.error(refused === null ? USAGE : refusalLine(await statusAt(door), refused));
    return refused === null ? 2 : 1;
  } catch (error) {
    // What fetch throws when nobody listens there.
    if (error instanceof TypeError) console.error(`The gateway of ${file} does not answer.`);
    else if (error instanceof WrongSetting) console.error(error.message);
    else throw error;
    return 1;
  }
}
